// SPDX-License-Identifier: Apache-2.0
// What a synchronization does with faults: of databases, of entries and of people.
#include "base/unicode.h"
#include "server/service/directory_duty.h"
#include "tests/support/directory_rig.h"

using namespace pchat;
using Rig = test::DirectoryRig;

namespace {

/// Whatever is committed takes its time, and people may talk meanwhile.
struct SlowAudience : test::RecordingAudience {
    void obey(const Touched& what) override {
        RecordingAudience::obey(what);
        meanwhile();
    }
    std::function<void()> meanwhile = [] {};
};

/// The turn to synchronize, as another server of the pool takes it.
Result<std::optional<Lease>> taken_elsewhere(ContentTransaction& tx) {
    const auto leases = tx.registry().leases();
    for (const Lease& one : *leases)
        if (one.name == "directory-sync")
            (void)tx.registry().release(one);
    Lease other;
    other.name = "directory-sync";
    other.owner_name = "pc2 1";
    return tx.registry().acquire(other, 60'000'000);
}

}  // namespace

TEST_CASE("directory sync: keeps those who talk waiting for small portions only", "[ldap]") {
    SlowAudience audience;
    test::ChatWorld world{&audience, test::memory_content()};
    const PrincipalId talker = world.user("talker");
    const RoomId room = world.room("Lobby", "General", {.members = {talker}});
    test::FakeDirectory fake;
    for (int i = 0; i < 240; ++i) {
        const std::string name = "user" + std::to_string(i);
        fake.put(
            {PrincipalKind::user, name, "uid=" + name, name + "@contoso.example", name}, test::root
        );
    }
    DirectorySync sync{*world.changes, fake, Rig::options()};
    const bool people_talk = GENERATE(false, true);
    audience.meanwhile = [&] {
        world.clock.pass(std::chrono::milliseconds{100});
        if (people_talk)
            world.post(talker, room, "hello");
    };
    REQUIRE_OK(sync.run({}));
    std::vector<std::size_t> sizes;
    for (const Touched& one : audience.touched)
        sizes.push_back(one.principals.size());
    std::vector<std::size_t> wanted{200, 40};
    if (people_talk) {
        wanted.assign(11, 4);
        wanted.front() = 200;
    }
    CHECK(sizes == wanted);
}

TEST_CASE("directory sync: what fails half-way lets nobody in and is read again", "[ldap]") {
    Rig rig;
    rig.group("denied", {Rig::dn("carol", "Bonds")});
    rig.run();
    rig.user("carol", "Bonds");
    rig.content.fail_after(2, Errc::unreachable);  // the lease and carol herself are written
    REQUIRE_ERR(rig.sync.run({}), Errc::unreachable, "does not answer");
    CHECK(rig.state_of("carol") == PrincipalState::disabled);
    CHECK_FALSE(rig.above("carol").contains("group:denied"));
    rig.content.fail_next(0, Errc::unreachable);
    // The group was not changed: only who reads everything finds her in it.
    CHECK(rig.run().full);
    CHECK(rig.state_of("carol") == PrincipalState::active);
    CHECK(rig.above("carol").contains("group:denied"));
    CHECK_FALSE(rig.run().full);
}

TEST_CASE("directory sync: who is enabled again is in its groups before", "[ldap]") {
    Rig rig;
    rig.fake.at("bob").object.disabled = true;
    rig.run();
    rig.fake.at("bob").object.disabled = false;
    rig.fake.touch("bob");
    rig.group("denied", {Rig::dn("bob", "Bonds")});
    rig.content.fail_after(2, Errc::unreachable);
    REQUIRE_ERR(rig.sync.run({}), Errc::unreachable, "does not answer");
    CHECK(rig.state_of("bob") == PrincipalState::disabled);
    rig.content.fail_next(0, Errc::unreachable);
    CHECK(rig.run().counts.joined == 1);
    CHECK(rig.state_of("bob") == PrincipalState::active);
}

