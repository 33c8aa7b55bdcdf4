// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/former_sessions.h"

#include "base/uuid.h"
#include "server/compliance/chain.h"
#include "server/service/touched.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <map>
#include <span>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pchat {
namespace {

constexpr int portion = 1'000;
constexpr std::size_t rows_at_once = 500;

/// The fact that holds up to which number of its outbox a server has looked.
std::string mark_of(ServerId server) {
    return fmt::format("visits_ended_{}", server.value);
}

/// Joins and parts, each once whichever database it is found in, and what of them is open.
class Visits {
public:
    void add(const ArchivedEvent& event) {
        if (!seen_.insert(event.uuid).second)
            return;  // a commit whose answer was lost may have left it in the outbox twice
        if ((event.kind != compliance_join && event.kind != compliance_part) || !event.room_uuid ||
            !event.user_uuid)
            return;
        Visit& visit = visits_[{*event.room_uuid, *event.user_uuid}];
        visit.open += event.kind == compliance_join ? 1 : -1;
        if (event.kind == compliance_join)
            visit.body = event.body;
    }
    void add_waiting(const OutboxEntry& entry) { add(archived(entry, 0)); }

    /// Their ends: what was said of the join, as of now.
    [[nodiscard]] std::vector<OutboxEntry> ends(ServerId server, Microseconds now) const {
        std::vector<OutboxEntry> out;
        for (const auto& [who, visit] : visits_)
            for (std::int64_t i = 0; i < visit.open; ++i) {
                nlohmann::ordered_json body =
                    nlohmann::ordered_json::parse(visit.body, nullptr, false);
                body["at"] = now;
                body["kind"] = compliance_part;
                body["detail"] = "server-lost";
                out.push_back({server, 0, make_uuid(now), now, compliance_part, body.dump()});
            }
        return out;
    }

private:
    struct Visit {
        std::int64_t open = 0;  // a user may be there with several devices
        std::string body;
    };
    std::map<std::pair<std::string, std::string>, Visit> visits_;  // by room and user
    std::unordered_set<std::string> seen_;                         // by uuid
};

Result<std::int64_t> read_mark(ContentDatabase& content, ServerId server) {
    std::int64_t out = 0;
    Result<void> read = content.read("reading a fact", [&](ContentTransaction& tx) -> Result<void> {
        const auto text = tx.registry().fact(mark_of(server));
        if (!text)
            return pass(text.error());
        if (*text)
            std::from_chars((*text)->data(), (*text)->data() + (*text)->size(), out);
        return {};
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

// First those that wait: one that leaves in between has arrived when the archive is read.
Result<void> collect_waiting(
    ContentDatabase& content, ServerId server, std::int64_t after, Visits& visits
) {
    for (;;) {
        std::vector<OutboxEntry> page;
        Result<void> read =
            content.read("reading the outbox", [&](ContentTransaction& tx) -> Result<void> {
                auto found = tx.log().outbox_after(server, after, portion);
                if (!found)
                    return pass(std::move(found).error());
                page = std::move(*found);
                return {};
            });
        if (!read || page.empty())
            return read;
        for (const OutboxEntry& entry : page)
            visits.add_waiting(entry);
        after = page.back().n;
    }
}

Result<void> collect_archived(
    ArchiveDatabase& archive, ServerId server, std::int64_t after, Visits& visits
) {
    for (;;) {
        std::vector<ArchivedEvent> page;
        Result<void> read =
            archive.read("reading who came and went", [&](ArchiveStore& store) -> Result<void> {
                auto found = store.visits(server, after, portion);
                if (!found)
                    return pass(std::move(found).error());
                page = std::move(*found);
                return {};
            });
        if (!read || page.empty())
            return read;
        for (const ArchivedEvent& event : page)
            visits.add(event);
        after = page.back().n;
    }
}

Result<void> write_ends(
    ContentDatabase& content, Life life, Microseconds now, std::vector<OutboxEntry> ends
) {
    return content.write("ending former visits", [&](ContentTransaction& tx) -> Result<void> {
        const auto count = static_cast<std::int64_t>(ends.size());
        const auto self = tx.registry().advance(life.server, life.epoch, count);
        if (!self)
            return pass(self.error());
        std::int64_t n = self->outbox_n - count;
        for (OutboxEntry& entry : ends)
            entry.n = ++n;
        for (std::size_t i = 0; i < ends.size(); i += rows_at_once) {
            const std::size_t size = std::min(rows_at_once, ends.size() - i);
            if (Result<void> added =
                    tx.log().append_outbox(std::span<const OutboxEntry>{ends}.subspan(i, size));
                !added)
                return added;
        }
        if (Result<void> marked =
                tx.registry().put_fact(mark_of(life.server), fmt::format("{}", self->outbox_n));
            !marked)
            return marked;
        return tx.log().append({life.server, self->log_n, now, log_commit, log_text({})});
    });
}

}  // namespace

Result<std::size_t> end_former_sessions(
    ContentDatabase& content, ArchiveDatabase& archive, Life life, const Clock& clock
) {
    const Result<std::int64_t> mark = read_mark(content, life.server);
    if (!mark)
        return pass(mark.error());
    Visits visits;
    if (Result<void> read = collect_waiting(content, life.server, *mark, visits); !read)
        return pass(std::move(read).error());
    if (Result<void> read = collect_archived(archive, life.server, *mark, visits); !read)
        return pass(std::move(read).error());
    const Microseconds now = clock.now();
    std::vector<OutboxEntry> ends = visits.ends(life.server, now);
    const std::size_t count = ends.size();
    if (Result<void> written = write_ends(content, life, now, std::move(ends)); !written)
        return pass(std::move(written).error());
    return count;
}

}  // namespace pchat
