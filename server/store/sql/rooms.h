// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/room_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog room_catalog();

class SqlRoomStore : public RoomStore {
public:
    explicit SqlRoomStore(Transaction& transaction) : tx_(transaction) {}

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
    Transaction& tx_;
};

}  // namespace pchat::sql
