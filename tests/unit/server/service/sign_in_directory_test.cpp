// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "server/service/sign_in.h"
#include "server/service/user_admin.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <vector>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

/// Knows one password, and remembers whom it was asked about.
class OnePassword : public PasswordCheck {
public:
    Result<bool> matches(const std::string& dn, const Secret& password) override {
        asked.push_back(dn);
        if (away)
            return fail_as(
                "directory-unavailable",
                Errc::unreachable,
                "signing in at directory ldap://dc1.contoso.example: nobody answers",
                "see bindDn"
            );
        return (dn == "uid=eve" || dn == "cn=traders") && password.reveal() == "of the directory";
    }
    std::vector<std::string> asked;
    bool away = false;
};

struct Rig {
    ChatWorld world;
    SignIns sign_ins{*world.content, world.directory, world.clock};
    OnePassword check;
    PrincipalId eve = world.user("eve");

    Rig() {
        UserFields fields;
        fields.password = Secret{"the local password"};
        REQUIRE_OK(create_user(*world.changes, world.as("admin"), sip("bob"), fields));
        put_from_directory(eve, "uid=eve", PrincipalState::active);
        sign_ins.ask_directory(check);
    }
    void put_from_directory(PrincipalId id, const std::string& dn, PrincipalState state) {
        world.write([&](ContentTransaction& tx) -> Result<void> {
            auto row = tx.principals().find(id);
            if (!row || !*row)
                return fail(Errc::internal, "nobody has this id");
            (*row)->source = PrincipalSource::directory;
            (*row)->state = state;
            (*row)->dn = dn;
            (*row)->dn_key = name_key(dn);
            return tx.principals().update(**row);
        });
    }
    Result<IssuedToken> sign_in(const char* who, const char* password) {
        return sign_ins.sign_in(sip(who), Secret{password}, "192.0.2.7");
    }
};

}  // namespace

TEST_CASE("sign-in: users of the directory have its passwords", "[sign-in][ldap]") {
    Rig rig;
    REQUIRE_OK(rig.sign_in("eve", "of the directory"));
    REQUIRE_ERR(rig.sign_in("eve", "the local password"), Errc::signed_out, "is wrong");
    rig.put_from_directory(rig.eve, "uid=eve", PrincipalState::disabled);
    REQUIRE_ERR(rig.sign_in("eve", "of the directory"), Errc::signed_out, "is wrong");
}

TEST_CASE("sign-in: whoever tries, the directory is asked once", "[sign-in][ldap]") {
    Rig rig;
    REQUIRE_ERR(rig.sign_in("nobody", "of the directory"), Errc::signed_out, "is wrong");
    REQUIRE_ERR(rig.sign_in("bob", "of the directory"), Errc::signed_out, "is wrong");
    REQUIRE_OK(rig.sign_in("bob", "the local password"));
    CHECK(rig.check.asked == std::vector<std::string>{"", "", ""});
}

TEST_CASE("sign-in: an empty password asks nobody and is nobody's", "[sign-in][ldap]") {
    Rig rig;
    REQUIRE_ERR(rig.sign_in("eve", ""), Errc::signed_out, "is wrong");
    CHECK(rig.check.asked.empty());
}

TEST_CASE("sign-in: while the directory is away local users get in", "[sign-in][ldap]") {
    Rig rig;
    rig.check.away = true;
    const auto told = [](const Result<IssuedToken>& outcome) {
        REQUIRE_FALSE(outcome);
        const Error& error = outcome.error();
        CHECK(error.reason == "directory-unavailable");
        return error.message + error.hint;
    };
    const std::string known = told(rig.sign_in("eve", "of the directory"));
    CHECK(told(rig.sign_in("nobody", "x")) == known);
    CHECK(told(rig.sign_in("bob", "x")) == known);
    // Strangers do not learn where it is.
    CHECK_THAT(known, !Catch::Contains("ldap") && !Catch::Contains("bindDn"));
    REQUIRE_OK(rig.sign_in("bob", "the local password"));
}

TEST_CASE("sign-in: guesses count while the directory is away", "[sign-in][ldap]") {
    Rig rig;
    rig.check.away = true;
    for (int i = 0; i < 10; ++i)
        REQUIRE_ERR(rig.sign_in("bob", "a guess"), Errc::unreachable, "does not answer");
    REQUIRE_ERR(rig.sign_in("bob", "the local password"), Errc::too_many, "too many");
}

TEST_CASE("sign-in: only users do", "[sign-in][ldap]") {
    Rig rig;
    const PrincipalId traders = rig.world.group("traders");
    rig.put_from_directory(traders, "cn=traders", PrincipalState::active);
    const auto outcome =
        rig.sign_ins.sign_in("group:traders", Secret{"of the directory"}, "192.0.2.7");
    REQUIRE_ERR(outcome, Errc::signed_out, "is wrong");
    CHECK(rig.check.asked == std::vector<std::string>{""});
    // Nor does the name of a user under another kind.
    REQUIRE_ERR(
        rig.sign_ins.sign_in(
            "group:bob@contoso.example", Secret{"the local password"}, "192.0.2.7"
        ),
        Errc::signed_out,
        "is wrong"
    );
}
