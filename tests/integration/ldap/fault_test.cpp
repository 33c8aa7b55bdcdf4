// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/ldap/ldap_scene.h"

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr std::size_t crowd = 1'200;  // three pages

std::unique_ptr<Slapd> crowded_directory(const std::string& limits = SlapdOptions{}.limits) {
    std::string ldif = folder_ldif("Sales") + folder_ldif("Groups");
    for (std::size_t i = 0; i < crowd; ++i)
        ldif += user_ldif(fmt::format("user{}", i), "Sales");
    return Slapd::start({.ldif = ldif, .limits = limits});
}

void check_untouched(LdapScene& scene) {
    CHECK_FALSE(scene.has_user("user0"));
    CHECK_FALSE(scene.has_user("user1199"));
    const auto progress = scene.sync.progress();
    REQUIRE_OK(progress);
    REQUIRE(*progress);
    CHECK((*progress)->try_count == 1);
    CHECK((*progress)->last_error);
    CHECK_FALSE((*progress)->cookie);
}

}  // namespace

TEST_CASE("slapd: a directory that goes away leaves nothing half done", "[ldap]") {
    const auto slapd = crowded_directory();
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    // Among the places, which come first, and among what is read of each.
    const std::size_t when = GENERATE(std::size_t{0}, std::size_t{700}, crowd + 700);
    INFO("before answer " << when);
    scene.source.disturb_at = when;
    SECTION("killed") {
        scene.source.disturbance = [&] { slapd->kill9(); };
        REQUIRE_ERR(scene.try_run(), Errc::unreachable, "directory ldap://127.0.0.1:");
        check_untouched(scene);
        slapd->restart();
    }
    SECTION("silent") {
        scene.source.disturbance = [&] { slapd->pause(); };
        REQUIRE_ERR(scene.try_run(), Errc::timeout, "directory ldap://127.0.0.1:");
        check_untouched(scene);
        slapd->resume();
    }
    CHECK(scene.run().counts.added == crowd + 3);
    CHECK(scene.has_user("user1199"));
}

TEST_CASE("slapd: who may not read it reads nothing", "[ldap]") {
    const auto slapd = Slapd::start({.ldif = folder_ldif("Sales") + user_ldif("ann", "Sales")});
    if (!slapd)
        return;
    const auto opened = [&](ldap::Reader reader) {
        auto source = source_of(*slapd, std::move(reader));
        auto out = source.open([] { return Result<void>{}; });
        return out ? Result<void>{} : Result<void>{pchat::pass(std::move(out).error())};
    };
    REQUIRE_OK(opened(reader_with(Slapd::reader_password)));
    REQUIRE_ERR(opened(reader_with("wrong")), Errc::signed_out, "Invalid credentials");
    REQUIRE_ERR(opened(reader_with("")), Errc::signed_out, "empty password");
    ldap::Reader stranger{"no dn at all", [] { return Secret{"x"}; }};
    REQUIRE_ERR(opened(stranger), Errc::signed_out, "Invalid DN syntax");
    SECTION("a folder that is not there") {
        ldap::LdapSource source{
            endpoint_of(*slapd),
            "ou=Nowhere,dc=contoso,dc=example",
            reader_with(Slapd::reader_password),
            {ldap::Schema::openldap, {}, "", ""}};
        auto reading = source.open([] { return Result<void>{}; });
        REQUIRE_OK(reading);
        const auto none = [](const DirectoryPlace& /*place*/) { return Result<void>{}; };
        REQUIRE_ERR((*reading)->places(none), Errc::not_found, "ou=Nowhere");
    }
    SECTION("a filter that is none") {
        ldap::LdapSource source{
            endpoint_of(*slapd),
            Slapd::root,
            reader_with(Slapd::reader_password),
            {ldap::Schema::openldap, {}, "(uid=*))(x", ""}};
        auto reading = source.open([] { return Result<void>{}; });
        REQUIRE_OK(reading);
        const auto none = [](const DirectoryPlace& /*place*/) { return Result<void>{}; };
        REQUIRE_ERR((*reading)->places(none), Errc::invalid, "is no filter of a directory");
    }
    SECTION("it is not there") {
        slapd->kill9();
        REQUIRE_ERR(
            opened(reader_with(Slapd::reader_password)), Errc::unreachable, "Can't contact LDAP"
        );
    }
}

TEST_CASE("slapd: a part is not taken for all", "[ldap]") {
    const std::string limits =
        GENERATE(as<std::string>(), "size.soft=500", "size.pr=100 size.prtotal=300");
    const auto slapd = crowded_directory(limits);
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    REQUIRE_ERR(scene.try_run(), Errc::too_large, "only a part");
    check_untouched(scene);
}

TEST_CASE("slapd: what is too large is told and harms nobody else", "[ldap]") {
    const auto user = [](const std::string& name, const std::string& display) {
        return fmt::format(
            "dn: {}\nobjectClass: inetOrgPerson\ncn: x\nsn: x\nmail: {}@contoso.example\n"
            "displayName: {}\n\n",
            dn_of(name, "Sales"),
            name,
            display
        );
    };
    const auto slapd = Slapd::start(
        {.ldif = folder_ldif("Sales") + user_ldif("ann", "Sales") +
                 user("long", std::string(300, 'x')) + user("huge", std::string(100'000, 'x')) +
                 fmt::format(
                     "dn: {}\nobjectClass: inetOrgPerson\ncn: x\nsn: x\n\n", dn_of("bare", "Sales")
                 )}
    );
    if (!slapd)
        return;
    LdapScene scene{*slapd};
    const Result<SyncReport> report = scene.try_run();
    REQUIRE_OK(report);
    CHECK(report->counts.added == 3);
    REQUIRE(report->problem_count == 3);
    const auto why = [&](const std::string& name) {
        for (const DirectoryProblem& one : report->problems)
            if (one.dn == dn_of(name, "Sales"))
                return one.why;
        return std::string{};
    };
    CHECK(why("long") == "its display name has 300 characters, 256 are allowed");
    CHECK(why("huge") == "something in it is larger than can be taken");
    CHECK(why("bare") == "it has no SIP address");
    CHECK(scene.has_user("ann"));
}
