// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/password_check.h"
#include "server/service/sign_in.h"
#include "tests/integration/ldap/ldap_scene.h"

using namespace pchat;
using namespace pchat::test;

namespace {

struct SignInScene : LdapScene {
    explicit SignInScene(const Slapd& slapd)
        : LdapScene(slapd), check(endpoint_of(slapd), Slapd::root, 8) {
        sign_ins.ask_directory(check);
        run();
    }
    Result<IssuedToken> sign_in(const std::string& who, const std::string& password) {
        // Each from a place of its own: guesses of one address are counted.
        return sign_ins.sign_in(
            "sip:" + who + "@contoso.example",
            Secret{password},
            fmt::format("192.0.2.{}", ++last_address)
        );
    }
    SignIns sign_ins{*world.content, world.directory, world.clock};
    ldap::LdapPasswordCheck check;
    int last_address = 0;
};

std::unique_ptr<Slapd> two_users() {
    return Slapd::start(
        {.ldif = folder_ldif("Sales") + user_ldif("ann", "Sales") + user_ldif("bob", "Sales") +
                 fmt::format(
                     "dn: uid=\\23o\\, (x)*,ou=Sales,{}\nobjectClass: inetOrgPerson\ncn: x\n"
                     "sn: x\nmail: odd@contoso.example\nuserPassword: p\xc3\xa4ss :w\xc3\xb6rd\n\n",
                     Slapd::root
                 )}
    );
}

}  // namespace

TEST_CASE("slapd: people sign in with their passwords of the directory", "[ldap][sign-in]") {
    const auto slapd = two_users();
    if (!slapd)
        return;
    SignInScene scene{*slapd};
    REQUIRE_OK(scene.sign_in("ann", "password of ann"));
    REQUIRE_OK(scene.sign_in("odd", "p\xc3\xa4ss :w\xc3\xb6rd"));
    const auto refused = [&](const std::string& who, const std::string& password) {
        INFO(who << " with '" << password << "'");
        REQUIRE_ERR(scene.sign_in(who, password), Errc::signed_out, "is wrong");
    };
    refused("ann", "password of bob");
    refused("ann", "");
    refused("ann", "{SSHA}x");
    refused("eve", "password of eve");
    refused("*", "password of ann");
    refused("*)(uid=*", "password of ann");
    REQUIRE_ERR(
        scene.sign_in("ann)(|(uid=*", "password of ann"), Errc::invalid, "is not a SIP address"
    );
    refused("uid=ann,ou=Sales,dc=contoso,dc=example", "password of ann");
    SECTION("a changed password counts at once") {
        slapd->modify(replace(dn_of("ann", "Sales"), "userPassword", "another one"));
        refused("ann", "password of ann");
        REQUIRE_OK(scene.sign_in("ann", "another one"));
    }
    SECTION("who was removed is refused, also before it was synchronized") {
        slapd->modify(remove(dn_of("bob", "Sales")));
        refused("bob", "password of bob");
        scene.run({.force = Force::yes});
        refused("bob", "password of bob");
    }
}

TEST_CASE("slapd: while it is away nobody of it gets in, and it is said so", "[ldap][sign-in]") {
    const auto slapd = two_users();
    if (!slapd)
        return;
    SignInScene scene{*slapd};
    SECTION("killed") {
        slapd->kill9();
    }
    SECTION("silent") {
        slapd->pause();
    }
    const Result<IssuedToken> out = scene.sign_in("ann", "password of ann");
    REQUIRE_FALSE(out);
    CHECK(out.error().code != Errc::signed_out);
    CHECK(out.error().reason == "directory-unavailable");
    // Nobody learns where the directory is, or who exists in it.
    CHECK(out.error().message.find("127.0.0.1") == std::string::npos);
    const Result<IssuedToken> nobody = scene.sign_in("eve", "x");
    REQUIRE_FALSE(nobody);
    CHECK(nobody.error().message == out.error().message);
}
