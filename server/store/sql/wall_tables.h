// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/purge.h"
#include "server/domain/wall.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Wall> {
    static constexpr std::string_view table = "wall";
    static constexpr auto columns = std::tuple{
        column("id", &Wall::id, Part::key),
        column("uuid", &Wall::uuid),
        column("name_key", &Wall::name_key, Part::free),
        column("name", &Wall::name, Part::free, Letters::any),
        column("description", &Wall::description, Part::free, Letters::any),
        column("revision", &Wall::revision, Part::revision),
        column("created_at", &Wall::created_at),
        column("created_by", &Wall::created_by),
        column("updated_at", &Wall::updated_at, Part::free),
        column("updated_by", &Wall::updated_by, Part::free)};
};

template <>
struct Mapping<WallEntry> {
    static constexpr std::string_view table = "wall_principal";
    static constexpr auto columns = std::tuple{
        column("wall_id", &WallEntry::wall, Part::key),
        column("side", &WallEntry::side, Part::key),
        column("principal_id", &WallEntry::principal, Part::key)};
};

template <>
struct Mapping<Purge> {
    static constexpr std::string_view table = "membership_purge";
    static constexpr auto columns = std::tuple{
        column("id", &Purge::id, Part::key),
        column("uuid", &Purge::uuid),
        column("at", &Purge::at),
        column("actor_id", &Purge::actor),
        column("action", &Purge::action),
        column("object_name", &Purge::object_name, Part::fixed, Letters::any)};
};

template <>
struct Mapping<PurgedRole> {
    static constexpr std::string_view table = "purged_role";
    static constexpr auto columns = std::tuple{
        column("purge_id", &PurgedRole::purge, Part::key),
        column("room_id", &PurgedRole::room, Part::key),
        column("role", &PurgedRole::role, Part::key),
        column("principal_id", &PurgedRole::principal, Part::key)};
};

}  // namespace pchat::sql
