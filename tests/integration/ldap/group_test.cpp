// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/ldap/ldap_scene.h"

using namespace pchat;
using namespace pchat::test;

namespace {

std::unique_ptr<Slapd> directory_with(const std::string& more) {
    return Slapd::start({.ldif = folder_ldif("Sales") + folder_ldif("Groups") + more});
}

std::string number_of(std::size_t i) {
    return fmt::format("user{}", i);
}

}  // namespace

TEST_CASE("slapd: groups in groups", "[ldap]") {
    const auto slapd = directory_with(
        user_ldif("ann", "Sales") + user_ldif("bob", "Sales") +
        group_ldif("desk", {dn_of("ann", "Sales"), dn_of("nobody", "Sales")}) +
        group_ldif("traders", {group_dn("desk"), dn_of("bob", "Sales")}) +
        group_ldif("staff", {group_dn("traders")}) +
        fmt::format(
            "dn: cn=odd,ou=Groups,{}\nobjectClass: groupOfUniqueNames\ncn: odd\n"
            "uniqueMember: UID=Ann, OU=Sales, {}\n\n",
            Slapd::root,
            Slapd::root
        )
    );
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    scene.run();
    for (const char* name : {"group:desk", "group:traders", "group:staff", "group:odd"})
        CHECK(above(scene.world, "ann").contains(name));
    CHECK_FALSE(above(scene.world, "bob").contains("group:desk"));
    CHECK(above(scene.world, "bob").contains("group:staff"));
    SECTION("one taken out is out of all above it") {
        slapd->modify(remove_member("desk", dn_of("ann", "Sales")));
        CHECK(scene.run().counts.left == 1);
        for (const char* name : {"group:desk", "group:traders", "group:staff"})
            CHECK_FALSE(above(scene.world, "ann").contains(name));
    }
    SECTION("a circle is told, and what would close it is left out") {
        slapd->modify(add_member("desk", group_dn("staff")));
        const Result<SyncReport> report = scene.try_run();
        REQUIRE_OK(report);
        REQUIRE(report->problem_count == 1);
        CHECK(report->problems.front().why.find("would be in itself") != std::string::npos);
        CHECK(changes_of(*report) == 0);
        CHECK_FALSE(above(scene.world, "bob").contains("group:desk"));
        CHECK(above(scene.world, "ann").contains("group:staff"));
        slapd->modify(remove_member("desk", group_dn("staff")));
        CHECK(changes_of(scene.run()) == 0);
    }
}

TEST_CASE("slapd: what does not fit into a page is complete", "[ldap]") {
    constexpr std::size_t count = 1'203;  // a page has 500
    std::string users;
    std::vector<std::string> members;
    for (std::size_t i = 0; i < count; ++i) {
        users += user_ldif(number_of(i), "Sales");
        members.push_back(dn_of(number_of(i), "Sales"));
    }
    const auto slapd = directory_with(users + group_ldif("all", members));
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    const SyncReport report = scene.run();
    CHECK(report.counts.seen == count + 4);
    CHECK(report.counts.joined >= count);
    for (const std::size_t i : {std::size_t{0}, std::size_t{499}, std::size_t{500}, count - 1})
        CHECK(above(scene.world, number_of(i)).contains("group:all"));
    CHECK(changes_of(scene.run()) == 0);
}

TEST_CASE("slapd: names with every sign that a DN or a filter gives a meaning", "[ldap]") {
    const std::vector<std::string> names{
        "uid=a\\, b\\+c\\\"d\\;e\\3cf\\3e",
        "uid=(x)*\\5cy",
        "uid=\\23 first\\20",
        "uid=M\xc3\xbcller \xe6\xbc\xa2"};
    const auto user = [](const std::string& first_part, std::size_t i) {
        return fmt::format(
            "dn: {},ou=Sales,{}\nobjectClass: inetOrgPerson\ncn: x\nsn: x\ndisplayName: x\n"
            "mail: odd{}@contoso.example\n",
            first_part,
            Slapd::root,
            i
        );
    };
    std::string users;
    std::vector<std::string> members;
    for (std::size_t i = 0; i < names.size(); ++i) {
        users += user(names[i], i) + long_ago + "\n";
        members.push_back(fmt::format("{},ou=Sales,{}", names[i], Slapd::root));
    }
    const auto slapd = directory_with(users + group_ldif("odd", members));
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    scene.run();
    for (std::size_t i = 0; i < names.size(); ++i)
        CHECK(above(scene.world, fmt::format("odd{}", i)).contains("group:odd"));
    CHECK(changes_of(scene.run()) == 0);
    // The group has not changed: it is found by the DNs that it names.
    for (std::size_t i = 0; i < names.size(); ++i) {
        slapd->modify(remove(members[i]));
        scene.run({.force = Force::yes});
        CHECK_FALSE(scene.has_user(fmt::format("odd{}", i)));
        std::string again = user(names[i], i);
        again.insert(again.find('\n') + 1, "changetype: add\n");
        slapd->modify(again + "\n");
        scene.run();
        CHECK(above(scene.world, fmt::format("odd{}", i)).contains("group:odd"));
    }
}
