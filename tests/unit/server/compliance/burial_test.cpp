// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/burial.h"
#include "server/compliance/former_sessions.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/faulty_content.h"
#include "tests/support/memory/content_database.h"
#include "tests/support/watched_archive.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

constexpr RoomId lobby{100};

/// Two servers, of which the second one was lost while people were there.
struct Rig {
    std::unique_ptr<ContentDatabase> memory = memory_content();
    FaultyContent content{*memory};
    std::unique_ptr<ArchiveDatabase> stored = memory_archive();
    WatchedArchive archive{*stored};
    SystemClock clock;
    Life self = enrol(1);
    Life lost = enrol(2);
    Microseconds passed = 0;

    Life enrol(std::int64_t number) {
        Life out;
        write([&](ContentTransaction& tx) -> Result<void> {
            Enrolment wanted;
            wanted.id = ServerId{number};
            wanted.uuid = fmt::format("00000000-0000-7000-8000-{:012}", number);
            wanted.fqdn = fmt::format("pc{}.contoso.example", number);
            wanted.lifetime = 1'000'000'000;
            const auto server = tx.registry().enrol(wanted);
            if (!server)
                return pass(server.error());
            out = {server->id, server->epoch};
            return {};
        });
        return out;
    }
    void write(const ContentWork& work) { REQUIRE_OK(memory->write("a test", work)); }
    void expire() {
        write([&](ContentTransaction& tx) {
            return tx.registry().heartbeat({lost.server, lost.epoch, 0, 0, 0});
        });
    }
    /// They are in the room, as the tables and compliance have it.
    void join(std::int64_t first, std::int64_t count = 1) {
        write([&](ContentTransaction& tx) -> Result<void> {
            for (std::int64_t user = first; user < first + count; ++user) {
                const Participant there{lobby, {user}, lost.server, lost.epoch, 1};
                if (Result<void> joined = tx.presence().join(std::span{&there, 1}); !joined)
                    return joined;
                const auto server = tx.registry().advance(lost.server, lost.epoch, 1);
                if (!server)
                    return pass(server.error());
                const nlohmann::json body = {
                    {"at", 1}, {"room", "Lobby"}, {"user", fmt::format("{}", user)}, {"kind", 1}};
                const OutboxEntry entry{
                    lost.server,
                    server->outbox_n,
                    fmt::format("10000000-0000-7000-8000-{:012}", user),
                    1,
                    compliance_join,
                    body.dump()};
                if (Result<void> added = tx.log().append_outbox(std::span{&entry, 1}); !added)
                    return added;
            }
            return {};
        });
    }
    /// So many that they are looked at in portions.
    void join_many() { join(1'000, 2'500); }
    void free_leases() {
        write([&](ContentTransaction& tx) -> Result<void> {
            const auto leases = *tx.registry().leases();
            for (const Lease& lease : leases)
                if (Result<void> released = tx.registry().release(lease); !released)
                    return released;
            return {};
        });
    }
    Burial burial(Life life) {
        return {content, &archive, life, fmt::format("pc{}", life.server.value), clock, 10s};
    }
    void call(Burial& burial, std::chrono::microseconds later) {
        passed += later.count();
        Roll roll;
        write([&](ContentTransaction& tx) -> Result<void> {
            roll.servers = *tx.registry().list();
            roll.now = *tx.registry().now() + passed;
            return {};
        });
        for (Server& server : roll.servers)
            if (server.id != lost.server)
                server.expires_at = roll.now + 1'000'000;  // the others' hearts beat
        burial.called(roll);
    }
    /// The server is lost, and has been waited for.
    void lose_for(Burial& burial) {
        expire();
        call(burial, 0s);
        call(burial, 11s);
    }
    std::size_t rows() {
        std::size_t out = 0;
        write([&](ContentTransaction& tx) -> Result<void> {
            out = tx.presence().in_room(lobby)->size();
            return {};
        });
        return out;
    }
    std::size_t parts() {
        std::size_t out = 0;
        write([&](ContentTransaction& tx) -> Result<void> {
            const auto entries = *tx.log().outbox(lost.server, 10'000);
            for (const OutboxEntry& entry : entries)
                out += entry.kind == compliance_part ? 1 : 0;
            return {};
        });
        return out;
    }
    std::int64_t epoch() {
        std::int64_t out = 0;
        write([&](ContentTransaction& tx) -> Result<void> {
            const auto servers = *tx.registry().list();
            for (const Server& server : servers)
                if (server.id == lost.server)
                    out = server.epoch;
            return {};
        });
        return out;
    }
    std::size_t start_again() {
        const auto former =
            end_former_sessions(*memory, archive, enrol(2), clock, [] { return true; });
        REQUIRE_OK(former);
        return former->ended;
    }
};

}  // namespace

TEST_CASE("burial: what a lost server left is put away, once", "[burial]") {
    Rig rig;
    rig.join(11);
    rig.join(12);
    rig.expire();
    Burial burial = rig.burial(rig.self);
    rig.call(burial, 0s);
    REQUIRE_OK(burial.bury());
    CHECK(rig.rows() == 2);  // it may come back yet
    rig.call(burial, 9s);
    REQUIRE_OK(burial.bury());
    CHECK(rig.rows() == 2);
    rig.call(burial, 2s);
    REQUIRE_OK(burial.bury());
    CHECK(rig.rows() == 0);
    CHECK(rig.parts() == 2);
    CHECK(burial.count() == 1);
    const std::int64_t buried = rig.epoch();
    CHECK(buried == rig.lost.epoch + 1);
    Burial another = rig.burial(rig.enrol(3));
    for (Burial* one : {&burial, &another})
        for (int i = 0; i < 2; ++i) {
            rig.call(*one, 11s);
            REQUIRE_OK(one->bury());
        }
    CHECK(rig.parts() == 2);
    CHECK(burial.count() + another.count() == 1);
    CHECK(rig.epoch() == buried);
    CHECK(rig.start_again() == 0);
    CHECK(rig.parts() == 2);
}

