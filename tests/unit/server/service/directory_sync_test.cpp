// SPDX-License-Identifier: Apache-2.0
#include "server/service/category_admin.h"
#include "server/service/directory_duty.h"
#include "server/service/endpoint_admin.h"
#include "server/service/wall_admin.h"
#include "tests/support/directory_rig.h"

#include <set>

using namespace pchat;
using Rig = test::DirectoryRig;
using test::root;

TEST_CASE("directory sync: users come with the folders and groups that they are in", "[ldap]") {
    Rig rig;
    rig.group("traders", {Rig::dn("bob", "Bonds"), "uid=nobody," + root});
    rig.group("staff", {Rig::dn("traders", "Sales"), Rig::dn("ann", "Sales")});
    const SyncReport report = rig.run();
    CHECK(report.counts.added == 7);
    CHECK(report.problem_count == 0);
    CHECK(
        rig.above("bob") ==
        std::set<std::string>{
            "domain:contoso.example",
            "everyone",
            "group:staff",
            "group:traders",
            "ou:ou=Bonds," + root}
    );
    // Where a group is kept says nothing of its members.
    CHECK(rig.above("ann").contains("ou:ou=Sales," + root));
    CHECK_FALSE(rig.above("bob").contains("ou:ou=Sales," + root));
    CHECK(rig.known(PrincipalKind::user, "ann@contoso.example")->display == "ann here");
    SECTION("and nothing happens when nothing has changed") {
        rig.fake.read.clear();
        const SyncReport again = rig.run();
        CHECK(again.counts.added + again.counts.changed + again.counts.moved == 0);
        CHECK(again.counts.joined + again.counts.left + again.counts.removed == 0);
        CHECK(rig.fake.read.empty());
    }
    SECTION("each change is audited and reaches live sessions") {
        CHECK_FALSE(rig.world.heard.touched.empty());
        bool told = false;
        for (const AuditEntry& entry : rig.world.audit())
            told = told || (entry.action == "directory.add" &&
                            entry.object_name == "sip:ann@contoso.example");
        CHECK(told);
    }
}

TEST_CASE("directory sync: the address of an endpoint is given to nobody else", "[ldap]") {
    Rig rig;
    EndpointFields desk;
    desk.address = "sip:ann@contoso.example";
    REQUIRE_OK(create_endpoint(*rig.world.changes, rig.world.as("admin"), desk));
    const SyncReport report = rig.run();
    CHECK(report.problem_count == 1);
    CHECK_FALSE(rig.known(PrincipalKind::user, "ann@contoso.example"));
    CHECK(rig.known(PrincipalKind::user, "bob@contoso.example"));
}

TEST_CASE("directory sync: who is renamed or moved stays who it is", "[ldap]") {
    Rig rig;
    rig.group("traders", {Rig::dn("bob", "Bonds")});
    rig.run();
    const PrincipalId bob = rig.known(PrincipalKind::user, "bob@contoso.example")->id;
    SECTION("with another address") {
        rig.fake.at("bob").object.name = "robert@contoso.example";
        rig.fake.touch("bob");
        CHECK(rig.run().counts.changed == 1);
        CHECK(rig.known(PrincipalKind::user, "robert@contoso.example")->id == bob);
        CHECK_FALSE(rig.known(PrincipalKind::user, "bob@contoso.example"));
    }
    SECTION("in another folder, which a group follows that is changed in the directory") {
        auto& thing = rig.fake.at("bob");
        thing.object.dn = Rig::dn("bob", "Sales");
        thing.parent = "ou=Sales," + root;
        rig.fake.at("traders").object.members = {thing.object.dn};
        CHECK(rig.run().counts.moved == 1);
        CHECK(rig.above("bob").contains("ou:ou=Sales," + root));
        CHECK_FALSE(rig.above("bob").contains("ou:ou=Bonds," + root));
        CHECK(rig.above("bob").contains("group:traders"));
    }
    SECTION("below a folder that was renamed, though nothing was changed in them") {
        const std::string now = "ou=Stocks," + root;
        rig.fake.at("Bonds").object.dn = now;
        rig.fake.at("bob").object.dn = "uid=bob," + now;
        rig.fake.at("bob").parent = now;
        rig.fake.at("traders").object.members = {"uid=bob," + now};
        CHECK(rig.run().counts.moved == 2);
        CHECK(rig.above("bob").contains("ou:" + now));
        CHECK(rig.above("bob").contains("group:traders"));
    }
    SECTION("while two change places with each other") {
        std::swap(rig.fake.at("ann").object.name, rig.fake.at("bob").object.name);
        std::swap(rig.fake.at("ann").object.dn, rig.fake.at("bob").object.dn);
        rig.fake.touch("ann");
        rig.fake.touch("bob");
        CHECK(rig.run().counts.changed == 2);
        CHECK(rig.known(PrincipalKind::user, "ann@contoso.example")->id == bob);
    }
}

