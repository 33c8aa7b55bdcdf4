// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_loader.h"

#include "base/unicode.h"
#include "server/domain/name.h"
#include "server/service/chat_config.h"

#include <algorithm>

namespace pchat {
namespace {

std::string index_key(PrincipalKind kind, std::string_view name_key) {
    return std::to_string(static_cast<int>(kind)) + std::string{name_key};
}

std::string local_part(const KnownPrincipal& principal) {
    return fold_case(std::string_view{principal.name}.substr(0, principal.name.find('@')));
}

void sort_unique(std::vector<PrincipalId>& list) {
    std::sort(list.begin(), list.end());
    list.erase(std::unique(list.begin(), list.end()), list.end());
    list.shrink_to_fit();
}

/// Streams what a store has into the loader.
template <class T, class Store>
Result<void> take(
    DirectoryLoader& loader, Store& store, Result<void> (Store::*each)(const Visit<T>&)
) {
    return (store.*each)([&](const T& one) {
        loader.put(one);
        return Result<void>{};
    });
}

}  // namespace

void DirectoryLoader::put(const Principal& principal) {
    erase(principal.id);
    KnownPrincipal known;
    known.id = principal.id;
    known.kind = principal.kind;
    known.state = principal.state;
    known.uuid = principal.uuid;
    known.name = principal.name;
    known.name_key = principal.name_key;
    known.display = principal.display_name;
    known.site = principal.site;
    state_.principal_names_.insert_or_assign(index_key(known.kind, known.name_key), principal.id);
    if (known.kind == PrincipalKind::user)
        state_.local_parts_.emplace(local_part(known), principal.id);
    if (known.kind == PrincipalKind::system && known.name == "everyone")
        state_.everyone_ = principal.id.value;
    state_.principals_.insert_or_assign(principal.id, std::move(known));
}

void DirectoryLoader::put(const Category& category) {
    erase(category.id);
    KnownCategory known;
    known.category = category;
    known.name_key = name_key(category.name);
    state_.category_names_.insert_or_assign(known.name_key, category.id);
    state_.category_names_.insert_or_assign(category.uuid, category.id);
    state_.categories_.insert_or_assign(category.id, std::move(known));
}

void DirectoryLoader::put(const Room& room) {
    erase(room.id);
    KnownRoom known;
    known.room = room;
    known.name_key = name_key(room.name);
    state_.room_names_.insert_or_assign(known.name_key, room.id);
    state_.room_names_.insert_or_assign(room.uuid, room.id);
    state_.rooms_.insert_or_assign(room.id, std::move(known));
}

void DirectoryLoader::put(const ScopeEntry& entry) {
    const auto found = state_.categories_.find(entry.category);
    if (found == state_.categories_.end())
        return;
    KnownCategory& known = found->second;
    switch (entry.kind) {
    case ScopeKind::allowed:
        known.allowed.push_back(entry.principal);
        break;
    case ScopeKind::denied:
        known.denied.push_back(entry.principal);
        break;
    case ScopeKind::creator:
        known.creators.push_back(entry.principal);
        break;
    }
}

void DirectoryLoader::put(const RoleEntry& entry) {
    const auto found = state_.rooms_.find(entry.room);
    if (found == state_.rooms_.end())
        return;
    KnownRoom& known = found->second;
    switch (entry.role) {
    case RoomRole::member:
        known.members.push_back(entry.principal);
        break;
    case RoomRole::manager:
        known.managers.push_back(entry.principal);
        break;
    case RoomRole::presenter:
        known.presenters.push_back(entry.principal);
        break;
    }
}

void DirectoryLoader::put(const AdminGrant& grant) {
    const auto found = state_.principals_.find(grant.principal);
    if (found != state_.principals_.end())
        found->second.roles = static_cast<std::uint8_t>(
            found->second.roles | (1U << static_cast<unsigned>(grant.role))
        );
}

void DirectoryLoader::put(const Membership& membership) {
    const auto found = state_.principals_.find(membership.child);
    if (found != state_.principals_.end())
        found->second.parents.push_back(membership.parent);
}

void DirectoryLoader::put(Addin addin) {
    const AddinId id = addin.id;
    state_.addins_.insert_or_assign(id, std::move(addin));
}

void DirectoryLoader::put_policies(
    std::vector<Policy> policies, std::unordered_map<PrincipalId, PolicyId> grants
) {
    state_.policies_ = std::move(policies);
    state_.grants_ = std::move(grants);
}

void DirectoryLoader::put_config(const std::vector<ConfigObject>& objects) {
    state_.config_ = effective_chat_config(objects, state_.home_);
}

void DirectoryLoader::put_walls(std::vector<Wall> walls, const std::vector<WallEntry>& sides) {
    state_.walls_.clear();
    for (Wall& wall : walls) {
        KnownWall known;
        for (const WallEntry& one : sides)
            if (one.wall == wall.id)
                (one.side == WallFace::a ? known.a : known.b).push_back(one.principal);
        sort_unique(known.a);
        sort_unique(known.b);
        known.wall = std::move(wall);
        state_.walls_.push_back(std::move(known));
    }
}

void DirectoryLoader::put_topology(PublishedTopology topology) {
    state_.topology_ = std::move(topology);
    state_.home_ = state_.set_;
    if (const auto* pool = state_.topology_.pool(state_.home_.pool);
        pool != nullptr && state_.home_.site.empty())
        state_.home_.site = pool->site;
}

void DirectoryLoader::erase(PrincipalId id) {
    const auto found = state_.principals_.find(id);
    if (found == state_.principals_.end())
        return;
    const KnownPrincipal& known = found->second;
    state_.principal_names_.erase(index_key(known.kind, known.name_key));
    const auto [begin, end] = state_.local_parts_.equal_range(local_part(known));
    for (auto each = begin; each != end; ++each)
        if (each->second == id) {
            state_.local_parts_.erase(each);
            break;
        }
    state_.principals_.erase(found);
}

void DirectoryLoader::erase(CategoryId id) {
    const auto found = state_.categories_.find(id);
    if (found == state_.categories_.end())
        return;
    state_.category_names_.erase(found->second.name_key);
    state_.category_names_.erase(found->second.category.uuid);
    state_.categories_.erase(found);
}

void DirectoryLoader::erase(RoomId id) {
    const auto found = state_.rooms_.find(id);
    if (found == state_.rooms_.end())
        return;
    state_.room_names_.erase(found->second.name_key);
    state_.room_names_.erase(found->second.room.uuid);
    state_.rooms_.erase(found);
}

void DirectoryLoader::settle(CategoryId id) {
    const auto found = state_.categories_.find(id);
    if (found == state_.categories_.end())
        return;
    for (auto* list : {&found->second.allowed, &found->second.denied, &found->second.creators})
        sort_unique(*list);
}

void DirectoryLoader::settle(RoomId id) {
    const auto found = state_.rooms_.find(id);
    if (found == state_.rooms_.end())
        return;
    for (auto* list : {&found->second.members, &found->second.managers, &found->second.presenters})
        sort_unique(*list);
}

void DirectoryLoader::settle_all() {
    for (const auto& [id, category] : state_.categories_)
        settle(id);
    for (const auto& [id, room] : state_.rooms_)
        settle(id);
}

Result<void> DirectoryLoader::read_all(ContentTransaction& tx) {
    // Objects before what speaks of them.
    if (auto read = take<Principal>(*this, tx.principals(), &PrincipalStore::each); !read)
        return read;
    if (auto read = take<Membership>(*this, tx.principals(), &PrincipalStore::each_membership);
        !read)
        return read;
    if (auto read = take<AdminGrant>(*this, tx.principals(), &PrincipalStore::each_role); !read)
        return read;
    if (auto read = take<Category>(*this, tx.categories(), &CategoryStore::each); !read)
        return read;
    if (auto read = take<ScopeEntry>(*this, tx.categories(), &CategoryStore::each_scope); !read)
        return read;
    if (auto read = take<Room>(*this, tx.rooms(), &RoomStore::each); !read)
        return read;
    if (auto read = take<RoleEntry>(*this, tx.rooms(), &RoomStore::each_role); !read)
        return read;
    Touched settings;
    settings.policies = settings.config = settings.addins = settings.walls = true;
    settings.topology = true;
    Result<Reread> rest = reread(tx, settings);
    if (!rest)
        return pass(std::move(rest).error());
    for (Addin& addin : rest->addins)
        put(std::move(addin));
    put_topology(std::move(rest->topology));
    put_policies(std::move(rest->policies), std::move(rest->grants));
    put_config(rest->config);
    put_walls(std::move(rest->walls), rest->sides);
    settle_all();
    return {};
}

}  // namespace pchat