TEST_CASE("directory sync: texts that cannot be taken hide nothing else", "[ldap]") {
    Rig rig;
    rig.group("traders", {Rig::dn("bob", "Bonds")});
    rig.run();
    SECTION("a user is disabled, but not enabled") {
        DirectoryObject& bob = rig.fake.at("bob").object;
        bob.flaw = "its company is not UTF-8";
        bob.disabled = true;
        rig.fake.touch("bob");
        CHECK(rig.run().problem_count == 1);
        CHECK(rig.state_of("bob") == PrincipalState::disabled);
        bob.disabled = false;
        rig.fake.touch("bob");
        rig.run();
        CHECK(rig.state_of("bob") == PrincipalState::disabled);
    }
    SECTION("a group takes its members, unless some may be missing") {
        DirectoryObject& traders = rig.fake.at("traders").object;
        traders.flaw = "its display name is not UTF-8";
        traders.display_name = "new";
        traders.members = {Rig::dn("ann", "Sales")};
        traders.partial = GENERATE(false, true);
        rig.fake.touch("traders");
        CHECK(rig.run().problem_count == 1);
        CHECK(rig.above("ann").contains("group:traders") == !traders.partial);
        CHECK(rig.above("bob").contains("group:traders") == traders.partial);
        CHECK(rig.known(PrincipalKind::group, "traders")->display == "traders");
    }
}

TEST_CASE("directory sync: an attribute that nobody can read takes nothing away", "[ldap]") {
    Rig rig;
    std::vector<std::string> members;
    for (int i = 0; i < 20; ++i) {
        rig.user("u" + std::to_string(i), "Sales");
        members.push_back(Rig::dn("u" + std::to_string(i), "Sales"));
    }
    rig.group("traders", members);
    rig.run();
    const bool addresses = GENERATE(false, true);
    const auto lose = [&](int count) {
        for (int i = 0; i < count; ++i) {
            const std::string id = "u" + std::to_string(i);
            rig.fake.at(id).object.flaw = "it has no SIP address";
            rig.fake.at(id).object.addressless = true;
            rig.fake.touch(id);
        }
    };
    if (addresses)
        lose(11);
    else
        rig.fake.at("traders").object.members.resize(9);
    rig.fake.touch("traders");
    REQUIRE_ERR(
        rig.sync.run({}),
        Errc::conflict,
        addresses ? "11 of 23 users and groups would be disabled" : "11 of 20 memberships"
    );
    CHECK(rig.state_of("u0") == PrincipalState::active);
    CHECK(rig.above("u19").contains("group:traders"));
    SyncWish meant;
    meant.force = Force::yes;
    rig.run(meant);
    CHECK((rig.state_of("u0") == PrincipalState::disabled) == addresses);
    CHECK(rig.above("u19").contains("group:traders") == addresses);
}

TEST_CASE("directory sync: a state that the directory does not tell stays", "[ldap]") {
    Rig rig;
    rig.run();
    for (const char* name : {"ann", "bob"}) {
        rig.fake.at(name).object.stateless = true;
        rig.fake.touch(name);
    }
    rig.world.set_state(
        rig.known(PrincipalKind::user, "bob@contoso.example")->id, PrincipalState::disabled
    );
    rig.user("new", "Sales");
    rig.fake.at("new").object.stateless = true;
    const SyncReport report = rig.run();
    CHECK(report.problem_count == 3);
    CHECK(rig.state_of("ann") == PrincipalState::active);
    CHECK(rig.state_of("bob") == PrincipalState::disabled);
    CHECK(rig.state_of("new") == PrincipalState::disabled);
}

