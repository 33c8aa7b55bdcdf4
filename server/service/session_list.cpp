// SPDX-License-Identifier: Apache-2.0
#include "server/service/session_list.h"

#include "server/service/fetch.h"

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr int rows_at_a_time = 5'000;

Result<void> add_sessions(
    ContentTransaction& tx, const Server& server, std::vector<SessionElsewhere>& out
) {
    SessionId after;
    for (;;) {
        auto page = tx.presence().connected_to(server.id, server.epoch, after, rows_at_a_time);
        if (!page)
            return pass(std::move(page).error());
        if (page->empty())
            return {};
        after = page->back().id;
        for (Connection& connection : *page)
            out.push_back({std::move(connection), server.fqdn});
    }
}

/// Not of a life that is over.
bool is_of(const std::vector<Server>& servers, const Connection& connection) {
    return std::any_of(servers.begin(), servers.end(), [&](const Server& server) {
        return server.id == connection.server && server.epoch == connection.epoch;
    });
}

}  // namespace

Result<std::vector<SessionElsewhere>> sessions_elsewhere(Chat& chat) {
    using Sessions = std::vector<SessionElsewhere>;
    const std::vector<Server> servers = chat.elsewhere().servers();
    if (servers.empty())
        return Sessions{};
    return fetch(
        chat.content(),
        "listing sessions",
        [&](ContentTransaction& tx) -> Result<Sessions> {
            Sessions out;
            for (const Server& server : servers)
                if (Result<void> added = add_sessions(tx, server, out); !added)
                    return pass(std::move(added).error());
            return out;
        }
    );
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
    return *found && is_of(servers, **found);
}

Result<std::vector<std::string>> open_elsewhere(Chat& chat, PrincipalId user) {
    std::vector<std::string> out;
    const std::vector<Server> servers = chat.elsewhere().servers();
    if (servers.empty())
        return out;
    auto found = fetch(chat.content(), "looking for sessions", [&](ContentTransaction& tx) {
        return tx.presence().of_user(user);
    });
    if (!found)
        return pass(std::move(found).error());
    for (Connection& one : *found)
        if (is_of(servers, one))
            out.push_back(std::move(one.uuid));
    return out;
}

}  // namespace pchat
