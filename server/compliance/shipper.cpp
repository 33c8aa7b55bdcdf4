// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/shipper.h"

#include "server/compliance/chain.h"
#include "server/service/fetch.h"

#include <optional>
#include <unordered_set>
#include <utility>

namespace pchat {
namespace {

constexpr int portion = 500;
constexpr std::chrono::microseconds lease_time = std::chrono::seconds{30};

/// Those that have not arrived before.
Result<std::vector<ArchivedEvent>> news(
    ArchiveStore& store, const std::vector<OutboxEntry>& entries, Microseconds now
) {
    std::vector<std::string> uuids;
    for (const OutboxEntry& entry : entries)
        uuids.push_back(entry.uuid);
    Result<std::vector<std::string>> known = store.known(uuids);
    if (!known)
        return pass(std::move(known).error());
    // A commit whose answer was lost may have left an event in the outbox twice.
    std::unordered_set<std::string> seen{known->begin(), known->end()};
    std::vector<ArchivedEvent> out;
    for (const OutboxEntry& entry : entries)
        if (seen.insert(entry.uuid).second)
            out.push_back(archived(entry, now));
    return out;
}

Batch batch_of(const ChainHead& head, const std::vector<ArchivedEvent>& events, Microseconds now) {
    Batch out;
    out.id = head.last_batch + 1;
    out.first_event = events.front().id;
    out.last_event = events.back().id;
    out.event_count = static_cast<std::int64_t>(events.size());
    out.previous_hash = head.last_batch_hash;
    out.hash = batch_hash(head.last_batch_hash, events);
    out.closed_at = now;
    return out;
}

}  // namespace

Shipper::Shipper(
    ContentDatabase& content,
    ArchiveDatabase& archive,
    Life life,
    const std::string& server_name,
    const Clock& clock
)
    : content_(content), archive_(archive), clock_(clock),
      lease_(content, "compliance-shipper", life, server_name, lease_time) {}

Result<std::vector<ServerId>> Shipper::origins() {
    const auto servers = fetch(content_, "listing servers", [](ContentTransaction& tx) {
        return tx.registry().list();
    });
    if (!servers)
        return pass(servers.error());
    std::vector<ServerId> out;
    for (const Server& server : *servers)
        out.push_back(server.id);
    return out;
}

Result<std::size_t> Shipper::ship() {
    const Result<bool> ours = lease_.take();
    if (!ours)
        return pass(ours.error());
    if (!*ours)
        return std::size_t{0};
    const Result<std::vector<ServerId>> from = origins();
    if (!from)
        return pass(from.error());
    std::size_t out = 0;
    for (const ServerId origin : *from)
        while (!stopping_) {
            const Result<std::size_t> moved = ship_portion(origin);
            if (!moved)
                return pass(moved.error());
            out += *moved;
            if (*moved < portion)
                break;
            if (const Result<bool> still = lease_.take(); !still || !*still)
                return still ? Result<std::size_t>{out} : Result<std::size_t>{pass(still.error())};
        }
    return out;
}

Result<std::size_t> Shipper::ship_portion(ServerId origin) {
    const auto entries = fetch(content_, "reading the outbox", [&](ContentTransaction& tx) {
        return tx.log().outbox(origin, portion);
    });
    if (!entries)
        return pass(entries.error());
    if (entries->empty())
        return std::size_t{0};
    if (Result<void> archived = archive_portion(*entries); !archived)
        return pass(std::move(archived).error());
    Result<void> erased = content_.write("emptying the outbox", [&](ContentTransaction& tx) {
        return tx.log().erase_outbox(origin, entries->back().n);
    });
    if (!erased)
        return pass(std::move(erased).error());
    return entries->size();
}

Result<void> Shipper::archive_portion(const std::vector<OutboxEntry>& entries) {
    return archive_.write("archiving events", [&](ArchiveStore& store) -> Result<void> {
        const Microseconds now = clock_.now();
        Result<std::vector<ArchivedEvent>> events = news(store, entries, now);
        if (!events)
            return pass(std::move(events).error());
        const auto count = static_cast<std::int64_t>(events->size());
        // Also with nothing new: it says whether somebody with a newer lease was here.
        const Result<ChainHead> head = store.advance(lease_.fencing_token(), count);
        if (!head)
            return pass(head.error());
        std::int64_t id = head->last_event - count;
        for (ArchivedEvent& event : *events)
            event.id = ++id;
        if (Result<void> inserted = store.insert(*events); !inserted)
            return inserted;
        if (!events->empty())
            if (Result<void> closed = store.close_batch(batch_of(*head, *events, now)); !closed)
                return closed;
        return store.put_cursor({entries.back().origin, entries.back().n, now});
    });
}

}  // namespace pchat
