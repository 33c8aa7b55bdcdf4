// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/chain.h"
#include "server/compliance/shipper.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/faulty_content.h"
#include "tests/support/memory/content_database.h"
#include "tests/support/watched_archive.h"

#include <fmt/format.h>

using namespace pchat;
using namespace pchat::test;

namespace {

/// A server with an outbox, and an archive.
struct Rig {
    std::unique_ptr<ContentDatabase> memory = memory_content();
    std::unique_ptr<ArchiveDatabase> archive = memory_archive();
    FaultyContent content{*memory};
    SystemClock clock;
    Life life = enrol(1, "pc1.contoso.example");
    std::int64_t made = 0;

    Life enrol(std::int64_t id, const std::string& name) {
        Life out;
        REQUIRE_OK(memory->write("enrolling", [&](ContentTransaction& tx) -> Result<void> {
            Enrolment self;
            self.id = ServerId{id};
            self.uuid = fmt::format("00000000-0000-7000-8000-{:012}", id);
            self.fqdn = name;
            self.lifetime = 1'000'000'000;
            const auto server = tx.registry().enrol(self);
            if (!server)
                return pass(server.error());
            out = {server->id, server->epoch};
            return {};
        }));
        return out;
    }
    void record(Life origin, int count) {
        REQUIRE_OK(memory->write("recording", [&](ContentTransaction& tx) -> Result<void> {
            const auto server = tx.registry().advance(origin.server, origin.epoch, count);
            if (!server)
                return pass(server.error());
            std::vector<OutboxEntry> entries;
            for (int i = 0; i < count; ++i) {
                ++made;
                entries.push_back(
                    {origin.server,
                     server->outbox_n - count + i + 1,
                     fmt::format("10000000-0000-7000-8000-{:012}", made),
                     made,
                     compliance_chat,
                     fmt::format(R"({{"seq":{},"body":"message {}"}})", made, made)}
                );
            }
            return tx.log().append_outbox(entries);
        }));
    }
    std::size_t waiting(Life origin) {
        std::size_t out = 0;
        REQUIRE_OK(memory->read("reading", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.log().outbox(origin.server, 10'000);
            if (!found)
                return pass(found.error());
            out = found->size();
            return {};
        }));
        return out;
    }
    std::vector<ArchivedEvent> events() {
        std::vector<ArchivedEvent> out;
        REQUIRE_OK(archive->read("reading", [&](ArchiveStore& store) -> Result<void> {
            EventQuery query;
            query.limit = 10'000;
            auto found = store.events(query);
            if (!found)
                return pass(found.error());
            out = *found;
            return {};
        }));
        return out;
    }
    std::vector<Batch> batches() {
        std::vector<Batch> out;
        REQUIRE_OK(archive->read("reading", [&](ArchiveStore& store) -> Result<void> {
            auto found = store.batches(0, 10'000);
            if (!found)
                return pass(found.error());
            out = *found;
            return {};
        }));
        return out;
    }
    Shipper shipper(Life who, const std::string& name) {
        return {content, *archive, who, name, clock};
    }
};

/// What a third party does: goes through the chain with nothing but what the archive holds.
bool chain_holds(Rig& rig) {
    const std::vector<ArchivedEvent> events = rig.events();
    std::string previous(64, '0');
    std::size_t next = 0;
    for (const Batch& batch : rig.batches()) {
        const auto count = static_cast<std::size_t>(batch.event_count);
        if (batch.previous_hash != previous || next + count > events.size() ||
            batch_hash(previous, std::span{events}.subspan(next, count)) != batch.hash)
            return false;
        previous = batch.hash;
        next += count;
    }
    return next == events.size();
}

}  // namespace

TEST_CASE("shipper: moves everything once, numbered without gaps and chained", "[shipper]") {
    Rig rig;
    rig.record(rig.life, 1'203);
    Shipper shipper = rig.shipper(rig.life, "pc1");
    CHECK(shipper.ship().value_or(0) == 1'203);
    CHECK(shipper.ship().value_or(1) == 0);
    CHECK(rig.waiting(rig.life) == 0);
    const auto events = rig.events();
    REQUIRE(events.size() == 1'203);
    for (std::size_t i = 0; i < events.size(); ++i)
        REQUIRE(events[i].id == static_cast<std::int64_t>(i) + 1);
    CHECK(events.back().seq == 1'203);
    CHECK(rig.batches().size() == 3);
    CHECK(chain_holds(rig));
}

TEST_CASE("shipper: what arrived before a crash does not arrive twice", "[shipper]") {
    Rig rig;
    rig.record(rig.life, 10);
    Shipper shipper = rig.shipper(rig.life, "pc1");
    REQUIRE_OK(shipper.ship());  // has the lease now
    rig.record(rig.life, 10);
    // The lease is taken, then the outbox cannot be emptied.
    rig.content.fail_after(1, Errc::unreachable);
    REQUIRE_FALSE(shipper.ship());
    CHECK(rig.waiting(rig.life) == 10);
    CHECK(rig.events().size() == 20);
    rig.content.fail_next(0, Errc::unreachable);
    CHECK(shipper.ship().value_or(0) == 10);
    CHECK(rig.waiting(rig.life) == 0);
    CHECK(rig.events().size() == 20);
    CHECK(chain_holds(rig));
}

TEST_CASE("shipper: an event that stands in the outbox twice arrives once", "[shipper]") {
    Rig rig;
    rig.record(rig.life, 2);
    rig.made = 0;  // the same again: the answer to their COMMIT was lost
    rig.record(rig.life, 3);
    Shipper shipper = rig.shipper(rig.life, "pc1");
    REQUIRE_OK(shipper.ship());
    CHECK(rig.waiting(rig.life) == 0);
    CHECK(rig.events().size() == 3);
    CHECK(chain_holds(rig));
}

TEST_CASE("shipper: of two servers one works, for all origins", "[shipper]") {
    Rig rig;
    const Life other = rig.enrol(2, "pc2.contoso.example");
    rig.record(rig.life, 3);
    rig.record(other, 4);
    Shipper first = rig.shipper(rig.life, "pc1");
    Shipper second = rig.shipper(other, "pc2");
    CHECK(first.ship().value_or(0) == 7);
    rig.record(other, 2);
    CHECK(second.ship().value_or(1) == 0);
    CHECK(rig.waiting(other) == 2);
    first.let_go();
    CHECK(second.ship().value_or(0) == 2);
    CHECK(rig.events().size() == 9);
    CHECK(chain_holds(rig));
}

TEST_CASE("shipper: one whose lease went to another is kept out by the archive", "[shipper]") {
    Rig rig;
    rig.record(rig.life, 3);
    Shipper first = rig.shipper(rig.life, "pc1");
    REQUIRE_OK(first.ship());
    // As after a pause: the archive has seen a higher token than this one believes to have.
    REQUIRE_OK(rig.archive->write("another shipper", [&](ArchiveStore& store) -> Result<void> {
        const auto head = store.advance(1'000'000'000'000'000'000, 0);
        return head ? Result<void>{} : Result<void>{pass(head.error())};
    }));
    rig.record(rig.life, 1);
    REQUIRE_ERR(first.ship(), Errc::denied, "");
    CHECK(rig.events().size() == 3);
    CHECK(rig.waiting(rig.life) == 1);
}

TEST_CASE("shipper: told to end, it ends with its portion", "[shipper]") {
    Rig rig;
    const Life other = rig.enrol(2, "pc2.contoso.example");
    rig.record(rig.life, 1'203);
    rig.record(other, 3);
    WatchedArchive archive{*rig.archive};
    Shipper shipper{rig.content, archive, rig.life, "pc1", rig.clock};
    archive.on_asked([&](int /*times*/) { shipper.stop(); });
    CHECK(shipper.ship().value_or(0) == 500);
    CHECK(rig.waiting(rig.life) == 703);
    CHECK(rig.waiting(other) == 3);
    CHECK(chain_holds(rig));
}

TEST_CASE("batch hash: tells every change", "[shipper]") {
    std::vector<ArchivedEvent> events(2);
    events[0].id = 1;
    events[0].uuid = "a";
    events[0].body = "one";
    events[1].id = 2;
    events[1].uuid = "b";
    events[1].body = "two";
    const std::string before = batch_hash("0", events);
    CHECK(batch_hash("1", events) != before);
    auto changed = events;
    changed[0].body = "One";
    CHECK(batch_hash("0", changed) != before);
    changed = events;
    changed[1].at = 1;
    CHECK(batch_hash("0", changed) != before);
    changed = events;
    std::swap(changed[0], changed[1]);
    CHECK(batch_hash("0", changed) != before);
    changed = events;
    changed.pop_back();
    CHECK(batch_hash("0", changed) != before);
}