TEST_CASE("directory sync: the last administrator stays", "[ldap]") {
    Rig rig;
    for (const char* more : {"c", "d", "e", "f", "g", "h"})
        rig.user(more, "Sales");
    rig.run();
    for (const char* name : {"ann", "bob"})
        rig.world.grant(
            rig.known(PrincipalKind::user, std::string{name} + "@contoso.example")->id,
            AdminRole::administrator
        );
    rig.fake.remove("ann");
    rig.fake.at("bob").object.disabled = true;
    rig.fake.touch("bob");
    SECTION("so that somebody can make others") {
        rig.world.set_state(rig.world.user("admin"), PrincipalState::disabled);
        const SyncReport report = rig.run();
        REQUIRE(report.problem_count == 1);
        CHECK_THAT(report.problems.front().why, Catch::Contains("last active administrator"));
        int acting = 0;
        for (const char* name : {"ann@contoso.example", "bob@contoso.example"}) {
            const auto one = rig.known(PrincipalKind::user, name);
            acting += one && one->state == PrincipalState::active ? 1 : 0;
        }
        CHECK(acting == 1);
        SyncWish meant;
        meant.force = Force::yes;
        meant.full = true;
        rig.run(meant);
        CHECK(rig.state_of("bob") == PrincipalState::disabled);
    }
    SECTION("but not while there is another one") {
        CHECK(rig.run().problem_count == 0);
        CHECK(rig.state_of("bob") == PrincipalState::disabled);
    }
}

TEST_CASE("directory sync: ends also while the directory says nothing of use", "[ldap]") {
    Rig rig;
    rig.fake.silent = true;
    rig.sync.stop();
    REQUIRE_ERR(rig.sync.run({}), Errc::interrupted, "the server ends");
}

TEST_CASE("directory sync: what is noted of a failure", "[ldap]") {
    Rig rig;
    SECTION("is cut between characters") {
        rig.fake.away = true;
        rig.fake.why = "x";
        for (int i = 0; i < 1'500; ++i)
            rig.fake.why += "\xc3\xa4";
        REQUIRE_FALSE(rig.sync.run({}));
        const auto progress = rig.sync.progress();
        REQUIRE_OK(progress);
        REQUIRE(*progress);
        CHECK(count_code_points(*(*progress)->last_error) == 1'000);
        CHECK_FALSE(first_invalid_utf8(*(*progress)->last_error));
    }
    SECTION("is not written over what another server notes") {
        rig.fake.meanwhile = [&] {
            rig.world.write([&](ContentTransaction& tx) -> Result<void> {
                const auto held = taken_elsewhere(tx);
                return held ? Result<void>{} : Result<void>{pass(held.error())};
            });
            rig.world.clock.pass(std::chrono::seconds{16});
        };
        REQUIRE_ERR(rig.sync.run({}), Errc::conflict, "another server has taken over");
        const auto progress = rig.sync.progress();
        REQUIRE_OK(progress);
        CHECK_FALSE(*progress);
    }
}

TEST_CASE("directory sync: what was read before its turn ran out is not written", "[ldap]") {
    Rig rig;
    rig.fake.meanwhile = [&] {
        rig.world.write([&](ContentTransaction& tx) -> Result<void> {
            const auto held = taken_elsewhere(tx);
            return held && *held ? tx.registry().release(**held)
                                 : Result<void>{fail(Errc::conflict, "it was not free")};
        });
        rig.world.clock.pass(std::chrono::seconds{16});
    };
    REQUIRE_ERR(rig.sync.run({}), Errc::conflict, "another server has taken over");
    CHECK_FALSE(rig.known(PrincipalKind::user, "ann@contoso.example"));
    rig.fake.meanwhile = [] {};
    rig.run();
    CHECK(rig.known(PrincipalKind::user, "ann@contoso.example"));
}

TEST_CASE("directory duty: rests also when it could not note what it did", "[ldap]") {
    Rig rig;
    DirectoryDuty duty{rig.sync, rig.world.clock};
    rig.content.fail_after(4, Errc::unreachable);  // the lease and three portions
    duty.tick();
    REQUIRE(duty.status().report);
    CHECK(duty.status().report->counts.added == 5);
    rig.content.fail_next(0, Errc::unreachable);
    rig.user("c", "Sales");
    duty.tick();
    CHECK_FALSE(rig.known(PrincipalKind::user, "c@contoso.example"));
    rig.world.clock.pass(std::chrono::seconds{30});
    duty.tick();
    CHECK(rig.known(PrincipalKind::user, "c@contoso.example"));
}
