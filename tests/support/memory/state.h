// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/domain/endpoint.h"
#include "server/domain/message.h"
#include "server/domain/policy.h"
#include "server/domain/presence.h"
#include "server/domain/principal.h"
#include "server/domain/purge.h"
#include "server/domain/room.h"
#include "server/domain/wall.h"
#include "server/store/deployment_store.h"
#include "server/store/search_store.h"
#include "tests/support/memory/refusal.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace pchat::test {

/// All tables of the content database. Copied at the begin of a transaction that writes, so that
/// nothing is left of one that fails.
struct MemoryState {
    Refusal refusal;               // of the transaction that runs
    Microseconds now = 1'000'000;  // the database's clock; rises with every look at it
    std::map<std::string, std::int64_t> next_ids;
    std::map<std::string, std::string> facts;
    std::map<ServerId, Server> servers;
    std::map<std::string, Lease> leases;
    std::map<std::pair<ServerId, std::int64_t>, LogEntry> log;
    std::map<std::pair<ServerId, std::int64_t>, OutboxEntry> outbox;
    std::map<std::int64_t, TopologyVersion> topologies;
    std::map<AuditId, AuditEntry> audit;

    std::map<std::tuple<ConfigKind, ConfigScope, std::string>, ConfigObject> config;
    std::map<PolicyId, Policy> policies;
    std::map<PrincipalId, PolicyGrant> grants;

    std::map<PrincipalId, Principal> principals;
    std::set<std::pair<PrincipalId, PrincipalId>> members;  // parent, child
    std::map<std::pair<PrincipalId, AdminRole>, AdminGrant> admin_roles;
    std::map<PrincipalId, Account> accounts;
    std::map<std::string, DirectoryProgress> directory;

    std::map<std::string, std::int64_t> names;  // of rooms and categories, by key: category ids < 0
    std::map<CategoryId, Category> categories;
    std::set<ScopeEntry> scope;
    std::map<AddinId, Addin> addins;
    std::map<RoomId, Room> rooms;
    std::map<RoomId, RoomHead> heads;
    std::set<RoleEntry> roles;
    std::map<std::pair<PrincipalId, std::int64_t>, Invitation> invitations;
    std::map<PrincipalId, std::int64_t> invitation_heads;
    std::map<WallId, Wall> walls;
    std::set<WallEntry> wall_sides;
    std::map<PurgeId, Purge> purges;
    std::map<EndpointId, Endpoint> endpoints;
    std::set<PurgedRole> purged_roles;

    std::map<std::pair<RoomId, std::int64_t>, Message> messages;
    std::map<std::pair<PrincipalId, std::string>, MessageKey> message_keys;
    std::set<std::tuple<PrincipalId, RoomId, std::int64_t>> mentions;
    std::map<std::pair<PrincipalId, RoomId>, ReadMark> marks;
    std::map<std::pair<PrincipalId, std::string>, KeywordWatch> keywords;
    std::map<FileId, StoredFile> files;

    std::map<std::pair<WordKey, Microseconds>, SearchBlock> search_blocks;
    std::map<std::pair<RoomId, std::int64_t>, SearchEntry> search_entries;
    std::map<RoomId, SearchProgress> search_progress;

    std::map<TokenId, Token> tokens;
    std::map<SessionId, Connection> connections;
    std::map<std::tuple<RoomId, PrincipalId, ServerId, std::int64_t>, Participant> participants;
};

/// Shows every value of a map until one is refused.
template <class Map, class T>
Result<void> show_all(const Map& map, const Visit<T>& visit) {
    for (const auto& entry : map)
        if (Result<void> seen = visit(entry.second); !seen)
            return seen;
    return {};
}

/// The values of a map that fit, in the order of their keys.
template <class Map, class Fits>
auto values_of(const Map& map, Fits fits, std::size_t limit = static_cast<std::size_t>(-1)) {
    std::vector<typename Map::mapped_type> out;
    for (const auto& entry : map)
        if (out.size() < limit && fits(entry.second))
            out.push_back(entry.second);
    return out;
}

/// The first of them.
template <class Map, class Fits>
auto value_of(const Map& map, Fits fits) {
    std::optional<typename Map::mapped_type> out;
    for (const auto& entry : map)
        if (!out && fits(entry.second))
            out = entry.second;
    return out;
}

/// A page of things that have name_sort and id.
template <class Map, class Fits>
auto page_of(const Map& map, const NamePosition& after, int limit, Fits fits) {
    auto out = values_of(map, [&](const auto& one) {
        return fits(one) &&
               std::tie(one.name_sort, one.id.value) > std::tie(after.name_sort, after.id);
    });
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
        return std::tie(a.name_sort, a.id) < std::tie(b.name_sort, b.id);
    });
    if (out.size() > static_cast<std::size_t>(limit))
        out.resize(static_cast<std::size_t>(limit));
    return out;
}

/// Replaces the thing with that id when its revision is still the one that was read.
template <class Map, class T>
Result<void> replace_unchanged(Map& map, const T& changed) {
    const auto there = map.find(changed.id);
    if (there == map.end() || there->second.revision != changed.revision)
        return fail(Errc::conflict, "it was changed or removed by somebody else");
    there->second = changed;
    ++there->second.revision;
    return {};
}

}  // namespace pchat::test
