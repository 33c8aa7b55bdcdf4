// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/room.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Category> {
    static constexpr std::string_view table = "category";
    static constexpr auto columns = std::tuple{
        column("id", &Category::id, Part::key),
        column("uuid", &Category::uuid),
        column("name", &Category::name, Part::free, Letters::any),
        column("name_sort", &Category::name_sort, Part::free, Letters::any),
        column("description", &Category::description, Part::free, Letters::any),
        column("invitations", &Category::invitations, Part::free),
        column("file_upload", &Category::file_upload, Part::free),
        column("history", &Category::history, Part::free),
        column("revision", &Category::revision, Part::revision),
        column("created_at", &Category::created_at),
        column("created_by", &Category::created_by),
        column("updated_at", &Category::updated_at, Part::free),
        column("updated_by", &Category::updated_by, Part::free)};
};

template <>
struct Mapping<ScopeEntry> {
    static constexpr std::string_view table = "category_principal";
    static constexpr auto columns = std::tuple{
        column("category_id", &ScopeEntry::category, Part::key),
        column("kind", &ScopeEntry::kind, Part::key),
        column("principal_id", &ScopeEntry::principal, Part::key)};
};

template <>
struct Mapping<Addin> {
    static constexpr std::string_view table = "addin";
    static constexpr auto columns = std::tuple{
        column("id", &Addin::id, Part::key),
        column("uuid", &Addin::uuid),
        column("name_key", &Addin::name_key, Part::free),
        column("name", &Addin::name, Part::free, Letters::any),
        column("url", &Addin::url, Part::free, Letters::any),
        column("revision", &Addin::revision, Part::revision),
        column("created_at", &Addin::created_at),
        column("created_by", &Addin::created_by),
        column("updated_at", &Addin::updated_at, Part::free),
        column("updated_by", &Addin::updated_by, Part::free)};
};

template <>
struct Mapping<Room> {
    static constexpr std::string_view table = "room";
    static constexpr auto columns = std::tuple{
        column("id", &Room::id, Part::key),
        column("uuid", &Room::uuid),
        column("category_id", &Room::category, Part::free),
        column("addin_id", &Room::addin, Part::free),
        column("type", &Room::type, Part::free),
        column("privacy", &Room::privacy, Part::free),
        column("invitations", &Room::invitations, Part::free),
        column("disabled", &Room::disabled, Part::free),
        column("name", &Room::name, Part::free, Letters::any),
        column("name_sort", &Room::name_sort, Part::free, Letters::any),
        column("description", &Room::description, Part::free, Letters::any),
        column("revision", &Room::revision, Part::revision),
        column("created_at", &Room::created_at),
        column("created_by", &Room::created_by),
        column("updated_at", &Room::updated_at, Part::free),
        column("updated_by", &Room::updated_by, Part::free),
        column("removed_at", &Room::removed_at)};
};

template <>
struct Mapping<RoleEntry> {
    static constexpr std::string_view table = "room_role";
    static constexpr auto columns = std::tuple{
        column("room_id", &RoleEntry::room, Part::key),
        column("role", &RoleEntry::role, Part::key),
        column("principal_id", &RoleEntry::principal, Part::key)};
};

template <>
struct Mapping<RoomHead> {
    static constexpr std::string_view table = "room_head";
    static constexpr auto columns = std::tuple{
        column("room_id", &RoomHead::room, Part::key),
        column("last_seq", &RoomHead::last_seq),
        column("first_seq", &RoomHead::first_seq),
        column("rev", &RoomHead::rev),
        column("last_at", &RoomHead::last_at),
        column("content_bytes", &RoomHead::content_bytes)};
};

template <>
struct Mapping<Invitation> {
    static constexpr std::string_view table = "invitation";
    static constexpr auto columns = std::tuple{
        column("user_id", &Invitation::user, Part::key),
        column("sequence", &Invitation::sequence, Part::key),
        column("room_id", &Invitation::room),
        column("at", &Invitation::at),
        column("invited_by", &Invitation::invited_by)};
};

}  // namespace pchat::sql
