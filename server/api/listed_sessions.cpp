// SPDX-License-Identifier: Apache-2.0
#include "server/api/listed_sessions.h"

#include "base/time_text.h"
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/api/wire_names.h"
#include "server/domain/name.h"
#include "server/domain/name_filter.h"
#include "server/service/list_cursor.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>
#include <utility>

namespace pchat::api {
namespace {

ListedSessions merged(
    const Chat& chat, std::vector<SessionFacts> here, std::vector<SessionElsewhere> elsewhere
) {
    ListedSessions out;
    for (SessionFacts& facts : here)
        out.push_back({std::move(facts), chat.facts().fqdn});
    for (SessionElsewhere& one : elsewhere) {
        Connection& there = one.connection;
        out.push_back(
            {{std::move(there.uuid),
              there.user,
              there.token.value_or(TokenId{}),
              std::move(there.address),
              there.connected_at},
             std::move(one.server),
             false}
        );
    }
    std::sort(out.begin(), out.end(), [](const ListedSession& a, const ListedSession& b) {
        return a.place() < b.place();
    });
    return out;
}

/// The first `limit` behind that place.
Result<ListedSessions> sessions_behind(Call& call, const SessionPlace& after, std::size_t limit) {
    Chat& chat = call.services.chat;
    auto others = sessions_elsewhere(chat, after, limit);
    if (!others)
        return pass(std::move(others).error());
    ListedSessions out = merged(chat, call.services.hub.list(after, limit), std::move(*others));
    if (out.size() > limit)
        out.resize(limit);
    return out;
}

/// By name, server or address.
void keep_fitting(Call& call, const NameFilter& filter, ListedSessions& sessions) {
    if (filter.empty())
        return;
    call.services.chat.directory().read([&](const DirectoryState& state) {
        return std::erase_if(sessions, [&](const ListedSession& one) {
            return !filter.fits(written(state, one.facts.user)) &&
                   !filter.fits(one.facts.address) && !filter.fits(one.server);
        });
    });
}

/// As it is written; nothing when there is no such user.
std::optional<PrincipalId> user_called(const Call& call, std::string_view text) {
    constexpr std::string_view prefix = "sip:";
    const std::string wanted = lower_ascii(text);
    if (!wanted.starts_with(prefix))
        return std::nullopt;
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> std::optional<PrincipalId> {
            const KnownPrincipal* known =
                state.principal_named(PrincipalKind::user, name_key(wanted.substr(prefix.size())));
            if (known == nullptr || lower_ascii(known->written()) != wanted)
                return std::nullopt;
            return known->id;
        }
    );
}

/// Where the page before ended.
Result<SessionPlace> read_place(const std::optional<std::string>& cursor) {
    if (!cursor)
        return SessionPlace{};
    const std::size_t blank = std::min(cursor->find(' '), cursor->size());
    const auto at = parse_time(cursor->substr(0, blank));
    if (!at || blank == cursor->size())
        return bad_cursor();
    return SessionPlace{*at, cursor->substr(blank + 1)};
}

}  // namespace

Result<ListedSessions> sessions_of(Call& call, PrincipalId user) {
    Chat& chat = call.services.chat;
    auto others = sessions_elsewhere(chat, user);
    if (!others)
        return pass(std::move(others).error());
    return merged(chat, call.services.hub.list(user), std::move(*others));
}

// Of a filter that few fit, much is read, but once and not for each page.
Result<ListedSessions> find_sessions(Call& call, std::size_t wanted) {
    constexpr std::size_t most_at_a_time = 5'000;
    Result<SessionPlace> after = read_place(call.cursor());
    if (!after)
        return pass(std::move(after).error());
    const NameFilter filter{text_of(call, "filter")};
    if (const std::string name = text_of(call, "user"); !name.empty()) {
        const std::optional<PrincipalId> user = user_called(call, name);
        if (!user)
            return ListedSessions{};
        Result<ListedSessions> found = sessions_of(call, *user);
        if (found)
            keep_fitting(call, filter, *found);
        return found;
    }
    ListedSessions out;
    for (std::size_t limit = wanted;; limit = most_at_a_time) {
        Result<ListedSessions> found = sessions_behind(call, *after, limit);
        if (!found)
            return found;
        const bool is_last = found->size() < limit;
        if (!found->empty())
            *after = found->back().place();
        keep_fitting(call, filter, *found);
        out.insert(
            out.end(),
            std::make_move_iterator(found->begin()),
            std::make_move_iterator(found->end())
        );
        if (is_last || out.size() >= wanted)
            return out;
    }
}

}  // namespace pchat::api
