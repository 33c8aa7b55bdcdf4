// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/integration/db/contract.h"

using namespace pchat;
using namespace pchat::test;

namespace {

std::vector<ArchivedEvent> events(std::int64_t from, std::int64_t to) {
    std::vector<ArchivedEvent> out;
    for (std::int64_t id = from; id <= to; ++id) {
        ArchivedEvent event;
        event.id = id;
        event.uuid = uuid_of(id);
        event.origin = ServerId{1};
        event.n = id;
        event.at = event.recorded_at = id * 10;
        event.kind = 1;
        event.body = R"({"text":"Grüße 🚀"})";
        if (id % 2 == 0)
            event.room_uuid = uuid_of(1000);
        if (id % 3 == 0)
            event.user_uuid = uuid_of(2000);
        out.push_back(event);
    }
    return out;
}

void ship(Archive& archive, std::int64_t token, std::int64_t count) {
    archive.write([&](ArchiveStore& store) -> Result<void> {
        const auto head = store.advance(token, count);
        if (!head)
            return pass(head.error());
        return store.insert(events(head->last_event - count + 1, head->last_event));
    });
}

Batch a_batch(std::int64_t id, std::int64_t first, std::int64_t last, char hash, char previous) {
    Batch out;
    out.id = id;
    out.first_event = first;
    out.last_event = last;
    out.event_count = last - first + 1;
    out.hash = std::string(64, hash);
    out.previous_hash = std::string(64, previous);
    return out;
}

std::size_t found(Archive& archive, const EventQuery& query) {
    return archive.read([&](ArchiveStore& store) { return store.events(query); }).size();
}

}  // namespace

TEST_CASE("archive: events are numbered without gaps, and found by who and where", "[archive]") {
    Archive archive{GENERATE(from_range(backends()))};
    CHECK_FALSE(archive.read([](ArchiveStore& store) { return store.head(); }));
    ship(archive, 1, 10);
    ship(archive, 1, 20);
    const auto head = archive.read([](ArchiveStore& store) { return store.head(); });
    REQUIRE(head);
    CHECK(head->last_event == 30);
    CHECK(head->last_batch_hash == std::string(64, '0'));

    EventQuery query;
    CHECK(found(archive, query) == 30);
    query.limit = 7;
    CHECK(found(archive, query) == 7);
    query.limit = 100;
    query.after_id = 10;
    query.up_to_id = 20;
    CHECK(found(archive, query) == 10);
    query.room_uuid = uuid_of(1000);
    CHECK(found(archive, query) == 5);
    query.user_uuid = uuid_of(2000);
    CHECK(found(archive, query) == 2);
    query.room_uuid.reset();
    CHECK(found(archive, query) == 3);
    const auto one = archive.read([](ArchiveStore& store) { return store.events({}); }).at(0);
    CHECK(one.body == R"({"text":"Grüße 🚀"})");
    CHECK_FALSE(one.seq);
    CHECK_FALSE(one.room_uuid);
}

TEST_CASE("archive: a shipper that lost its lease is refused", "[archive]") {
    Archive archive{GENERATE(from_range(backends()))};
    ship(archive, 5, 1);
    ship(archive, 6, 1);
    REQUIRE_ERR(
        archive.try_write([](ArchiveStore& store) -> Result<void> {
            const auto head = store.advance(5, 1);
            return head ? Result<void>{} : pass(head.error());
        }),
        Errc::denied,
        "taken over"
    );
    CHECK(archive.read([](ArchiveStore& store) { return store.head(); })->last_event == 2);
}

TEST_CASE("archive: what has arrived is known, and refused a second time", "[archive]") {
    Archive archive{GENERATE(from_range(backends()))};
    ship(archive, 1, 20);
    std::vector<std::string> asked;
    for (std::int64_t id = 11; id <= 40; ++id)
        asked.push_back(uuid_of(id));
    CHECK(archive.read([&](ArchiveStore& store) { return store.known(asked); }).size() == 10);
    auto again = events(21, 22);
    again[1].uuid = uuid_of(3);
    REQUIRE_ERR(
        archive.try_write([&](ArchiveStore& store) { return store.insert(again); }),
        Errc::conflict,
        ""
    );
    CHECK(found(archive, {}) == 20);
}

