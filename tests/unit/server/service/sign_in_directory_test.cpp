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
            return fail_as("directory-unavailable", Errc::unreachable, "nobody answers");
        return dn == "uid=eve" && password.reveal() == "of the directory";
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
        put_eve(PrincipalState::active);
        sign_ins.ask_directory(check);
    }
    void put_eve(PrincipalState state) {
        world.write([&](ContentTransaction& tx) -> Result<void> {
            auto row = tx.principals().find(eve);
            if (!row || !*row)
                return fail(Errc::internal, "no eve");
            (*row)->source = PrincipalSource::directory;
            (*row)->state = state;
            (*row)->dn = "uid=eve";
            (*row)->dn_key = name_key("uid=eve");
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
    rig.put_eve(PrincipalState::disabled);
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

TEST_CASE(
    "sign-in: while the directory is away all but local users hear of it", "[sign-in][ldap]"
) {
    Rig rig;
    rig.check.away = true;
    REQUIRE_ERR(rig.sign_in("eve", "of the directory"), Errc::unreachable, "nobody answers");
    REQUIRE_ERR(rig.sign_in("nobody", "x"), Errc::unreachable, "nobody answers");
    REQUIRE_ERR(rig.sign_in("bob", "x"), Errc::unreachable, "nobody answers");
    REQUIRE_OK(rig.sign_in("bob", "the local password"));
}