TEST_CASE("directory sync: a new entry under the name of an old one is somebody else", "[ldap]") {
    Rig rig;
    rig.group("traders", {Rig::dn("bob", "Bonds")});
    for (const char* more : {"c", "d", "e", "f", "g"})
        rig.user(more, "Sales");
    rig.run();
    const PrincipalId old = rig.known(PrincipalKind::user, "bob@contoso.example")->id;
    rig.fake.remove("bob");
    rig.user("bob2", "Bonds");
    rig.fake.at("bob2").object.name = "bob@contoso.example";
    rig.fake.at("bob2").object.dn = Rig::dn("bob", "Bonds");
    const SyncReport report = rig.run();
    CHECK(report.counts.removed == 1);
    CHECK(report.counts.added == 1);
    CHECK(rig.known(PrincipalKind::user, "bob@contoso.example")->id != old);
    // The group names the DN, so it means the new one.
    CHECK(rig.above("bob").contains("group:traders"));
    rig.world.directory.read([&](const DirectoryState& state) {
        CHECK(state.principal(old)->state == PrincipalState::gone);
        CHECK(state.principal(old)->parents.empty());
        return 0;
    });
}

TEST_CASE("directory sync: what is removed is gone with its rights, but never too much", "[ldap]") {
    Rig rig;
    for (const char* more : {"c", "d", "e", "f"})
        rig.user(more, "Sales");
    rig.group("traders", {Rig::dn("c", "Sales")});
    rig.run();
    SECTION("one of seven goes") {
        const PrincipalId id = rig.known(PrincipalKind::user, "c@contoso.example")->id;
        rig.world.grant(id, AdminRole::viewer);
        rig.fake.remove("c");
        CHECK(rig.run().counts.removed == 1);
        rig.world.directory.read([&](const DirectoryState& state) {
            CHECK(state.principal(id)->state == PrincipalState::gone);
            CHECK(state.person(id).roles == 0);
            return 0;
        });
        rig.user("c", "Sales");  // the same entry is back
        CHECK(rig.run().counts.added == 1);
        CHECK(rig.known(PrincipalKind::user, "c@contoso.example")->id == id);
        CHECK(rig.known(PrincipalKind::user, "c@contoso.example")->roles == 0);
    }
    SECTION("two of seven do not, unless it is meant") {
        rig.fake.remove("c");
        rig.fake.remove("d");
        REQUIRE_ERR(rig.sync.run({}), Errc::conflict, "2 of 7 users and groups would be removed");
        CHECK(rig.known(PrincipalKind::user, "c@contoso.example")->state == PrincipalState::active);
        const auto progress = rig.sync.progress();
        REQUIRE_OK(progress);
        CHECK((*progress)->try_count == 1);
        SyncWish meant;
        meant.force = Force::yes;
        CHECK(rig.run(meant).counts.removed == 2);
    }
    SECTION("nothing goes when the directory shows nothing") {
        rig.fake.things.clear();
        REQUIRE_ERR(rig.sync.run({}), Errc::conflict, "nothing was changed");
    }
    SECTION("a group that a category denies stays") {
        const PrincipalId traders = rig.known(PrincipalKind::group, "traders")->id;
        rig.world.category("Research", {.allowed = {rig.world.everyone()}, .denied = {traders}});
        rig.fake.remove("traders");
        const SyncReport report = rig.run();
        CHECK(report.counts.removed == 0);
        REQUIRE(report.problem_count == 1);
        CHECK_THAT(report.problems.front().why, Catch::Contains("a category denies it"));
        CHECK(rig.above("c").contains("group:traders"));
        SyncWish meant;
        meant.force = Force::yes;
        CHECK(rig.run(meant).counts.removed == 1);
        CHECK_FALSE(rig.above("c").contains("group:traders"));
    }
}

