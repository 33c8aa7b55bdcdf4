// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/room_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog category_catalog();

class SqlCategoryStore : public CategoryStore {
public:
    explicit SqlCategoryStore(Transaction& transaction) : tx_(transaction) {}

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
    Transaction& tx_;
};

class SqlAddinStore : public AddinStore {
public:
    explicit SqlAddinStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> insert(const Addin& addin) override;
    Result<void> update(const Addin& addin) override;
    Result<void> remove(AddinId id) override;
    Result<std::optional<Addin>> find_uuid(std::string_view uuid) override;
    Result<std::optional<Addin>> find_name(std::string_view name_key) override;
    Result<std::vector<Addin>> list() override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
