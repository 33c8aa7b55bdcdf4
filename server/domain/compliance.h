// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <optional>
#include <string>

namespace pchat {

// OutboxEntry::kind: what happened. Grows.
constexpr std::int64_t compliance_chat = 1;
constexpr std::int64_t compliance_join = 2;
constexpr std::int64_t compliance_part = 3;
constexpr std::int64_t compliance_view = 4;  // history was read
constexpr std::int64_t compliance_search = 5;
constexpr std::int64_t compliance_upload = 6;
constexpr std::int64_t compliance_download = 7;
constexpr std::int64_t compliance_removal = 8;      // of a message
constexpr std::int64_t compliance_replacement = 9;  // of its text
constexpr std::int64_t compliance_purge = 10;       // a room was cleared or removed
constexpr std::int64_t compliance_room = 11;        // settings of a room or category

/// What compliance must see, as it waits in the content database.
struct OutboxEntry {
    ServerId origin;
    std::int64_t n = 0;
    std::string uuid;
    Microseconds at = 0;
    std::int64_t kind = 0;
    std::string body;  // JSON, byte for byte what the hash of its batch covers
};

/// The same in the compliance database, complete in itself.
struct ArchivedEvent {
    std::int64_t id = 0;  // without gaps, in order of arrival
    std::string uuid;
    ServerId origin;
    std::int64_t n = 0;
    Microseconds at = 0;
    Microseconds recorded_at = 0;
    std::optional<std::int64_t> seq;
    std::optional<std::string> room_uuid;
    std::optional<std::string> user_uuid;
    std::int64_t kind = 0;
    std::string body;
};

/// A link of the chain: a range of events.
struct Batch {
    std::int64_t id = 0;
    std::int64_t first_event = 0;
    std::int64_t last_event = 0;
    std::int64_t event_count = 0;
    std::string previous_hash;
    std::string hash;
    Microseconds closed_at = 0;
    std::optional<Microseconds> pruned_at;
};

struct ChainHead {
    std::int64_t fencing_token = 0;
    std::int64_t last_event = 0;
    std::int64_t last_batch = 0;
    std::string last_batch_hash;
};

struct OriginCursor {
    ServerId origin;
    std::int64_t n = 0;
    Microseconds updated_at = 0;
};

enum class AdapterPhase : std::uint8_t { idle = 1, running, failing };

struct AdapterState {
    std::string name;
    std::int64_t last_batch = 0;
    AdapterPhase phase = AdapterPhase::idle;
    std::int64_t try_count = 0;
    std::optional<Microseconds> next_try_at;
    std::optional<Microseconds> succeeded_at;
    std::optional<std::string> last_error;
};

/// While one is in force, nothing it covers may be cleared, removed or pruned.
struct LegalHold {
    HoldId id;
    std::string uuid;
    std::string name_key;
    std::string name;
    std::string reason;
    std::optional<Microseconds> from_at;
    std::optional<Microseconds> to_at;
    Microseconds created_at = 0;
    std::string created_by;
    std::optional<Microseconds> released_at;
    std::optional<std::string> released_by;
};

enum class HoldTargetKind : std::uint8_t { everything = 1, category, room, user };

struct HoldTarget {
    HoldId hold;
    HoldTargetKind kind = HoldTargetKind::everything;
    std::string target_uuid;
};

}  // namespace pchat