TEST_CASE("archive: batches make a chain that pruning leaves whole", "[archive]") {
    Archive archive{GENERATE(from_range(backends()))};
    ship(archive, 1, 10);
    const auto close = [&](const Batch& batch) {
        return archive.try_write([&](ArchiveStore& store) { return store.close_batch(batch); });
    };
    REQUIRE_OK(close(a_batch(1, 1, 4, 'a', '0')));
    REQUIRE_ERR(close(a_batch(2, 5, 9, 'b', '0')), Errc::conflict, "not follow");
    REQUIRE_ERR(close(a_batch(3, 5, 9, 'b', 'a')), Errc::conflict, "not follow");
    REQUIRE_OK(close(a_batch(2, 5, 9, 'b', 'a')));

    const auto batch_of = [&](std::int64_t event) {
        return archive.read([&](ArchiveStore& store) { return store.batch_of(event); });
    };
    CHECK(batch_of(4)->id == 1);
    CHECK(batch_of(5)->id == 2);
    CHECK_FALSE(batch_of(10));

    archive.write([](ArchiveStore& store) { return store.prune(1, 99); });
    CHECK(found(archive, {}) == 6);
    const auto batches = archive.read([](ArchiveStore& store) { return store.batches(0, 10); });
    REQUIRE(batches.size() == 2);
    CHECK(batches[0].pruned_at == 99);
    CHECK(batches[1].previous_hash == batches[0].hash);
    CHECK_FALSE(batches[1].pruned_at);
    REQUIRE_ERR(
        archive.try_write([](ArchiveStore& store) { return store.prune(1, 100); }),
        Errc::conflict,
        ""
    );
}

TEST_CASE("archive: cursors and adapters are kept up to date", "[archive]") {
    Archive archive{GENERATE(from_range(backends()))};
    const auto cursor = [](ArchiveStore& store) { return store.cursor(ServerId{1}); };
    CHECK_FALSE(archive.read(cursor));
    for (const std::int64_t n : {5, 9})
        archive.write([&](ArchiveStore& store) { return store.put_cursor({ServerId{1}, n, n}); });
    CHECK(archive.read(cursor)->n == 9);

    AdapterState state;
    state.name = "xml";
    state.phase = AdapterPhase::failing;
    state.next_try_at = 7;
    state.last_error = "no space: 空";
    archive.write([&](ArchiveStore& store) { return store.put_adapter(state); });
    state.phase = AdapterPhase::idle;
    state.last_batch = 3;
    state.next_try_at.reset();
    archive.write([&](ArchiveStore& store) { return store.put_adapter(state); });
    const auto adapters = archive.read([](ArchiveStore& store) { return store.adapters(); });
    REQUIRE(adapters.size() == 1);
    CHECK(adapters[0].phase == AdapterPhase::idle);
    CHECK(adapters[0].last_batch == 3);
    CHECK_FALSE(adapters[0].next_try_at);
    CHECK(adapters[0].last_error == "no space: 空");
}

TEST_CASE("archive: a hold is in force until it is released, once", "[archive]") {
    Archive archive{GENERATE(from_range(backends()))};
    LegalHold hold;
    hold.id = HoldId{1};
    hold.uuid = uuid_of(1);
    hold.name = "Case 12/Ä";
    hold.name_key = name_key(hold.name);
    hold.reason = "";
    hold.created_by = "sip:carl@contoso.example";
    const HoldTarget targets[] = {
        {hold.id, HoldTargetKind::room, uuid_of(7)}, {hold.id, HoldTargetKind::user, uuid_of(8)}};
    archive.write([&](ArchiveStore& store) { return store.insert_hold(hold, targets); });
    const auto holding = [](ArchiveStore& store) {
        return store.holding(HoldTargetKind::room, uuid_of(7));
    };
    CHECK(archive.read(holding) == std::vector{hold.id});
    CHECK(archive.read([](ArchiveStore& store) { return store.targets(HoldId{1}); }).size() == 2);
    LegalHold same = hold;
    same.id = HoldId{2};
    same.uuid = uuid_of(2);
    REQUIRE_ERR(
        archive.try_write([&](ArchiveStore& store) { return store.insert_hold(same, {}); }),
        Errc::conflict,
        ""
    );
    const auto release = [](ArchiveStore& store) {
        return store.release_hold(HoldId{1}, 5, "sip:dora@contoso.example");
    };
    archive.write(release);
    REQUIRE_ERR(archive.try_write(release), Errc::conflict, "");
    CHECK(archive.read(holding).empty());
    const auto holds = archive.read([](ArchiveStore& store) { return store.holds(); });
    REQUIRE(holds.size() == 1);
    CHECK(holds[0].released_by == "sip:dora@contoso.example");
    CHECK(holds[0].name == hold.name);
}
