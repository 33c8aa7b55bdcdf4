// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_loader.h"

#include <iterator>

namespace pchat {
namespace {

Result<std::unordered_map<PrincipalId, PolicyId>> read_grants(PolicyStore& store) {
    std::unordered_map<PrincipalId, PolicyId> out;
    Result<void> read = store.each_grant([&](const PolicyGrant& grant) {
        out.insert_or_assign(grant.user, grant.policy);
        return Result<void>{};
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

template <class T>
void append(std::vector<T>& to, std::vector<T> from) {
    std::move(from.begin(), from.end(), std::back_inserter(to));
}

Result<void> reread_principals(ContentTransaction& tx, const Touched& touched, Reread& out) {
    for (const PrincipalId id : touched.principals) {
        auto found = tx.principals().find(id);
        if (!found)
            return pass(std::move(found).error());
        if (!*found)
            continue;
        out.principals.push_back(std::move(**found));
        const auto parents = tx.principals().parents(id);
        if (!parents)
            return pass(parents.error());
        for (const PrincipalId parent : *parents)
            out.memberships.push_back({parent, id});
    }
    return tx.principals().each_role([&](const AdminGrant& grant) {
        out.admins.push_back(grant);
        return Result<void>{};
    });
}

Result<void> reread_categories(ContentTransaction& tx, const Touched& touched, Reread& out) {
    for (const CategoryId id : touched.categories) {
        auto found = tx.categories().find(id);
        if (!found)
            return pass(std::move(found).error());
        if (!*found)
            continue;
        out.categories.push_back(std::move(**found));
        auto scope = tx.categories().scope(id);
        if (!scope)
            return pass(std::move(scope).error());
        append(out.scope, std::move(*scope));
    }
    return {};
}

Result<void> reread_rooms(ContentTransaction& tx, const Touched& touched, Reread& out) {
    for (const RoomId id : touched.rooms) {
        auto found = tx.rooms().find(id);
        if (!found)
            return pass(std::move(found).error());
        if (!*found)
            continue;
        out.rooms.push_back(std::move(**found));
        auto roles = tx.rooms().roles(id);
        if (!roles)
            return pass(std::move(roles).error());
        append(out.roles, std::move(*roles));
    }
    return {};
}

Result<void> reread_settings(ContentTransaction& tx, const Touched& touched, Reread& out) {
    if (touched.policies) {
        auto policies = tx.policies().list();
        if (!policies)
            return pass(std::move(policies).error());
        out.policies = std::move(*policies);
        auto grants = read_grants(tx.policies());
        if (!grants)
            return pass(std::move(grants).error());
        out.grants = std::move(*grants);
    }
    // They depend on the site that the topology has for this pool.
    if (touched.config || touched.topology) {
        auto config = tx.config().list();
        if (!config)
            return pass(std::move(config).error());
        out.config = std::move(*config);
    }
    if (touched.addins) {
        auto addins = tx.addins().list();
        if (!addins)
            return pass(std::move(addins).error());
        out.addins = std::move(*addins);
    }
    return {};
}

Result<void> reread_walls(ContentTransaction& tx, const Touched& touched, Reread& out) {
    if (!touched.walls)
        return {};
    auto walls = tx.walls().list();
    if (!walls)
        return pass(std::move(walls).error());
    out.walls = std::move(*walls);
    auto sides = tx.walls().sides();
    if (!sides)
        return pass(std::move(sides).error());
    out.sides = std::move(*sides);
    return {};
}

Result<void> reread_topology(ContentTransaction& tx, const Touched& touched, Reread& out) {
    if (!touched.topology)
        return {};
    const auto latest = tx.topologies().latest();
    if (!latest)
        return pass(latest.error());
    if (*latest)
        out.topology = read_published(**latest);
    return {};
}

}  // namespace

Result<Reread> reread(ContentTransaction& tx, const Touched& touched) {
    Reread out;
    for (const auto& part :
         {reread_principals,
          reread_categories,
          reread_rooms,
          reread_settings,
          reread_walls,
          reread_topology})
        if (Result<void> read = part(tx, touched, out); !read)
            return pass(std::move(read).error());
    return out;
}

Result<void> Directory::load(ContentDatabase& content) {
    const std::lock_guard one_at_a_time{changing_};
    DirectoryState fresh{read([](const DirectoryState& state) { return state.home_as_set(); })};
    Result<void> read = content.read("reading the directory", [&](ContentTransaction& tx) {
        fresh = DirectoryState{fresh.home_as_set()};  // the work may run twice
        return DirectoryLoader{fresh}.read_all(tx);
    });
    if (!read)
        return read;
    const std::unique_lock lock{mutex_};
    state_ = std::move(fresh);
    ++generation_;
    ++people_generation_;
    return {};
}

Result<void> Directory::refresh(ContentDatabase& content, const Touched& touched) {
    const std::lock_guard one_at_a_time{changing_};
    Reread found;
    Result<void> read = content.read("reading what changed", [&](ContentTransaction& tx) {
        Result<Reread> got = reread(tx, touched);
        if (!got)
            return Result<void>{pass(std::move(got).error())};
        found = std::move(*got);
        return Result<void>{};
    });
    if (!read)
        return read;
    const std::unique_lock lock{mutex_};
    DirectoryLoader{state_}.replace(touched, std::move(found));
    ++generation_;
    if (touched.concerns_people())
        ++people_generation_;
    return {};
}

void DirectoryLoader::replace(const Touched& touched, Reread found) {
    for (const PrincipalId id : touched.principals)
        erase(id);
    for (const CategoryId id : touched.categories)
        erase(id);
    for (const RoomId id : touched.rooms)
        erase(id);
    for (const Principal& principal : found.principals)
        put(principal);
    for (const Membership& membership : found.memberships)
        put(membership);
    for (const AdminGrant& grant : found.admins)
        put(grant);
    for (const Category& category : found.categories)
        put(category);
    for (const ScopeEntry& entry : found.scope)
        put(entry);
    for (const Room& room : found.rooms)
        put(room);
    for (const RoleEntry& entry : found.roles)
        put(entry);
    for (const CategoryId id : touched.categories)
        settle(id);
    for (const RoomId id : touched.rooms)
        settle(id);
    if (touched.topology)
        put_topology(std::move(found.topology));
    if (touched.policies)
        put_policies(std::move(found.policies), std::move(found.grants));
    if (touched.config || touched.topology)
        put_config(found.config);
    if (touched.addins) {
        erase_addins();
        for (Addin& addin : found.addins)
            put(std::move(addin));
    }
    if (touched.walls)
        put_walls(std::move(found.walls), found.sides);
}

}  // namespace pchat
