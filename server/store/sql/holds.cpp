// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/archive.h"
#include "server/store/sql/archive_tables.h"

namespace pchat::sql {
namespace {

const Statement hold_release{
    "hold release",
    "update legal_hold set released_at = :at, released_by = {words :by} "
    "where id = :id and released_at is null"};

const Statement holds_all{
    "holds", "select {columns legal_hold} from legal_hold order by created_at, id"};

const Statement targets_of{
    "hold targets",
    "select {columns legal_hold_target} from legal_hold_target where hold_id = :hold "
    "order by kind, target_uuid"};

const Statement holds_over{
    "holds over a target",
    "select h.id from legal_hold_target t join legal_hold h on h.id = t.hold_id "
    "where t.kind = :kind and t.target_uuid = :target and h.released_at is null order by h.id"};

}  // namespace

Catalog hold_catalog() {
    return {
        {&table_of<LegalHold>(), &table_of<HoldTarget>()},
        {&hold_release, &holds_all, &targets_of, &holds_over}};
}

Result<void> SqlArchiveStore::insert_hold(
    const LegalHold& hold, std::span<const HoldTarget> targets
) {
    if (Result<void> made = tx_.insert(std::span<const LegalHold>{&hold, 1}); !made)
        return made;
    return tx_.insert(targets);
}

Result<void> SqlArchiveStore::release_hold(HoldId id, Microseconds at, std::string_view by) {
    return unless_changed(tx_.change(hold_release, at, by, id), "hold");
}

Result<std::vector<LegalHold>> SqlArchiveStore::holds() {
    return tx_.list<LegalHold>(holds_all);
}

Result<std::vector<HoldTarget>> SqlArchiveStore::targets(HoldId id) {
    return tx_.list<HoldTarget>(targets_of, id);
}

Result<std::vector<HoldId>> SqlArchiveStore::holding(
    HoldTargetKind kind, std::string_view target_uuid
) {
    return tx_.list<HoldId>(holds_over, kind, target_uuid);
}

}  // namespace pchat::sql
