// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/archive.h"

#include "server/store/sql/archive_tables.h"

#include <limits>

namespace pchat::sql {
namespace {

/// The one row of the chain's head.
struct HeadRow {
    std::int64_t id = 1;
    std::int64_t fencing_token = 0;
    std::int64_t last_event = 0;
    std::int64_t last_batch = 0;
    std::string last_batch_hash;

    [[nodiscard]] ChainHead value() const {
        return {fencing_token, last_event, last_batch, last_batch_hash};
    }
};

const std::string no_hash(64, '0');

const Statement head_advance{
    "chain head advance",
    "update chain_head set fencing_token = :token, last_event_id = last_event_id + :events "
    "{output id, fencing_token, last_event_id, last_batch_id, last_batch_hash} "
    "where id = 1 and fencing_token <= :same_token "
    "{returning id, fencing_token, last_event_id, last_batch_id, last_batch_hash}"};

const Statement head_read{"chain head", "select {columns chain_head} from chain_head where id = 1"};

const Statement head_batch{
    "chain head batch",
    "update chain_head set last_batch_id = :batch, last_batch_hash = :hash "
    "where id = 1 and last_batch_id = :previous and last_batch_hash = :previous_hash"};

const Statement event_known{"event known", "select uuid from event where uuid = :uuid"};

const Statement events_known{
    "events known",
    "select uuid from event where uuid in (:u0, :u1, :u2, :u3, :u4, :u5, :u6, :u7, :u8, :u9, "
    ":u10, :u11, :u12, :u13, :u14, :u15)"};
constexpr std::size_t many_uuids = 16;

const Statement events_after{
    "events after",
    "select {columns event} from event where id > :after and id <= :up_to order by id {limit :n}"};

const Statement events_of_room{
    "events of a room",
    "select {columns event} from event where room_uuid = :room and id > :after and id <= :up_to "
    "order by id {limit :n}"};

const Statement events_of_user{
    "events of a user",
    "select {columns event} from event where user_uuid = :user and id > :after and id <= :up_to "
    "order by id {limit :n}"};

const Statement events_of_both{
    "events of a user in a room",
    "select {columns event} from event where room_uuid = :room and user_uuid = :user "
    "and id > :after and id <= :up_to order by id {limit :n}"};

const Statement visits_after{
    "visits after",
    "select {columns event} from event where origin_id = :origin and n > :n and kind in (2, 3) "
    "order by n {limit :limit}"};

const Statement cursor_of{
    "origin cursor", "select {columns origin_cursor} from origin_cursor where origin_id = :origin"};

const Statement batches_after{
    "batches after", "select {columns batch} from batch where id > :after order by id {limit :n}"};

const Statement batch_over{
    "batch of an event",
    "select {columns batch} from batch where last_event_id >= :event "
    "order by last_event_id {limit :n}"};

const Statement batch_prune{
    "batch prune", "update batch set pruned_at = :at where id = :id and pruned_at is null"};

const Statement events_prune{
    "events prune",
    "delete from event where id >= (select first_event_id from batch where id = :batch) "
    "and id <= (select last_event_id from batch where id = :same_batch)"};

const Statement adapters_all{
    "adapters", "select {columns adapter_state} from adapter_state order by name"};

}  // namespace

template <>
struct Mapping<HeadRow> {
    static constexpr std::string_view table = "chain_head";
    static constexpr auto columns = std::tuple{
        column("id", &HeadRow::id, Part::key),
        column("fencing_token", &HeadRow::fencing_token),
        column("last_event_id", &HeadRow::last_event),
        column("last_batch_id", &HeadRow::last_batch),
        column("last_batch_hash", &HeadRow::last_batch_hash)};
};

Catalog archive_catalog() {
    return {
        {&table_of<HeadRow>(),
         &table_of<ArchivedEvent>(),
         &table_of<Batch>(),
         &table_of<OriginCursor>(),
         &table_of<AdapterState>()},
        {&head_advance,
         &head_read,
         &head_batch,
         &event_known,
         &events_known,
         &events_after,
         &events_of_room,
         &events_of_user,
         &events_of_both,
         &visits_after,
         &cursor_of,
         &batches_after,
         &batch_over,
         &batch_prune,
         &events_prune,
         &adapters_all}};
}

Result<ChainHead> SqlArchiveStore::advance(std::int64_t fencing_token, std::int64_t events) {
    const auto row = tx_.one<HeadRow>(head_advance, fencing_token, events, fencing_token);
    if (!row)
        return pass(row.error());
    if (*row)
        return (*row)->value();
    const auto there = head();
    if (!there)
        return pass(there.error());
    if (*there)
        return fail(
            Errc::denied,
            "another shipper has taken over the compliance database",
            "that one ships now; this one tries again by itself"
        );
    HeadRow first;
    first.fencing_token = fencing_token;
    first.last_event = events;
    first.last_batch_hash = no_hash;
    if (Result<void> begun = tx_.insert(std::span<const HeadRow>{&first, 1}, Race::again); !begun)
        return pass(begun.error());
    return first.value();
}

Result<std::optional<ChainHead>> SqlArchiveStore::head() {
    const auto row = tx_.one<HeadRow>(head_read);
    if (!row)
        return pass(row.error());
    if (!*row)
        return std::nullopt;
    return (*row)->value();
}

Result<std::vector<std::string>> SqlArchiveStore::known(std::span<const std::string> uuids) {
    std::vector<std::string> out;
    while (!uuids.empty()) {
        const std::size_t size = std::min(uuids.size(), many_uuids);
        Values in{many_uuids};
        for (std::size_t i = 0; i < (size == 1 ? 1 : many_uuids); ++i)
            in.add(uuids[std::min(i, size - 1)]);
        auto found = tx_.list<std::string>(size == 1 ? event_known : events_known, in);
        if (!found)
            return pass(std::move(found).error());
        std::move(found->begin(), found->end(), std::back_inserter(out));
        uuids = uuids.subspan(size);
    }
    return out;
}

Result<void> SqlArchiveStore::insert(std::span<const ArchivedEvent> events) {
    return tx_.insert(events);
}

Result<std::vector<ArchivedEvent>> SqlArchiveStore::events(const EventQuery& query) {
    const std::int64_t end =
        query.up_to_id != 0 ? query.up_to_id : std::numeric_limits<std::int64_t>::max();
    if (query.room_uuid && query.user_uuid)
        return tx_.list<ArchivedEvent>(
            events_of_both, *query.room_uuid, *query.user_uuid, query.after_id, end, query.limit
        );
    if (query.room_uuid)
        return tx_.list<ArchivedEvent>(
            events_of_room, *query.room_uuid, query.after_id, end, query.limit
        );
    if (query.user_uuid)
        return tx_.list<ArchivedEvent>(
            events_of_user, *query.user_uuid, query.after_id, end, query.limit
        );
    return tx_.list<ArchivedEvent>(events_after, query.after_id, end, query.limit);
}

Result<std::vector<ArchivedEvent>> SqlArchiveStore::visits(
    ServerId origin, std::int64_t n, int limit
) {
    static_assert(compliance_join == 2 && compliance_part == 3, "the statement says so");
    return tx_.list<ArchivedEvent>(visits_after, origin, n, limit);
}

Result<std::optional<OriginCursor>> SqlArchiveStore::cursor(ServerId origin) {
    return tx_.one<OriginCursor>(cursor_of, origin);
}

Result<void> SqlArchiveStore::put_cursor(const OriginCursor& cursor) {
    return tx_.put(cursor);
}

Result<void> SqlArchiveStore::close_batch(const Batch& batch) {
    const auto follows =
        tx_.change(head_batch, batch.id, batch.hash, batch.id - 1, batch.previous_hash);
    if (!follows)
        return pass(follows.error());
    if (*follows == 0)
        return fail(Errc::conflict, "the batch does not follow the last one of the chain");
    return tx_.insert(std::span<const Batch>{&batch, 1});
}

Result<std::vector<Batch>> SqlArchiveStore::batches(std::int64_t after_id, int limit) {
    return tx_.list<Batch>(batches_after, after_id, limit);
}

Result<std::optional<Batch>> SqlArchiveStore::batch_of(std::int64_t event_id) {
    auto found = tx_.one<Batch>(batch_over, event_id, 1);
    if (found && *found && (*found)->first_event > event_id)
        found->reset();
    return found;
}

Result<void> SqlArchiveStore::prune(std::int64_t batch_id, Microseconds at) {
    Result<void> marked = unless_changed(tx_.change(batch_prune, at, batch_id), "batch");
    if (!marked)
        return marked;
    return tx_.run(events_prune, batch_id, batch_id);
}

Result<std::vector<AdapterState>> SqlArchiveStore::adapters() {
    return tx_.list<AdapterState>(adapters_all);
}

Result<void> SqlArchiveStore::put_adapter(const AdapterState& state) {
    return tx_.put(state);
}

}  // namespace pchat::sql
