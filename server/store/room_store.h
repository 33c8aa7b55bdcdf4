// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/room.h"
#include "server/store/visit.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pchat {

/// Categories and whom they allow. Rooms and categories share one space of names: a taken one is a
/// `conflict`.
class CategoryStore {
public:
    virtual ~CategoryStore() = default;

    virtual Result<void> insert(const Category& category) = 0;
    /// `conflict` unless the revision is `category.revision` until now.
    virtual Result<void> update(const Category& category) = 0;
    /// `conflict` while it has rooms.
    virtual Result<void> remove(CategoryId id) = 0;
    virtual Result<std::optional<Category>> find(CategoryId id) = 0;
    virtual Result<std::optional<Category>> find_uuid(std::string_view uuid) = 0;
    virtual Result<std::optional<Category>> find_name(std::string_view name_key) = 0;
    virtual Result<std::vector<Category>> page(const NamePosition& after, int limit) = 0;
    virtual Result<void> each(const Visit<Category>& visit) = 0;

    virtual Result<void> add_scope(std::span<const ScopeEntry> entries) = 0;
    virtual Result<void> remove_scope(std::span<const ScopeEntry> entries) = 0;
    virtual Result<std::vector<ScopeEntry>> scope(CategoryId id) = 0;
    /// Every entry that names the principal.
    virtual Result<std::vector<ScopeEntry>> naming(PrincipalId principal) = 0;
    virtual Result<void> each_scope(const Visit<ScopeEntry>& visit) = 0;

    /// Also those that were removed and still have rows.
    virtual Result<bool> has_rooms(CategoryId id) = 0;
};

class AddinStore {
public:
    virtual ~AddinStore() = default;

    virtual Result<void> insert(const Addin& addin) = 0;
    virtual Result<void> update(const Addin& addin) = 0;
    /// `conflict` while a room has it.
    virtual Result<void> remove(AddinId id) = 0;
    virtual Result<std::optional<Addin>> find_uuid(std::string_view uuid) = 0;
    virtual Result<std::optional<Addin>> find_name(std::string_view name_key) = 0;
    virtual Result<std::vector<Addin>> list() = 0;
};

class RoomStore {
public:
    virtual ~RoomStore() = default;

    /// With its name and an empty head.
    virtual Result<void> insert(const Room& room) = 0;
    /// `conflict` unless the revision is `room.revision` until now.
    virtual Result<void> update(const Room& room) = 0;
    /// Its name is free at once; the finders know it no more.
    virtual Result<void> remove(RoomId id, Microseconds at) = 0;
    /// Rooms removed, whose messages and rows remain; oldest first.
    virtual Result<std::vector<RoomId>> removed(int limit) = 0;
    /// The last of a removed room, after its messages: roles, invitations, head and row.
    virtual Result<void> purge(RoomId id) = 0;
    virtual Result<std::optional<Room>> find(RoomId id) = 0;
    virtual Result<std::optional<Room>> find_uuid(std::string_view uuid) = 0;
    virtual Result<std::optional<Room>> find_name(std::string_view name_key) = 0;
    virtual Result<std::vector<Room>> page(const NamePosition& after, int limit) = 0;
    virtual Result<std::vector<Room>> page_of(
        CategoryId category, const NamePosition& after, int limit
    ) = 0;
    virtual Result<std::vector<Room>> with_addin(AddinId addin) = 0;
    /// All that are not removed.
    virtual Result<void> each(const Visit<Room>& visit) = 0;

    virtual Result<void> add_roles(std::span<const RoleEntry> entries) = 0;
    virtual Result<void> remove_roles(std::span<const RoleEntry> entries) = 0;
    virtual Result<std::vector<RoleEntry>> roles(RoomId id) = 0;
    /// Every entry that names the principal.
    virtual Result<std::vector<RoleEntry>> naming(PrincipalId principal) = 0;
    virtual Result<void> each_role(const Visit<RoleEntry>& visit) = 0;
};

/// Invitations, numbered for each user 1, 2, 3 ...; one a user and room.
class InvitationStore {
public:
    virtual ~InvitationStore() = default;

    /// Numbers and writes them; who is invited to that room already is left out. Returns those
    /// that are new.
    virtual Result<std::vector<Invitation>> add(std::span<const Invitation> invitations) = 0;
    virtual Result<std::vector<Invitation>> after(
        PrincipalId user, std::int64_t sequence, int limit
    ) = 0;
    virtual Result<void> withdraw(RoomId room) = 0;
    virtual Result<void> withdraw(RoomId room, PrincipalId user) = 0;
};

}  // namespace pchat
