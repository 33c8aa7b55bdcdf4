// SPDX-License-Identifier: Apache-2.0
#include "server/service/sign_in.h"
#include "server/service/user_admin.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <functional>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

/// Lets something happen between two transactions: just before the one that is called so.
class Between : public ContentDatabase {
public:
    explicit Between(ContentDatabase& inner) : inner_(inner) {}
    void before(std::string doing, std::function<void()> act) {
        doing_ = std::move(doing);
        act_ = std::move(act);
    }
    void after(std::string doing, std::function<void()> act) {
        before(std::move(doing), std::move(act));
        afterwards_ = true;
    }
    Result<void> read(std::string_view doing, const ContentWork& work) override {
        return inner_.read(doing, work);
    }
    Result<void> write(std::string_view doing, const ContentWork& work) override {
        std::function<void()> act = doing == doing_ ? std::exchange(act_, nullptr) : nullptr;
        if (act && !afterwards_)
            std::exchange(act, nullptr)();
        Result<void> done = inner_.write(doing, work);
        if (act)
            act();
        return done;
    }

private:
    ContentDatabase& inner_;
    std::string doing_;
    std::function<void()> act_;
    bool afterwards_ = false;
};

struct Rig {
    ChatWorld world;
    Between content{*world.content};
    SignIns sign_ins;

    explicit Rig(SignInLimits limits = {})
        : sign_ins(content, world.directory, world.clock, limits) {
        UserFields fields;
        fields.password = Secret{"the old password"};
        REQUIRE_OK(create_user(*world.changes, world.as("admin"), sip("bob"), fields));
    }
    void change_password() {
        UserFields fields;
        fields.password = Secret{"the new password"};
        REQUIRE_OK(change_user(*world.changes, world.as("admin"), sip("bob"), fields));
    }
    void disable() {
        UserFields fields;
        fields.disabled = true;
        REQUIRE_OK(change_user(*world.changes, world.as("admin"), sip("bob"), fields));
    }
    void remove() { REQUIRE_OK(remove_user(*world.changes, world.as("admin"), sip("bob"))); }
    Result<IssuedToken> sign_in(
        const char* password = "the old password", const char* from = "192.0.2.7"
    ) {
        return sign_ins.sign_in(sip("bob"), Secret{password}, from);
    }
};

}  // namespace

TEST_CASE("sign-in: nobody gets a token for what was changed meanwhile", "[sign-in]") {
    Rig rig;
    REQUIRE_OK(rig.sign_in());
    SECTION("the password") {
        rig.content.before("issuing a token", [&] { rig.change_password(); });
        REQUIRE_ERR(rig.sign_in(), Errc::signed_out, "changed");
        REQUIRE_OK(rig.sign_in("the new password"));
    }
    SECTION("the user was disabled") {
        rig.content.before("issuing a token", [&] { rig.disable(); });
        REQUIRE_ERR(rig.sign_in(), Errc::signed_out, "changed");
    }
    SECTION("the user was removed") {
        rig.content.before("issuing a token", [&] { rig.remove(); });
        REQUIRE_ERR(rig.sign_in(), Errc::signed_out, "changed");
    }
}

TEST_CASE("sign-in: a token that was revoked at once is not remembered as good", "[sign-in]") {
    Rig rig;
    rig.content.after("issuing a token", [&] {
        rig.change_password();
        rig.sign_ins.forget(rig.world.user("bob"));
    });
    const Result<IssuedToken> token = rig.sign_in();
    REQUIRE_OK(token);
    CHECK_FALSE(rig.sign_ins.recall(token->secret.reveal()).has_value());
    CHECK_FALSE(rig.sign_ins.check(token->secret.reveal()).has_value());
}

TEST_CASE("sign-in: API tokens and tickets are for active users only", "[sign-in]") {
    Rig rig;
    const PrincipalId bob = rig.world.user("bob");
    rig.disable();
    REQUIRE_ERR(
        rig.sign_ins.issue({bob, TokenKind::api, "robot", std::chrono::hours{1}, std::nullopt}),
        Errc::signed_out,
        ""
    );
}

TEST_CASE("sign-in: a user has few tickets at a time", "[sign-in]") {
    Rig rig;
    const Result<IssuedToken> signed_in = rig.sign_in();
    REQUIRE_OK(signed_in);
    const PrincipalId bob = rig.world.user("bob");
    const TokenWish ticket{
        bob, TokenKind::ticket, "ticket", std::chrono::seconds{30}, signed_in->row.id};
    const Result<IssuedToken> first = rig.sign_ins.issue(ticket);
    REQUIRE_OK(first);
    for (std::size_t i = 1; i < most_tickets; ++i)
        REQUIRE_OK(rig.sign_ins.issue(ticket));
    REQUIRE_ERR(rig.sign_ins.issue(ticket), Errc::too_many, "20 tickets");
    const Result<Identity> redeemed = rig.sign_ins.redeem(first->secret.reveal());
    REQUIRE_OK(redeemed);
    CHECK(redeemed->token == signed_in->row.id);
    REQUIRE_OK(rig.sign_ins.issue(ticket));
    rig.world.clock.pass(std::chrono::seconds{31});
    REQUIRE_OK(rig.sign_ins.issue(ticket));
}

TEST_CASE("sign-in: failures of an IPv6 network count together", "[sign-in]") {
    Rig rig{{.failures = 2}};
    const auto fail_from = [&](const char* user, const char* from) {
        return rig.sign_ins.sign_in(sip(user), Secret{"wrong"}, from);
    };
    REQUIRE_ERR(fail_from("x1", "2001:db8::1"), Errc::signed_out, "");
    REQUIRE_ERR(fail_from("x2", "2001:db8::ffff:2"), Errc::signed_out, "");
    REQUIRE_ERR(fail_from("x3", "2001:db8::3"), Errc::too_many, "failed lately");
    REQUIRE_OK(rig.sign_in("the old password", "2001:db8:0:1::3"));
}

TEST_CASE("sign-in: who succeeds too often waits as well", "[sign-in]") {
    Rig rig{{.of_user = 3}};
    for (int i = 0; i < 3; ++i)
        REQUIRE_OK(rig.sign_in());
    REQUIRE_ERR(rig.sign_in(), Errc::too_many, "too many sign-ins lately");
    rig.world.clock.pass(std::chrono::seconds{61});
    REQUIRE_OK(rig.sign_in());
}

TEST_CASE("sign-in: a token for scripts does not end itself", "[sign-in]") {
    Rig rig;
    const PrincipalId bob = rig.world.user("bob");
    const auto token =
        rig.sign_ins.issue({bob, TokenKind::api, "robot", std::chrono::hours{1}, std::nullopt});
    REQUIRE_OK(token);
    const std::string_view secret = token->secret.reveal();
    const auto identity = rig.sign_ins.check(secret);
    REQUIRE_OK(identity);
    bool revoked = false;
    const auto revoke = [&](const Token&) -> Result<void> {
        revoked = true;
        return {};
    };
    REQUIRE_ERR(
        rig.sign_ins.sign_out(*identity, secret, revoke), Errc::denied, "does not sign out"
    );
    CHECK_FALSE(revoked);
    REQUIRE_OK(rig.sign_ins.check(secret));
}