TEST_CASE("directory sync: a group that a wall names stays", "[ldap]") {
    Rig rig;
    for (const char* more : {"c", "d", "e", "f"})
        rig.user(more, "Sales");
    rig.group("traders", {Rig::dn("c", "Sales")});
    rig.run();
    const auto raise = [&] {
        WallFields fields;
        fields.a.replace = {"group:traders"};
        fields.b.replace = {"sip:bob@contoso.example"};
        REQUIRE_OK(put_wall(*rig.world.changes, rig.world.as("admin"), "Inside", fields));
    };
    const auto sides = [&] {
        return rig.world.directory.read([](const DirectoryState& state) {
            return state.walls().at(0).a.size() + state.walls().at(0).b.size();
        });
    };
    rig.fake.remove("traders");
    SECTION("and it is told") {
        raise();
        const SyncReport report = rig.run();
        CHECK(report.counts.removed == 0);
        REQUIRE(report.problem_count == 1);
        CHECK_THAT(report.problems.front().why, Catch::Contains("a wall names it"));
        CHECK(sides() == 2);
        SyncWish meant;
        meant.force = Force::yes;
        CHECK(rig.run(meant).counts.removed == 1);
        CHECK(sides() == 1);
        const std::vector<AuditEntry> audit = rig.world.audit();
        CHECK_THAT(audit.front().old_value.value_or(""), Catch::Contains("\"name\":\"Inside\""));
    }
    SECTION("also when it was named after everything was read") {
        rig.fake.later = raise;
        rig.run();
        CHECK(rig.known(PrincipalKind::group, "traders")->state == PrincipalState::active);
        CHECK(sides() == 2);
        CHECK(rig.above("c").contains("group:traders"));
    }
}

TEST_CASE("directory sync: who is missing for once comes back denied", "[ldap]") {
    Rig rig;
    for (const char* more : {"c", "d", "e", "f"})
        rig.user(more, "Sales");
    rig.run();
    const PrincipalId bob = rig.known(PrincipalKind::user, "bob@contoso.example")->id;
    rig.world.category("Research", {.allowed = {rig.world.everyone(), bob}, .denied = {bob}});
    rig.world.room("Lab", "Research", {.members = {bob}});
    WallFields fields;
    fields.a.replace = {"sip:ann@contoso.example"};
    fields.b.replace = {"sip:bob@contoso.example"};
    REQUIRE_OK(put_wall(*rig.world.changes, rig.world.as("admin"), "Inside", fields));
    const auto gone = rig.fake.at("bob");
    rig.fake.remove("bob");
    CHECK(rig.run().counts.removed == 1);
    const auto lists = rig.world.category_now("Research");
    CHECK(lists.denied == std::vector{bob});
    CHECK(lists.allowed == std::vector{rig.world.everyone()});
    CHECK(rig.world.room_now("Lab").members.empty());
    // What went is told.
    const std::vector<AuditEntry> audit = rig.world.audit();
    CHECK(audit.front().action == "directory.remove");
    for (const char* name : {"Research", "Lab"})
        CHECK_THAT(audit.front().old_value.value_or(""), Catch::Contains(name));
    SECTION("though somebody removes the denial while it is away") {
        CategoryFields freed;
        freed.deny.remove = {"sip:bob@contoso.example"};
        REQUIRE_OK(change_category(*rig.world.changes, rig.world.as("admin"), "Research", freed));
        CHECK(rig.world.category_now("Research").denied.empty());
    }
    SECTION("and behind the wall") {
        rig.fake.things["id-bob"] = gone;
        CHECK(rig.run().counts.added == 1);
        CHECK(rig.known(PrincipalKind::user, "bob@contoso.example")->id == bob);
        CHECK(rig.world.category_now("Research").denied == std::vector{bob});
        rig.world.directory.read([&](const DirectoryState& state) {
            CHECK(state.walls().at(0).b == std::vector{bob});
            return 0;
        });
    }
}

