// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/compliance.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<ArchivedEvent> {
    static constexpr std::string_view table = "event";
    static constexpr auto columns = std::tuple{
        column("id", &ArchivedEvent::id, Part::key),
        column("uuid", &ArchivedEvent::uuid),
        column("origin_id", &ArchivedEvent::origin),
        column("n", &ArchivedEvent::n),
        column("at", &ArchivedEvent::at),
        column("recorded_at", &ArchivedEvent::recorded_at),
        column("seq", &ArchivedEvent::seq),
        column("room_uuid", &ArchivedEvent::room_uuid),
        column("user_uuid", &ArchivedEvent::user_uuid),
        column("kind", &ArchivedEvent::kind),
        column("body", &ArchivedEvent::body, Part::fixed, Letters::any)};
};

template <>
struct Mapping<Batch> {
    static constexpr std::string_view table = "batch";
    static constexpr auto columns = std::tuple{
        column("id", &Batch::id, Part::key),
        column("first_event_id", &Batch::first_event),
        column("last_event_id", &Batch::last_event),
        column("event_count", &Batch::event_count),
        column("prev_hash", &Batch::previous_hash),
        column("hash", &Batch::hash),
        column("closed_at", &Batch::closed_at),
        column("pruned_at", &Batch::pruned_at)};
};

template <>
struct Mapping<OriginCursor> {
    static constexpr std::string_view table = "origin_cursor";
    static constexpr auto columns = std::tuple{
        column("origin_id", &OriginCursor::origin, Part::key),
        column("n", &OriginCursor::n, Part::free),
        column("updated_at", &OriginCursor::updated_at, Part::free)};
};

template <>
struct Mapping<AdapterState> {
    static constexpr std::string_view table = "adapter_state";
    static constexpr auto columns = std::tuple{
        column("name", &AdapterState::name, Part::key),
        column("last_batch_id", &AdapterState::last_batch, Part::free),
        column("state", &AdapterState::phase, Part::free),
        column("try_count", &AdapterState::try_count, Part::free),
        column("next_try_at", &AdapterState::next_try_at, Part::free),
        column("succeeded_at", &AdapterState::succeeded_at, Part::free),
        column("last_error", &AdapterState::last_error, Part::free, Letters::any)};
};

template <>
struct Mapping<LegalHold> {
    static constexpr std::string_view table = "legal_hold";
    static constexpr auto columns = std::tuple{
        column("id", &LegalHold::id, Part::key),
        column("uuid", &LegalHold::uuid),
        column("name_key", &LegalHold::name_key),
        column("name", &LegalHold::name, Part::fixed, Letters::any),
        column("reason", &LegalHold::reason, Part::fixed, Letters::any),
        column("from_at", &LegalHold::from_at),
        column("to_at", &LegalHold::to_at),
        column("created_at", &LegalHold::created_at),
        column("created_by", &LegalHold::created_by, Part::fixed, Letters::any),
        column("released_at", &LegalHold::released_at),
        column("released_by", &LegalHold::released_by, Part::fixed, Letters::any)};
};

template <>
struct Mapping<HoldTarget> {
    static constexpr std::string_view table = "legal_hold_target";
    static constexpr auto columns = std::tuple{
        column("hold_id", &HoldTarget::hold, Part::key),
        column("kind", &HoldTarget::kind, Part::key),
        column("target_uuid", &HoldTarget::target_uuid, Part::key)};
};

}  // namespace pchat::sql
