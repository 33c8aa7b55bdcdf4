// SPDX-License-Identifier: Apache-2.0
#include "server/domain/server_life.h"
#include "tests/integration/db/contract.h"

#include <set>
#include <thread>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr Microseconds minute = 60'000'000;

Enrolment an_enrolment(const std::string& fqdn, std::int64_t id) {
    Enrolment out;
    out.id = ServerId{id};
    out.uuid = uuid_of(id);
    out.fqdn = fqdn;
    out.addresses = R"(["https://)" + fqdn + R"("])";
    out.version = "1.0";
    out.lifetime = minute;
    return out;
}

Server enrol(Content& content, const std::string& fqdn, std::int64_t id) {
    Server out;
    content.write([&](ContentTransaction& tx) -> Result<void> {
        auto server = tx.registry().enrol(an_enrolment(fqdn, id));
        if (!server)
            return pass(server.error());
        out = *server;
        return {};
    });
    return out;
}

std::optional<Lease> acquire(Content& content, const Lease& wanted, Microseconds lifetime) {
    std::optional<Lease> out;
    content.write([&](ContentTransaction& tx) -> Result<void> {
        auto lease = tx.registry().acquire(wanted, lifetime);
        if (!lease)
            return pass(lease.error());
        out = *lease;
        return {};
    });
    return out;
}

}  // namespace

TEST_CASE("registry: numbers are handed out once, to many at a time", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<std::vector<std::int64_t>> taken(3);
    std::vector<std::thread> threads;
    for (auto& mine : taken)
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i) {
                const Result<void> done =
                    content->write("testing", [&](ContentTransaction& tx) -> Result<void> {
                        const auto first = tx.registry().take_ids(IdKind::room, 100);
                        if (!first)
                            return pass(first.error());
                        mine.push_back(*first);
                        return {};
                    });
                if (!done)
                    return;
            }
        });
    for (std::thread& thread : threads)
        thread.join();
    std::set<std::int64_t> all;
    for (const auto& mine : taken) {
        // A run that was repeated has taken another block: what counts is that none is given twice.
        REQUIRE(mine.size() >= 10);
        all.insert(mine.begin(), mine.end());
    }
    for (const std::int64_t first : all) {
        CHECK(first % 100 == 1);
        CHECK(first >= 1);
    }
    content.write([&](ContentTransaction& tx) -> Result<void> {
        CHECK(*tx.registry().take_ids(IdKind::room, 1) > *all.rbegin());
        CHECK(*tx.registry().take_ids(IdKind::principal, 1) == 1);
        return {};
    });
}

TEST_CASE("registry: a new life of a server fences the one before", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    const Server first = enrol(content, "pc1.contoso.example", 1);
    CHECK(first.epoch == 1);
    CHECK(first.expires_at == first.heartbeat_at + minute);
    const Server second = enrol(content, "pc1.contoso.example", 9);
    CHECK(second.id == first.id);
    CHECK(second.epoch == 2);

    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) -> Result<void> {
            const auto server = tx.registry().advance(first.id, first.epoch, 1);
            return server ? Result<void>{} : pass(server.error());
        }),
        Errc::denied,
        "replaced"
    );
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) {
            return tx.registry().heartbeat({first.id, first.epoch, 5, 10, minute});
        }),
        Errc::denied,
        "replaced"
    );
    content.write([&](ContentTransaction& tx) -> Result<void> {
        for (const std::int64_t n : {1, 2}) {
            const auto server = tx.registry().advance(second.id, second.epoch, 3);
            REQUIRE_OK(server);
            CHECK(server->log_n == n);
            CHECK(server->outbox_n == 3 * n);
        }
        return tx.registry().heartbeat({second.id, second.epoch, 5, 10, minute});
    });
    // The numbers go on in the next life: readers have cursors on them.
    CHECK(enrol(content, "pc1.contoso.example", 1).log_n == 2);
    content.write([&](ContentTransaction& tx) -> Result<void> {
        for (const bool lives : {true, false}) {
            const auto fenced = tx.registry().fence(second.id, 3);
            REQUIRE_OK(fenced);
            CHECK(*fenced == lives);
        }
        return tx.registry().set_state(second.id, ServerState::standby);
    });
    const auto servers = content.read([](ContentTransaction& tx) { return tx.registry().list(); });
    REQUIRE(servers.size() == 1);
    CHECK(servers[0].epoch == 4);
    CHECK(servers[0].expires_at > 0);  // it is lost, which is not an end in order
    const auto now = content.read([](ContentTransaction& tx) { return tx.registry().now(); });
    CHECK(is_lost(servers[0], now));
    CHECK(servers[0].state == ServerState::standby);
    CHECK(servers[0].addresses == R"(["https://pc1.contoso.example"])");
}

