// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <optional>
#include <string>

namespace pchat {

/// What rooms belong to; says who may be in them.
struct Category {
    CategoryId id;
    std::string uuid;
    std::string name;
    std::string name_sort;
    std::string description;
    bool invitations = false;
    bool file_upload = false;
    bool history = true;  // no: messages are kept for ten minutes and never shown again
    std::int64_t revision = 1;
    Microseconds created_at = 0;
    PrincipalId created_by;
    Microseconds updated_at = 0;
    PrincipalId updated_by;
};

enum class ScopeKind : std::uint8_t { allowed = 1, denied, creator };

struct ScopeEntry {
    CategoryId category;
    ScopeKind kind = ScopeKind::allowed;
    PrincipalId principal;

    friend auto operator<=>(const ScopeEntry&, const ScopeEntry&) = default;
};

/// A registered web page that rooms may show.
struct Addin {
    AddinId id;
    std::string uuid;
    std::string name_key;
    std::string name;
    std::string url;
    std::int64_t revision = 1;
    Microseconds created_at = 0;
    PrincipalId created_by;
    Microseconds updated_at = 0;
    PrincipalId updated_by;
};

enum class RoomType : std::uint8_t { normal = 1, auditorium };
enum class RoomPrivacy : std::uint8_t { open = 1, closed, secret };

struct Room {
    RoomId id;
    std::string uuid;
    CategoryId category;
    std::optional<AddinId> addin;
    RoomType type = RoomType::normal;
    RoomPrivacy privacy = RoomPrivacy::closed;
    bool invitations = true;  // as the category says; no: never
    bool disabled = false;
    std::string name;
    std::string name_sort;
    std::string description;
    std::int64_t revision = 1;
    Microseconds created_at = 0;
    PrincipalId created_by;
    Microseconds updated_at = 0;
    PrincipalId updated_by;
    std::optional<Microseconds> removed_at;
};

enum class RoomRole : std::uint8_t { member = 1, manager, presenter };

struct RoleEntry {
    RoomId room;
    RoomRole role = RoomRole::member;
    PrincipalId principal;

    friend auto operator<=>(const RoleEntry&, const RoleEntry&) = default;
};

/// What every message of a room changes.
struct RoomHead {
    RoomId room;
    std::int64_t last_seq = 0;
    std::int64_t first_seq = 1;  // that still exists; last_seq + 1 when none does
    std::int64_t rev = 0;        // rises with every removal, replacement and clear
    Microseconds last_at = 0;
    std::int64_t content_bytes = 0;
};

struct Invitation {
    PrincipalId user;
    std::int64_t sequence = 0;  // of the user
    RoomId room;
    Microseconds at = 0;
    PrincipalId invited_by;
};

}  // namespace pchat
