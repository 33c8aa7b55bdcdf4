// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/content_database.h"
#include "tests/support/memory/database.h"
#include "tests/support/memory/state.h"

namespace pchat::test {
namespace {

/// All tables of the compliance database.
struct ArchiveState {
    Refusal refusal;  // of the transaction that runs
    std::optional<ChainHead> head;
    std::map<std::int64_t, ArchivedEvent> events;
    std::map<std::int64_t, Batch> batches;
    std::map<ServerId, OriginCursor> cursors;
    std::map<std::string, AdapterState> adapters;
    std::map<HoldId, LegalHold> holds;
    std::vector<HoldTarget> targets;
};

class MemoryArchiveStore : public ArchiveStore {
public:
    explicit MemoryArchiveStore(ArchiveState& state) : state_(state) {}

    Result<ChainHead> advance(std::int64_t fencing_token, std::int64_t events) override {
        if (!state_.head)
            state_.head = ChainHead{fencing_token, 0, 0, std::string(64, '0')};
        if (state_.head->fencing_token > fencing_token)
            return fail(Errc::denied, "another shipper has taken over");
        state_.head->fencing_token = fencing_token;
        state_.head->last_event += events;
        return *state_.head;
    }

    Result<std::optional<ChainHead>> head() override { return state_.head; }

    Result<std::vector<std::string>> known(std::span<const std::string> uuids) override {
        std::vector<std::string> out;
        for (const std::string& uuid : uuids)
            if (value_of(state_.events, [&](const ArchivedEvent& one) { return one.uuid == uuid; }))
                out.push_back(uuid);
        return out;
    }

    Result<void> insert(std::span<const ArchivedEvent> events) override {
        for (const ArchivedEvent& event : events) {
            const std::string uuids[] = {event.uuid};
            if (!known(uuids)->empty() || !state_.events.emplace(event.id, event).second)
                return refuse(state_, "that event is there");
        }
        return {};
    }

    Result<std::vector<ArchivedEvent>> events(const EventQuery& query) override {
        return values_of(
            state_.events,
            [&](const ArchivedEvent& one) {
                return one.id > query.after_id &&
                       (query.up_to_id == 0 || one.id <= query.up_to_id) &&
                       (!query.room_uuid || one.room_uuid == query.room_uuid) &&
                       (!query.user_uuid || one.user_uuid == query.user_uuid);
            },
            static_cast<std::size_t>(query.limit)
        );
    }

    Result<std::vector<ArchivedEvent>> visits(ServerId origin, std::int64_t n, int limit) override {
        auto out = values_of(state_.events, [&](const ArchivedEvent& one) {
            return one.origin == origin && one.n > n &&
                   (one.kind == compliance_join || one.kind == compliance_part);
        });
        std::sort(out.begin(), out.end(), [](const ArchivedEvent& a, const ArchivedEvent& b) {
            return a.n < b.n;
        });
        if (out.size() > static_cast<std::size_t>(limit))
            out.resize(static_cast<std::size_t>(limit));
        return out;
    }

    Result<std::optional<OriginCursor>> cursor(ServerId origin) override {
        return value_of(state_.cursors, [&](const OriginCursor& one) {
            return one.origin == origin;
        });
    }

    Result<void> put_cursor(const OriginCursor& cursor) override {
        state_.cursors[cursor.origin] = cursor;
        return {};
    }

    Result<void> close_batch(const Batch& batch) override {
        if (!state_.head || state_.head->last_batch != batch.id - 1 ||
            state_.head->last_batch_hash != batch.previous_hash)
            return fail(Errc::conflict, "it does not follow the last one");
        state_.head->last_batch = batch.id;
        state_.head->last_batch_hash = batch.hash;
        state_.batches.emplace(batch.id, batch);
        return {};
    }

    Result<std::vector<Batch>> batches(std::int64_t after_id, int limit) override {
        return values_of(
            state_.batches,
            [&](const Batch& one) { return one.id > after_id; },
            static_cast<std::size_t>(limit)
        );
    }

    Result<std::optional<Batch>> batch_of(std::int64_t event_id) override {
        return value_of(state_.batches, [&](const Batch& one) {
            return one.first_event <= event_id && event_id <= one.last_event;
        });
    }

    Result<void> prune(std::int64_t batch_id, Microseconds at) override {
        const auto batch = state_.batches.find(batch_id);
        if (batch == state_.batches.end() || batch->second.pruned_at)
            return fail(Errc::conflict, "there is no such batch");
        batch->second.pruned_at = at;
        std::erase_if(state_.events, [&](const auto& entry) {
            return entry.first >= batch->second.first_event &&
                   entry.first <= batch->second.last_event;
        });
        return {};
    }

    Result<std::vector<AdapterState>> adapters() override {
        return values_of(state_.adapters, [](const AdapterState&) { return true; });
    }

    Result<void> put_adapter(const AdapterState& state) override {
        state_.adapters[state.name] = state;
        return {};
    }

    Result<void> insert_hold(const LegalHold& hold, std::span<const HoldTarget> targets) override {
        const bool taken = value_of(state_.holds, [&](const LegalHold& one) {
                               return one.name_key == hold.name_key || one.uuid == hold.uuid;
                           }).has_value();
        if (taken || !state_.holds.emplace(hold.id, hold).second)
            return refuse(state_, "that hold is there");
        state_.targets.insert(state_.targets.end(), targets.begin(), targets.end());
        return {};
    }

    Result<void> release_hold(HoldId id, Microseconds at, std::string_view by) override {
        const auto hold = state_.holds.find(id);
        if (hold == state_.holds.end() || hold->second.released_at)
            return fail(Errc::conflict, "there is no such hold in force");
        hold->second.released_at = at;
        hold->second.released_by = std::string{by};
        return {};
    }

    Result<std::vector<LegalHold>> holds() override {
        return values_of(state_.holds, [](const LegalHold&) { return true; });
    }

    Result<std::vector<HoldTarget>> targets(HoldId id) override {
        std::vector<HoldTarget> out;
        for (const HoldTarget& target : state_.targets)
            if (target.hold == id)
                out.push_back(target);
        std::sort(out.begin(), out.end(), [](const HoldTarget& a, const HoldTarget& b) {
            return std::tie(a.kind, a.target_uuid) < std::tie(b.kind, b.target_uuid);
        });
        return out;
    }

    Result<std::vector<HoldId>> holding(HoldTargetKind kind, std::string_view target_uuid)
        override {
        std::set<HoldId> out;
        for (const HoldTarget& target : state_.targets)
            if (target.kind == kind && target.target_uuid == target_uuid &&
                !state_.holds.at(target.hold).released_at)
                out.insert(target.hold);
        return std::vector<HoldId>{out.begin(), out.end()};
    }

private:
    ArchiveState& state_;
};

}  // namespace

std::unique_ptr<ArchiveDatabase> memory_archive() {
    return std::make_unique<
        MemoryDatabase<ArchiveDatabase, MemoryArchiveStore, ArchiveState, ArchiveWork>>();
}

}  // namespace pchat::test
