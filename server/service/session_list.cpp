// SPDX-License-Identifier: Apache-2.0
#include "server/service/session_list.h"

#include "server/service/fetch.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

using Sessions = std::vector<SessionElsewhere>;

/// What a uuid begins with: the millisecond that it was made in.
constexpr std::size_t millisecond_digits = 13;

std::string_view millisecond_of(std::string_view uuid) {
    return uuid.substr(0, millisecond_digits);
}

/// No uuid that was made then, or later, comes before it.
std::string begin_of(Microseconds at) {
    constexpr Microseconds latest = (Microseconds{1} << 48U) - 1;
    const Microseconds millisecond = std::clamp(at / 1000, Microseconds{0}, latest);
    return fmt::format("{:08x}-{:04x}", millisecond >> 16, millisecond & 0xFFFF);
}

SessionPlace place_of(const SessionElsewhere& one) {
    return {one.connection.connected_at, one.connection.uuid};
}

/// Null for one of a life that is over, or of this server.
const Server* server_of(const std::vector<Server>& servers, const Connection& connection) {
    const auto found = std::find_if(servers.begin(), servers.end(), [&](const Server& server) {
        return server.id == connection.server && server.epoch == connection.epoch;
    });
    return found == servers.end() ? nullptr : &*found;
}

void add_open(
    const std::vector<Server>& servers, std::vector<Connection>& connections, Sessions& out
) {
    for (Connection& one : connections)
        if (const Server* server = server_of(servers, one))
            out.push_back({std::move(one), server->fqdn});
}

/// In the order of the uuids, which is the wanted one but for those of the same millisecond: the
/// last of these has to be whole.
bool is_enough(const Sessions& found, std::size_t limit, const std::string& reached) {
    return found.size() >= limit &&
           millisecond_of(found[limit - 1].connection.uuid) < millisecond_of(reached);
}

Result<Sessions> read_behind(
    ContentTransaction& tx,
    const std::vector<Server>& servers,
    const SessionPlace& after,
    std::size_t limit
) {
    // And the one that it begins after, and one that ends the last millisecond.
    const int rows_at_a_time = static_cast<int>(limit) + 2;
    Sessions out;
    for (std::string reached = begin_of(after.connected_at); !is_enough(out, limit, reached);) {
        auto page = tx.presence().connections(reached, rows_at_a_time);
        if (!page)
            return pass(std::move(page).error());
        const bool is_last = static_cast<int>(page->size()) < rows_at_a_time;
        if (!page->empty())
            reached = page->back().uuid;
        add_open(servers, *page, out);
        std::erase_if(out, [&](const SessionElsewhere& one) { return place_of(one) <= after; });
        if (is_last)
            break;
    }
    std::sort(out.begin(), out.end(), [](const SessionElsewhere& a, const SessionElsewhere& b) {
        return place_of(a) < place_of(b);
    });
    if (out.size() > limit)
        out.resize(limit);
    return out;
}

}  // namespace

Result<Sessions> sessions_elsewhere(Chat& chat, const SessionPlace& after, std::size_t limit) {
    const std::vector<Server> servers = chat.elsewhere().servers();
    if (servers.empty() || limit == 0)
        return Sessions{};
    return fetch(chat.content(), "listing sessions", [&](ContentTransaction& tx) {
        return read_behind(tx, servers, after, limit);
    });
}

Result<Sessions> sessions_elsewhere(Chat& chat, PrincipalId user) {
    Sessions out;
    const std::vector<Server> servers = chat.elsewhere().servers();
    if (servers.empty())
        return out;
    auto found = fetch(chat.content(), "looking for sessions", [&](ContentTransaction& tx) {
        return tx.presence().of_user(user);
    });
    if (!found)
        return pass(std::move(found).error());
    add_open(servers, *found, out);
    return out;
}

Result<bool> is_open_elsewhere(Chat& chat, std::string_view uuid) {
    const std::vector<Server> servers = chat.elsewhere().servers();
    if (servers.empty())
        return false;
    const auto found = fetch(chat.content(), "looking for a session", [&](ContentTransaction& tx) {
        return tx.presence().find_uuid(uuid);
    });
    if (!found)
        return pass(found.error());
    return *found && server_of(servers, **found) != nullptr;
}

}  // namespace pchat
