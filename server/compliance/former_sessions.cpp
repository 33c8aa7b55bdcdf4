// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/former_sessions.h"

#include "base/uuid.h"
#include "server/compliance/open_visits.h"
#include "server/compliance/visit_reader.h"
#include "server/service/fetch.h"
#include "server/service/touched.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace pchat {
namespace {

constexpr std::size_t portion = 2'000;
constexpr std::size_t rows_at_once = 500;

/// The fact that holds how far a server's visits were looked at.
std::string mark_of(ServerId server) {
    return fmt::format("visits_ended_{}", server.value);
}

Result<VisitMark> read_mark(ContentDatabase& content, ServerId server) {
    const auto text = fetch(content, "reading a fact", [&](ContentTransaction& tx) {
        return tx.registry().fact(mark_of(server));
    });
    if (!text)
        return pass(text.error());
    return read_visit_mark(text->value_or(""));
}

/// Nothing that is not true whoever writes it, and whenever: it needs no fence.
Result<void> write_mark(ContentDatabase& content, ServerId server, const VisitMark& mark) {
    return content.write("noting how far visits were looked at", [&](ContentTransaction& tx) {
        return tx.registry().put_fact(mark_of(server), write_visit_mark(mark));
    });
}

/// The end of a visit: what was said of the join, as of now.
OutboxEntry end_of(const std::string& join, ServerId server, Microseconds now) {
    nlohmann::ordered_json body = nlohmann::ordered_json::parse(join, nullptr, false);
    body["at"] = now;
    body["kind"] = compliance_part;
    body["detail"] = "server-lost";
    return {server, 0, make_uuid(now), now, compliance_part, body.dump()};
}

/// `is_last`: nobody is left, so nothing up to here need be looked at again.
Result<void> write_ends(
    ContentDatabase& content,
    Life life,
    Microseconds now,
    std::vector<OutboxEntry> ends,
    bool is_last
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
        if (is_last)
            if (Result<void> marked = tx.registry().put_fact(
                    mark_of(life.server), write_visit_mark({self->outbox_n, {}})
                );
                !marked)
                return marked;
        return tx.log().append({life.server, self->log_n, now, log_commit, log_text({})});
    });
}

/// False: it was not to go on.
Result<bool> read_visits(
    ContentDatabase& content,
    ArchiveDatabase& archive,
    ServerId server,
    OpenVisits& visits,
    const MayGoOn& go_on
) {
    const Result<VisitMark> mark = read_mark(content, server);
    if (!mark)
        return pass(mark.error());
    VisitReader reader{content, archive, server, mark->n};
    for (const std::int64_t join : mark->joins) {
        const auto found = reader.find(join);
        if (!found)
            return pass(found.error());
        if (*found)
            visits.add(**found);
    }
    for (;;) {
        const auto events = reader.next();
        if (!events)
            return pass(events.error());
        for (const ArchivedEvent& event : *events)
            visits.add(event);
        if (reader.at_end())
            return true;
        if (const std::optional<VisitMark> settled = visits.settle(reader.position()))
            if (Result<void> marked = write_mark(content, server, *settled); !marked)
                return pass(std::move(marked).error());
        const Result<bool> more = go_on();
        if (!more || !*more)
            return more;
    }
}

}  // namespace

Result<FormerSessions> end_former_sessions(
    ContentDatabase& content,
    ArchiveDatabase& archive,
    Life life,
    const Clock& clock,
    const MayGoOn& go_on
) {
    FormerSessions out;
    OpenVisits visits;
    const Result<bool> read = read_visits(content, archive, life.server, visits, go_on);
    if (!read)
        return pass(read.error());
    if (!*read)
        return out;
    for (;;) {
        const Microseconds now = clock.now();
        std::vector<OutboxEntry> ends;
        for (const std::string& join : visits.take(portion))
            ends.push_back(end_of(join, life.server, now));
        const std::size_t count = ends.size();
        const bool is_last = visits.empty();
        if (Result<void> written = write_ends(content, life, now, std::move(ends), is_last);
            !written)
            return pass(std::move(written).error());
        out.ended += count;
        out.all = is_last;
        if (is_last)
            return out;
        const Result<bool> more = go_on();
        if (!more)
            return pass(more.error());
        if (!*more)
            return out;
    }
}

}  // namespace pchat
