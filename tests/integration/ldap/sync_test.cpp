// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/ldap/ldap_scene.h"

#include <set>

using namespace pchat;
using namespace pchat::test;

namespace {

/// ann in Sales; bob in Bonds, and in the group traders; something newer than both.
std::unique_ptr<Slapd> small_directory() {
    return Slapd::start(
        {.ldif = folder_ldif("Sales") + folder_ldif("Bonds") + folder_ldif("Groups") +
                 user_ldif("ann", "Sales") + user_ldif("bob", "Bonds") + user_ldif("cat", "Bonds") +
                 user_ldif("dan", "Bonds") + user_ldif("eve", "Bonds") +
                 group_ldif("traders", {dn_of("bob", "Bonds")}) +
                 fmt::format(
                     "dn: ou=New,{}\nobjectClass: organizationalUnit\nou: New\n"
                     "modifyTimestamp: 20260102000000Z\n\n",
                     Slapd::root
                 )}
    );
}

const std::string sales = std::string{"ou:ou=Sales,"} + Slapd::root;
const std::string bonds = std::string{"ou:ou=Bonds,"} + Slapd::root;

}  // namespace

TEST_CASE("slapd: everything comes once, and then only what is new", "[ldap]") {
    const auto slapd = small_directory();
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    const SyncReport first = scene.run();
    CHECK(first.full);
    CHECK(first.counts.added == 11);  // the domain, four folders, five users, a group
    CHECK(scene.source.domain() == "contoso.example");
    const KnownPrincipal ann = known_user(scene.world, "ann");
    CHECK(ann.display == "ann here");
    CHECK(
        above(scene.world, "bob") ==
        std::set<std::string>{"domain:contoso.example", "everyone", "group:traders", bonds}
    );
    SECTION("nothing happens when nothing has changed") {
        const SyncReport again = scene.run();
        CHECK_FALSE(again.full);
        CHECK(changes_of(again) == 0);
        CHECK(again.counts.seen == first.counts.seen);
        CHECK(again.counts.read == 1);  // what is as new as the newest
    }
    SECTION("nor when everything is read again") {
        const SyncReport again = scene.run({.full = true});
        CHECK(again.full);
        CHECK(again.counts.read == first.counts.read);
        CHECK(changes_of(again) == 0);
    }
    SECTION("a trial says what would happen and leaves it") {
        slapd->modify(add_user("fay", "Sales") + remove(dn_of("dan", "Bonds")));
        const SyncReport trial = scene.run({.dry_run = true});
        CHECK(trial.counts.added == 1);
        CHECK(trial.counts.removed == 1);
        CHECK(trial.changes.size() == 2);
        CHECK_FALSE(scene.has_user("fay"));
        CHECK(known_user(scene.world, "dan").state == PrincipalState::active);
        CHECK(scene.run().counts.added == 1);
        CHECK(scene.has_user("fay"));
    }
}

TEST_CASE("slapd: changes are found without reading everything", "[ldap]") {
    const auto slapd = small_directory();
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    scene.run();
    const PrincipalId bob = known_user(scene.world, "bob").id;
    SECTION("new, changed and gone") {
        slapd->modify(
            add_user("fay", "Sales") + replace(dn_of("ann", "Sales"), "displayName", "Ann B") +
            remove(dn_of("dan", "Bonds")) + add_member("traders", dn_of("fay", "Sales"))
        );
        const SyncReport report = scene.run();
        CHECK_FALSE(report.full);
        CHECK(report.counts.added == 1);
        CHECK(report.counts.changed == 1);
        CHECK(report.counts.removed == 1);
        CHECK(report.counts.read == 4);  // fay, ann, the group and the newest of before
        CHECK(known_user(scene.world, "ann").display == "Ann B");
        CHECK(above(scene.world, "fay").contains("group:traders"));
        CHECK_FALSE(scene.has_user("dan"));
        CHECK(changes_of(scene.run()) == 0);
    }
    SECTION("who is renamed stays who it is") {
        slapd->modify(
            rename(dn_of("bob", "Bonds"), "uid=robert") +
            replace(dn_of("robert", "Bonds"), "mail", "robert@contoso.example")
        );
        scene.run();
        CHECK_FALSE(scene.has_user("bob"));
        CHECK(known_user(scene.world, "robert").id == bob);
        // OpenLDAP leaves the old DN in the group; this directory says: nobody is in it.
        CHECK_FALSE(above(scene.world, "robert").contains("group:traders"));
        slapd->modify(add_member("traders", dn_of("robert", "Bonds")));
        scene.run();
        CHECK(above(scene.world, "robert").contains("group:traders"));
    }
    SECTION("who moves is in the other folder") {
        slapd->modify(
            rename(dn_of("bob", "Bonds"), "uid=bob", std::string{"ou=Sales,"} + Slapd::root) +
            add_member("traders", dn_of("bob", "Sales"))
        );
        CHECK(scene.run().counts.moved == 1);
        CHECK(known_user(scene.world, "bob").id == bob);
        CHECK(
            above(scene.world, "bob") ==
            std::set<std::string>{"domain:contoso.example", "everyone", "group:traders", sales}
        );
    }
    SECTION("what is in a folder goes with it, though no entry below it has changed") {
        slapd->modify(rename(std::string{"ou=Bonds,"} + Slapd::root, "ou=Loans"));
        const SyncReport report = scene.run();
        CHECK(report.counts.moved + report.counts.changed == 5);  // the folder, four users
        CHECK(known_user(scene.world, "bob").id == bob);
        CHECK(above(scene.world, "bob").contains(std::string{"ou:ou=Loans,"} + Slapd::root));
        CHECK_FALSE(above(scene.world, "bob").contains(bonds));
        CHECK(changes_of(scene.run()) == 0);
    }
    SECTION("a new entry with the name of an old one is somebody else") {
        slapd->modify(remove(dn_of("bob", "Bonds")) + add_user("bob", "Bonds"));
        scene.run();
        CHECK(known_user(scene.world, "bob").id != bob);
        CHECK(above(scene.world, "bob").contains("group:traders"));  // which names the DN
    }
}

TEST_CASE("slapd: too many removals are refused", "[ldap]") {
    const auto slapd = small_directory();
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    scene.run();
    for (const char* name : {"bob", "cat", "dan", "eve"})
        slapd->modify(remove(dn_of(name, "Bonds")));
    REQUIRE_ERR(scene.try_run(), Errc::conflict, "4 of 6 users and groups would be removed");
    CHECK(scene.has_user("bob"));
    CHECK(scene.run({.force = Force::yes}).counts.removed == 4);
    CHECK_FALSE(scene.has_user("bob"));
}
