// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/room_store.h"
#include "tests/support/memory/state.h"

namespace pchat::test {

class MemoryCategoryStore : public CategoryStore {
public:
    explicit MemoryCategoryStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const Category& category) override;
    Result<void> update(const Category& category) override;
    Result<void> remove(CategoryId id) override;
    Result<bool> has_rooms(CategoryId id) override;
    Result<std::optional<Category>> find(CategoryId id) override;
    Result<std::optional<Category>> find_uuid(std::string_view uuid) override;
    Result<std::optional<Category>> find_name(std::string_view name_key) override;
    Result<std::vector<Category>> page(const NamePosition& after, int limit) override;
    Result<void> each(const Visit<Category>& visit) override;
    Result<void> add_scope(std::span<const ScopeEntry> entries) override;
    Result<void> remove_scope(std::span<const ScopeEntry> entries) override;
    Result<std::vector<ScopeEntry>> scope(CategoryId id) override;
    Result<std::vector<ScopeEntry>> naming(PrincipalId principal) override;
    Result<void> each_scope(const Visit<ScopeEntry>& visit) override;

private:
    MemoryState& state_;
};

class MemoryAddinStore : public AddinStore {
public:
    explicit MemoryAddinStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const Addin& addin) override;
    Result<void> update(const Addin& addin) override;
    Result<void> remove(AddinId id) override;
    Result<std::optional<Addin>> find_uuid(std::string_view uuid) override;
    Result<std::optional<Addin>> find_name(std::string_view name_key) override;
    Result<std::vector<Addin>> list() override;

private:
    MemoryState& state_;
};

class MemoryRoomStore : public RoomStore {
public:
    explicit MemoryRoomStore(MemoryState& state) : state_(state) {}

    Result<void> insert(const Room& room) override;
    Result<void> update(const Room& room) override;
    Result<void> remove(RoomId id, Microseconds at) override;
    Result<std::vector<RoomId>> removed(int limit) override;
    Result<void> purge(RoomId id) override;
    Result<std::optional<Room>> find(RoomId id) override;
    Result<std::optional<Room>> find_uuid(std::string_view uuid) override;
    Result<std::optional<Room>> find_name(std::string_view name_key) override;
    Result<std::vector<Room>> page(const NamePosition& after, int limit) override;
    Result<std::vector<Room>> page_of(CategoryId category, const NamePosition& after, int limit)
        override;
    Result<std::vector<Room>> with_addin(AddinId addin) override;
    Result<void> each(const Visit<Room>& visit) override;
    Result<void> add_roles(std::span<const RoleEntry> entries) override;
    Result<void> remove_roles(std::span<const RoleEntry> entries) override;
    Result<std::vector<RoleEntry>> roles(RoomId id) override;
    Result<std::vector<RoleEntry>> naming(PrincipalId principal) override;
    Result<void> each_role(const Visit<RoleEntry>& visit) override;

private:
    MemoryState& state_;
};

class MemoryInvitationStore : public InvitationStore {
public:
    explicit MemoryInvitationStore(MemoryState& state) : state_(state) {}

    Result<std::vector<Invitation>> add(std::span<const Invitation> invitations) override;
    Result<std::vector<Invitation>> after(PrincipalId user, std::int64_t sequence, int limit)
        override;
    Result<void> withdraw(RoomId room) override;
    Result<void> withdraw(RoomId room, PrincipalId user) override;

private:
    MemoryState& state_;
};

}  // namespace pchat::test