TEST_CASE("burial: a server whose heart beats again in time lives on", "[burial]") {
    Rig rig;
    rig.join(11);
    Burial burial = rig.burial(rig.self);
    rig.lose_for(burial);
    rig.write([&](ContentTransaction& tx) {
        return tx.registry().heartbeat({rig.lost.server, rig.lost.epoch, 0, 0, 1'000'000'000});
    });
    REQUIRE_OK(burial.bury());
    CHECK(rig.rows() == 1);
    CHECK(rig.epoch() == rig.lost.epoch);
}

TEST_CASE("burial: killed after any step, another server ends it, each part once", "[burial]") {
    Rig rig;
    const int steps = GENERATE(range(0, 6));  // lease, fence, parts, rows, mark
    INFO(steps);
    rig.join(11);
    rig.join(12);
    Burial killed = rig.burial(rig.self);
    rig.lose_for(killed);
    rig.content.fail_after(steps, Errc::unreachable);
    CHECK(killed.bury().has_value() == (steps == 5));
    rig.content.fail_next(0, Errc::internal);
    rig.free_leases();  // its own runs out
    Burial other = rig.burial(rig.enrol(3));
    rig.call(other, 11s);
    rig.call(other, 11s);
    REQUIRE_OK(other.bury());
    CHECK(rig.rows() == 0);
    CHECK(rig.parts() == 2);
    CHECK(rig.start_again() == 0);
}

TEST_CASE("burial: a server that starts anew meanwhile ends its visits itself", "[burial]") {
    Rig rig;
    rig.join(11);
    Burial burial = rig.burial(rig.self);
    rig.lose_for(burial);
    CHECK(rig.start_again() == 1);
    REQUIRE_OK(burial.bury());
    CHECK(rig.parts() == 1);
    CHECK(rig.epoch() == rig.lost.epoch + 1);
}

TEST_CASE("burial: one whose lease went to another leaves the rest to that", "[burial]") {
    Rig rig;
    rig.join_many();
    Burial slow = rig.burial(rig.self);
    rig.lose_for(slow);
    LeaseHold lease{*rig.memory, "burial", rig.enrol(3), "pc3", 60s};
    rig.archive.on_asked([&](int times) {
        if (times != 2)
            return;
        rig.free_leases();  // as after a pause
        const Result<bool> taken = lease.take();
        REQUIRE_OK(taken);
        REQUIRE(*taken);
    });
    REQUIRE_OK(slow.bury());
    CHECK(slow.count() == 0);
    CHECK(rig.parts() == 0);
}

TEST_CASE("burial: told to end, it ends with its portion, and another goes on", "[burial]") {
    Rig rig;
    rig.join_many();
    Burial burial = rig.burial(rig.self);
    rig.lose_for(burial);
    rig.archive.on_asked([&](int /*times*/) { burial.stop(); });
    REQUIRE_OK(burial.bury());
    CHECK(rig.archive.asked() == 1);
    CHECK(burial.count() == 0);
    CHECK(rig.parts() == 0);
    burial.let_go();
    rig.archive.on_asked({});
    Burial other = rig.burial(rig.enrol(3));
    rig.call(other, 11s);
    rig.call(other, 11s);
    REQUIRE_OK(other.bury());
    CHECK(other.count() == 1);
    CHECK(rig.parts() == 2'500);
}

TEST_CASE("burial: a server that starts for long, and says so, is not lost", "[burial]") {
    Rig rig;
    rig.join(11);
    Burial burial = rig.burial(rig.self);
    rig.expire();
    for (int i = 0; i < 5; ++i) {
        rig.call(burial, 9s);
        REQUIRE_OK(burial.bury());
        rig.expire();  // a heartbeat that makes it no living one
    }
    CHECK(rig.epoch() == rig.lost.epoch);
    rig.call(burial, 9s);
    rig.call(burial, 11s);
    rig.expire();  // since we looked
    REQUIRE_OK(burial.bury());
    CHECK(rig.epoch() == rig.lost.epoch);
    rig.call(burial, 9s);
    rig.call(burial, 11s);
    REQUIRE_OK(burial.bury());
    CHECK(rig.epoch() == rig.lost.epoch + 1);
}

TEST_CASE("burial: one without compliance leaves the visits to one that has it", "[burial]") {
    Rig rig;
    rig.join(11);
    Burial without{rig.content, nullptr, rig.self, "pc1", rig.clock, 10s};
    rig.lose_for(without);
    REQUIRE_OK(without.bury());
    CHECK(without.count() == 1);
    CHECK(rig.rows() == 0);
    CHECK(rig.parts() == 0);
    Burial with = rig.burial(rig.enrol(3));
    for (Burial* one : {&with, &without, &with})
        for (int i = 0; i < 2; ++i) {
            rig.call(*one, 11s);
            REQUIRE_OK(one->bury());
        }
    CHECK(rig.parts() == 1);
    CHECK(with.count() == 1);
    CHECK(without.count() == 1);
}
