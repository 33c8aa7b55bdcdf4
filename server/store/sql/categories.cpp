// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/categories.h"

#include "server/store/sql/object_names.h"
#include "server/store/sql/room_tables.h"

#include <set>

namespace pchat::sql {
namespace {

const Statement category_by_id{
    "category by id", "select {columns category} from category where id = :id"};

const Statement category_by_uuid{
    "category by uuid", "select {columns category} from category where uuid = :uuid"};

const Statement category_by_name{
    "category by name",
    "select {columns category} from category where id = (select object_id from object_name "
    "where name_key = :name_key and kind = 1)"};

const Statement categories_page{
    "categories, a page",
    "select {columns category} from category where name_sort >= {words :from} "
    "and (name_sort > {words :after} or id > :id) order by name_sort, id {limit :n}"};

const Statement categories_all{"categories", "select {columns category} from category order by id"};

const Statement scope_erase{
    "category scope erase", "delete from category_principal where category_id = :category"};

const Statement category_erase{"category erase", "delete from category where id = :id"};

const Statement scope_remove{
    "category scope remove",
    "delete from category_principal where category_id = :category and kind = :kind "
    "and principal_id = :principal"};

const Statement rooms_below{
    "rooms of a category count", "select count(*) from room where category_id = :category"};

const Statement scope_of{
    "category scope",
    "select {columns category_principal} from category_principal where category_id = :category "
    "order by kind, principal_id"};

const Statement scope_naming{
    "category scopes of a principal",
    "select {columns category_principal} from category_principal where principal_id = :principal "
    "order by category_id, kind"};

const Statement scope_all{
    "category scopes",
    "select {columns category_principal} from category_principal "
    "order by category_id, kind, principal_id"};

const Statement addin_by_uuid{
    "add-in by uuid", "select {columns addin} from addin where uuid = :uuid"};

const Statement addin_by_name{
    "add-in by name", "select {columns addin} from addin where name_key = :name_key"};

const Statement addins_all{"add-ins", "select {columns addin} from addin order by name_key"};

const Statement addin_erase{"add-in erase", "delete from addin where id = :id"};

}  // namespace

Catalog category_catalog() {
    return {
        {&table_of<Category>(), &table_of<ScopeEntry>(), &table_of<Addin>()},
        {&category_by_id,
         &category_by_uuid,
         &category_by_name,
         &categories_page,
         &categories_all,
         &scope_erase,
         &category_erase,
         &scope_remove,
         &rooms_below,
         &scope_of,
         &scope_naming,
         &scope_all,
         &addin_by_uuid,
         &addin_by_name,
         &addins_all,
         &addin_erase}};
}

Result<void> SqlCategoryStore::insert(const Category& category) {
    Result<void> named = take_name(tx_, NamedKind::category, category.id.value, category.name);
    if (!named)
        return named;
    return tx_.insert(std::span<const Category>{&category, 1});
}

Result<void> SqlCategoryStore::update(const Category& category) {
    if (Result<void> known = unless_changed(tx_.update(category), "category"); !known)
        return known;
    if (Result<void> freed = free_name(tx_, NamedKind::category, category.id.value); !freed)
        return freed;
    return take_name(tx_, NamedKind::category, category.id.value, category.name);
}

Result<void> SqlCategoryStore::remove(CategoryId id) {
    if (Result<void> erased = tx_.run(scope_erase, id); !erased)
        return pass(std::move(erased).error());
    if (Result<void> freed = free_name(tx_, NamedKind::category, id.value); !freed)
        return freed;
    return unless_changed(tx_.change(category_erase, id), "category");
}

Result<bool> SqlCategoryStore::has_rooms(CategoryId id) {
    const auto count = tx_.one<std::int64_t>(rooms_below, id);
    if (!count)
        return pass(count.error());
    return **count > 0;
}

Result<std::optional<Category>> SqlCategoryStore::find(CategoryId id) {
    return tx_.one<Category>(category_by_id, id);
}

Result<std::optional<Category>> SqlCategoryStore::find_uuid(std::string_view uuid) {
    return tx_.one<Category>(category_by_uuid, uuid);
}

Result<std::optional<Category>> SqlCategoryStore::find_name(std::string_view name_key) {
    return tx_.one<Category>(category_by_name, name_key);
}

Result<std::vector<Category>> SqlCategoryStore::page(const NamePosition& after, int limit) {
    return tx_.list<Category>(categories_page, after.name_sort, after.name_sort, after.id, limit);
}

Result<void> SqlCategoryStore::each(const Visit<Category>& visit) {
    return tx_.each<Category>(categories_all, visit);
}

Result<void> SqlCategoryStore::add_scope(std::span<const ScopeEntry> entries) {
    std::set<ScopeEntry> wanted{entries.begin(), entries.end()};
    std::set<CategoryId> categories;
    for (const ScopeEntry& entry : entries)
        categories.insert(entry.category);
    for (const CategoryId category : categories) {
        const auto there = scope(category);
        if (!there)
            return pass(there.error());
        for (const ScopeEntry& entry : *there)
            wanted.erase(entry);
    }
    const std::vector<ScopeEntry> missing{wanted.begin(), wanted.end()};
    return tx_.insert(std::span<const ScopeEntry>{missing}, Race::again);
}

Result<void> SqlCategoryStore::remove_scope(std::span<const ScopeEntry> entries) {
    for (const ScopeEntry& entry : entries)
        if (Result<void> gone = tx_.run(scope_remove, entry.category, entry.kind, entry.principal);
            !gone)
            return gone;
    return {};
}

Result<std::vector<ScopeEntry>> SqlCategoryStore::scope(CategoryId id) {
    return tx_.list<ScopeEntry>(scope_of, id);
}

Result<std::vector<ScopeEntry>> SqlCategoryStore::naming(PrincipalId principal) {
    return tx_.list<ScopeEntry>(scope_naming, principal);
}

Result<void> SqlCategoryStore::each_scope(const Visit<ScopeEntry>& visit) {
    return tx_.each<ScopeEntry>(scope_all, visit);
}

Result<void> SqlAddinStore::insert(const Addin& addin) {
    return tx_.insert(std::span<const Addin>{&addin, 1});
}

Result<void> SqlAddinStore::update(const Addin& addin) {
    return unless_changed(tx_.update(addin), "add-in");
}

Result<void> SqlAddinStore::remove(AddinId id) {
    return unless_changed(tx_.change(addin_erase, id), "add-in");
}

Result<std::optional<Addin>> SqlAddinStore::find_uuid(std::string_view uuid) {
    return tx_.one<Addin>(addin_by_uuid, uuid);
}

Result<std::optional<Addin>> SqlAddinStore::find_name(std::string_view name_key) {
    return tx_.one<Addin>(addin_by_name, name_key);
}

Result<std::vector<Addin>> SqlAddinStore::list() {
    return tx_.list<Addin>(addins_all);
}

}  // namespace pchat::sql