TEST_CASE("registry: a server stays what administrators made of it, over its lives", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    const Server first = enrol(content, "pc1.contoso.example", 1);
    CHECK(first.state == ServerState::active);
    const auto after = [&](ServerState state) {
        content.write([&](ContentTransaction& tx) {
            return tx.registry().set_state(first.id, state);
        });
        return enrol(content, "pc1.contoso.example", 1).state;
    };
    CHECK(after(ServerState::standby) == ServerState::standby);
    CHECK(after(ServerState::draining) == ServerState::draining);
    CHECK(after(ServerState::stopped) == ServerState::active);  // of an earlier version
    CHECK(after(ServerState::removed) == ServerState::active);
}

TEST_CASE("registry: an end in order is one at once, a former life ends nothing", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    const Server first = enrol(content, "pc1.contoso.example", 1);
    const Server second = enrol(content, "pc1.contoso.example", 1);
    const auto row = [&] {
        return content.read([](ContentTransaction& tx) { return tx.registry().list(); }).front();
    };
    content.write([&](ContentTransaction& tx) -> Result<void> {
        if (auto done = tx.registry().heartbeat({second.id, second.epoch, 5, 10, minute}); !done)
            return done;
        if (auto done = tx.registry().announce(second.id, second.epoch, R"(["https://a"])"); !done)
            return done;
        return tx.registry().leave(first.id, first.epoch);
    });
    CHECK(row().expires_at > 0);
    CHECK(row().addresses == R"(["https://a"])");
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) {
            return tx.registry().announce(first.id, first.epoch, "[]");
        }),
        Errc::denied,
        "replaced"
    );
    content.write([&](ContentTransaction& tx) {
        return tx.registry().leave(second.id, second.epoch);
    });
    CHECK(row().expires_at == 0);
    CHECK(row().session_count == 0);
    CHECK(row().state == ServerState::active);
    CHECK(row().epoch == second.epoch);
}

TEST_CASE("registry: the clock of the database goes on", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    const auto now = [](ContentTransaction& tx) { return tx.registry().now(); };
    const Microseconds before = content.read(now);
    CHECK(before > 0);
    CHECK(content.read(now) >= before);
}

TEST_CASE("registry: facts are kept by name", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    const auto pool = [](ContentTransaction& tx) { return tx.registry().fact("pool_fqdn"); };
    CHECK_FALSE(content.read(pool));
    for (const std::string value : {"a.example", "b.example"})
        content.write([&](ContentTransaction& tx) {
            return tx.registry().put_fact("pool_fqdn", value);
        });
    CHECK(content.read(pool) == "b.example");
}

TEST_CASE("leases: one has it until it expires or is given back", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    Lease mine;
    mine.name = "shipper";
    mine.owner_name = "pc1";
    Lease yours = mine;
    yours.owner_name = "pc2";

    const auto first = acquire(content, mine, minute);
    REQUIRE(first);
    CHECK(first->fencing_token == 1);
    CHECK_FALSE(acquire(content, yours, minute));
    const auto renewed = acquire(content, *first, minute);
    REQUIRE(renewed);
    CHECK(renewed->fencing_token == 1);

    content.write([&](ContentTransaction& tx) { return tx.registry().release(*first); });
    const auto taken = acquire(content, yours, -minute);  // expired at once
    REQUIRE(taken);
    CHECK(taken->fencing_token == 2);
    CHECK(taken->owner_name == "pc2");
    const auto back = acquire(content, mine, minute);
    REQUIRE(back);
    CHECK(back->fencing_token == 3);
    // Whoever lost it neither renews nor releases it.
    CHECK_FALSE(acquire(content, *taken, minute));
    content.write([&](ContentTransaction& tx) { return tx.registry().release(*taken); });
    CHECK_FALSE(acquire(content, yours, minute));
    CHECK(content.read([](ContentTransaction& tx) { return tx.registry().leases(); }).size() == 1);
}