TEST_CASE("directory sync: what cannot be taken is told and harms nobody else", "[ldap]") {
    Rig rig;
    rig.world.user("local");
    rig.user("local", "Sales");
    rig.user("zoe", "Sales");
    rig.fake.at("zoe").object.name = "ann@contoso.example";
    rig.user("bad", "Sales");
    rig.fake.at("bad").object.flaw = "it has no SIP address";
    rig.group("a", {Rig::dn("b", "Sales")});
    rig.group("b", {Rig::dn("a", "Sales"), Rig::dn("ann", "Sales")});
    rig.group("c", {Rig::dn("c", "Sales")});
    const SyncReport report = rig.run();
    std::set<std::string> why;
    for (const DirectoryProblem& one : report.problems)
        why.insert(one.why);
    CHECK(
        why ==
        std::set<std::string>{
            "'ann@contoso.example' is somebody else's already",
            "'local@contoso.example' is somebody else's already",
            "it has no SIP address",
            "its member '" + Rig::dn("a", "Sales") + "' would be in itself",
            "its member '" + Rig::dn("c", "Sales") + "' would be in itself"}
    );
    CHECK(rig.above("ann").contains("group:a"));
    SECTION("an address that becomes free is taken by who waits for it") {
        rig.fake.at("ann").object.name = "anna@contoso.example";
        rig.fake.touch("ann");
        CHECK(rig.run().counts.added == 1);
        CHECK(rig.known(PrincipalKind::user, "ann@contoso.example"));
    }
    SECTION("who loses the address is disabled") {
        rig.fake.at("bob").object.flaw = "it has no SIP address";
        rig.fake.at("bob").object.addressless = true;
        rig.fake.touch("bob");
        CHECK(rig.run().counts.changed == 1);
        CHECK(
            rig.known(PrincipalKind::user, "bob@contoso.example")->state == PrincipalState::disabled
        );
    }
}

TEST_CASE("directory sync: two groups of one name are told apart by their DN", "[ldap]") {
    Rig rig;
    rig.group("traders", {});
    rig.run();
    rig.group("other", {Rig::dn("ann", "Sales")});
    rig.fake.at("other").object.name = "Traders";
    CHECK(rig.run().counts.added == 1);
    CHECK(rig.above("ann").contains("group:" + Rig::dn("other", "Sales")));
    CHECK_FALSE(rig.above("ann").contains("group:traders"));
}

TEST_CASE("directory sync: a trial changes nothing", "[ldap]") {
    Rig rig;
    SyncWish trial;
    trial.dry_run = true;
    const SyncReport report = rig.run(trial);
    CHECK(report.counts.added == 5);
    CHECK(report.changes.size() == 5);
    CHECK_FALSE(rig.known(PrincipalKind::user, "ann@contoso.example"));
    const auto progress = rig.sync.progress();
    REQUIRE_OK(progress);
    CHECK_FALSE(*progress);
}

TEST_CASE("directory sync: only one server does it at a time", "[ldap]") {
    Rig rig;
    rig.world.write([&](ContentTransaction& tx) {
        Lease other;
        other.name = "directory-sync";
        other.owner_name = "pc2 1";
        const auto held = tx.registry().acquire(other, 60'000'000);
        return held ? Result<void>{} : Result<void>{pass(held.error())};
    });
    REQUIRE_ERR(rig.sync.run({}), Errc::conflict, "another server");
    CHECK_FALSE(rig.known(PrincipalKind::user, "ann@contoso.example"));
}

TEST_CASE(
    "directory duty: runs when it is due, when it is asked, and again soon after a failure",
    "[ldap]"
) {
    Rig rig;
    DirectoryDuty duty{rig.sync, rig.world.clock};
    rig.fake.away = true;
    duty.tick();
    REQUIRE(duty.status().problem);
    CHECK(duty.status().problem->reason == "directory-unavailable");
    rig.fake.away = false;
    duty.tick();
    CHECK_FALSE(duty.status().report);
    rig.world.clock.pass(std::chrono::seconds{31});
    duty.tick();
    REQUIRE(duty.status().report);
    CHECK(duty.status().report->counts.added == 5);
    rig.user("c", "Sales");
    duty.tick();
    CHECK(duty.status().report->counts.added == 5);
    REQUIRE_OK(duty.ask({}));
    REQUIRE_ERR(duty.ask({}), Errc::conflict, "already");
    duty.tick();
    CHECK(duty.status().ended == 1);
    CHECK(duty.status().report->counts.added == 1);
    rig.user("d", "Sales");
    rig.world.clock.pass(std::chrono::minutes{15});
    duty.tick();
    CHECK(duty.status().report->counts.added == 1);
    CHECK(rig.known(PrincipalKind::user, "d@contoso.example"));
}
