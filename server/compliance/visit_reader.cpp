// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/visit_reader.h"

#include "server/compliance/chain.h"
#include "server/service/fetch.h"

#include <algorithm>
#include <limits>
#include <map>
#include <utility>

namespace pchat {
namespace {

constexpr int portion = 1'000;
constexpr std::int64_t the_end = std::numeric_limits<std::int64_t>::max();

/// The number up to which a page that begins behind some number has everything.
template <class Row>
std::int64_t reach_of(const std::vector<Row>& page) {
    return page.size() < static_cast<std::size_t>(portion) ? the_end : page.back().n;
}

}  // namespace

Result<void> VisitReader::read_waiting() {
    auto page = fetch(content_, "reading the outbox", [&](ContentTransaction& tx) {
        return tx.log().outbox_after(server_, position_, portion);
    });
    if (!page)
        return pass(std::move(page).error());
    waiting_ = std::move(*page);
    waiting_up_to_ = reach_of(waiting_);
    return {};
}

Result<std::vector<ArchivedEvent>> VisitReader::archived_after(std::int64_t n, int limit) {
    std::vector<ArchivedEvent> out;
    Result<void> read =
        archive_.read("reading who came and went", [&](ArchiveStore& store) -> Result<void> {
            auto found = store.visits(server_, n, limit);
            if (!found)
                return pass(std::move(found).error());
            out = std::move(*found);
            return {};
        });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

Result<std::vector<ArchivedEvent>> VisitReader::next() {
    // First those that wait: one that leaves in between has arrived when the archive is read.
    if (waiting_up_to_ <= position_)
        if (Result<void> read = read_waiting(); !read)
            return pass(std::move(read).error());
    Result<std::vector<ArchivedEvent>> arrived = archived_after(position_, portion);
    if (!arrived)
        return arrived;
    const std::int64_t up_to = std::min(waiting_up_to_, reach_of(*arrived));
    // An event may be in both: a crash has kept the shipper from erasing it.
    std::map<std::int64_t, ArchivedEvent> merged;
    for (const OutboxEntry& entry : waiting_)
        if (entry.n > position_ && entry.n <= up_to)
            merged.emplace(entry.n, archived(entry, 0));
    for (ArchivedEvent& event : *arrived)
        if (event.n <= up_to)
            merged.emplace(event.n, std::move(event));
    at_end_ = up_to == the_end;
    position_ = up_to;
    std::vector<ArchivedEvent> out;
    for (auto& [n, event] : merged)
        out.push_back(std::move(event));
    return out;
}

Result<std::optional<ArchivedEvent>> VisitReader::find(std::int64_t n) {
    const auto waiting = fetch(content_, "reading the outbox", [&](ContentTransaction& tx) {
        return tx.log().outbox_after(server_, n - 1, 1);
    });
    if (!waiting)
        return pass(waiting.error());
    if (!waiting->empty() && waiting->front().n == n)
        return archived(waiting->front(), 0);
    auto arrived = archived_after(n - 1, 1);
    if (!arrived)
        return pass(std::move(arrived).error());
    if (arrived->empty() || arrived->front().n != n)
        return std::nullopt;
    return std::move(arrived->front());
}

}  // namespace pchat