TEST_CASE(
    "logs: each origin's entries are read in order and trimmed from the front", "[registry]"
) {
    Content content{GENERATE(from_range(backends()))};
    content.write([](ContentTransaction& tx) -> Result<void> {
        for (std::int64_t n = 1; n <= 5; ++n)
            for (const std::int64_t origin : {1, 2})
                if (Result<void> done =
                        tx.log().append({ServerId{origin}, n, n * 10, 1, R"({"n":"ä"})"});
                    !done)
                    return done;
        return {};
    });
    const auto after = [&](std::int64_t n, int limit) {
        return content.read([&](ContentTransaction& tx) {
            return tx.log().after(ServerId{1}, n, limit);
        });
    };
    CHECK(after(0, 3).size() == 3);
    REQUIRE(after(3, 10).size() == 2);
    CHECK(after(3, 10)[0].n == 4);
    CHECK(after(3, 10)[0].body == R"({"n":"ä"})");
    const auto trim = [&](Microseconds at, int limit) {
        std::int64_t gone = 0;
        content.write([&](ContentTransaction& tx) -> Result<void> {
            gone = *tx.log().trim(ServerId{1}, at, limit);
            return {};
        });
        return gone;
    };
    CHECK(trim(40, 2) == 2);
    CHECK(trim(40, 100) == 1);
    CHECK(trim(40, 100) == 0);
    CHECK(after(0, 10).size() == 2);
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) {
            return tx.log().append({ServerId{1}, 5, 1, 1, "{}"});
        }),
        Errc::conflict,
        ""
    );
}

TEST_CASE("logs: a young entry ends the trimming, whatever stands behind it", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    content.write([](ContentTransaction& tx) -> Result<void> {
        const Microseconds times[] = {10, 100, 20};
        for (std::int64_t n = 1; n <= 3; ++n)
            if (Result<void> done = tx.log().append({ServerId{1}, n, times[n - 1], 1, "{}"}); !done)
                return done;
        CHECK(*tx.log().trim(ServerId{1}, 50, 10) == 1);
        CHECK(*tx.log().trim(ServerId{1}, 50, 10) == 0);
        return {};
    });
}

TEST_CASE("logs: the outbox is emptied from the front", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<OutboxEntry> entries;
    for (std::int64_t n = 1; n <= 200; ++n)
        entries.push_back({ServerId{1}, n, uuid_of(n), n, 1, "{}"});
    content.write([&](ContentTransaction& tx) { return tx.log().append_outbox(entries); });
    const auto outbox = [](ContentTransaction& tx) { return tx.log().outbox(ServerId{1}, 50); };
    CHECK(content.read(outbox).size() == 50);
    content.write([](ContentTransaction& tx) { return tx.log().erase_outbox(ServerId{1}, 180); });
    const auto rest = content.read(outbox);
    REQUIRE(rest.size() == 20);
    CHECK(rest[0].n == 181);
    CHECK(rest[0].uuid == uuid_of(181));
}

TEST_CASE("registry: after a restore nothing begins below the floor", "[registry]") {
    Content content{GENERATE(from_range(backends()))};
    content.write([](ContentTransaction& tx) {
        return tx.registry().put_fact(fence_floor_fact, "1795000000000000");
    });
    CHECK(enrol(content, "new.contoso.example", 1).epoch == 1'795'000'000'000'001);
    CHECK(enrol(content, "new.contoso.example", 1).epoch == 1'795'000'000'000'002);
    Lease wanted;
    wanted.name = "shipper";
    wanted.owner_name = "new";
    const auto lease = acquire(content, wanted, minute);
    REQUIRE(lease);
    CHECK(lease->fencing_token == 1'795'000'000'000'001);
}
