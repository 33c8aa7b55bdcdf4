// SPDX-License-Identifier: Apache-2.0
#include "server/api/figures.h"

#include "server/wire/json_text.h"

#include <utility>

namespace pchat::api {

std::string_view bus_word(const PoolHealth& pool) {
    return !pool.has_bus ? "none" : pool.linked ? "ok" : "away";
}

Figures::Counts Figures::count() const {
    return {chat_.clock().steady(), chat_.commit_counts().messages, hub_.counts().commit.counts()};
}

std::string Figures::take() {
    const Counts now = count();
    const Counts before = std::exchange(before_, now);
    const std::chrono::duration<double> time = now.at - before.at;
    const auto messages = static_cast<double>(now.messages - before.messages);
    const PoolHealth pool = health_.pool ? health_.pool() : PoolHealth{};
    std::string out = "{";
    wire::FieldWriter fields{out};
    fields.number("rooms", static_cast<std::int64_t>(chat_.book().in_use().size()))
        .number("limit", hub_.most_sessions())
        .number(
            "messages_per_minute",
            time.count() > 0 ? static_cast<std::int64_t>(messages * 60 / time.count()) : 0
        )
        .number("commit_p99_us", quantile(before.commits, now.commits, 990))
        .text("bus", bus_word(pool))
        .number("bus_lost", static_cast<std::int64_t>(pool.lost))
        .boolean("follows", pool.follows)
        .number("waiting_messages", static_cast<std::int64_t>(chat_.commit_counts().waiting));
    out += '}';
    return out;
}

}  // namespace pchat::api
