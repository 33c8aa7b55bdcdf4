// SPDX-License-Identifier: Apache-2.0
#include "server/service/log_reader.h"

#include <utility>

namespace pchat {
namespace {

constexpr int entries_at_a_time = 500;

}  // namespace

Result<void> LogReader::begin(ContentTransaction& tx) {
    const auto servers = tx.registry().list();
    if (!servers)
        return pass(servers.error());
    cursors_.clear();
    for (const Server& server : *servers)
        cursors_.emplace(server.id, server.log_n);
    return {};
}

Result<bool> LogReader::read(
    ContentTransaction& tx, const std::function<void(const Server&, const LogBody&)>& use
) {
    auto servers = tx.registry().list();
    if (!servers)
        return pass(std::move(servers).error());
    servers_ = std::move(*servers);
    unreadable_.clear();
    reached_ = cursors_;
    const bool first = knows_nothing();
    bool all = !first;
    for (const Server& server : servers_) {
        if (beyond_ == server.id)
            continue;
        // Of a server that joined the pool meanwhile, everything is new.
        std::int64_t& cursor =
            reached_.try_emplace(server.id, first ? server.log_n : 0).first->second;
        const Result<bool> whole = read_one(tx, server, cursor, use);
        if (!whole)
            return whole;
        all = all && *whole;
    }
    return all;
}

LogReader::Place LogReader::take(ServerId server, std::int64_t n) {
    const auto cursor = cursors_.find(server);
    if (cursor == cursors_.end() || cursor->second + 1 < n)
        return Place::beyond;
    if (cursor->second >= n)
        return Place::known;
    cursor->second = n;
    return Place::next;
}

Result<bool> LogReader::read_one(
    ContentTransaction& tx,
    const Server& server,
    std::int64_t& cursor,
    const std::function<void(const Server&, const LogBody&)>& use
) {
    // The database has been put back to an earlier state: what is written since bears numbers that
    // were read already.
    if (cursor > server.log_n) {
        cursor = server.log_n;
        return false;
    }
    bool all = true;
    while (cursor < server.log_n) {
        const auto entries = tx.log().after(server.id, cursor, entries_at_a_time);
        if (!entries)
            return pass(entries.error());
        if (entries->empty() || entries->front().n != cursor + 1) {  // trimmed
            cursor = server.log_n;
            return false;
        }
        for (const LogEntry& entry : *entries) {
            cursor = entry.n;
            // It would stand in the way of all that comes after it.
            if (const Result<LogBody> body = read_log_text(entry.body)) {
                use(server, *body);
            } else {
                unreadable_.push_back({server.fqdn, entry.n, body.error().message});
                all = false;
            }
        }
    }
    return all;
}

}  // namespace pchat
