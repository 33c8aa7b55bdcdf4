// SPDX-License-Identifier: Apache-2.0
#include "base/password.h"
#include "server/domain/name.h"
#include "server/service/issue_token.h"
#include "server/service/user_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

UserFields with_password(const std::string& password) {
    UserFields out;
    out.password.emplace(password);
    return out;
}

UserFields with_state(bool disabled) {
    UserFields out;
    out.disabled = disabled;
    return out;
}

UserFields with_roles(std::vector<AdminRole> add, std::vector<AdminRole> remove = {}) {
    UserFields out;
    out.add_roles = std::move(add);
    out.remove_roles = std::move(remove);
    return out;
}

std::optional<Account> account_of(ChatWorld& world, PrincipalId user) {
    std::optional<Account> out;
    world.write([&](ContentTransaction& tx) -> Result<void> {
        out = *tx.accounts().find(user);
        return {};
    });
    return out;
}

/// A token of the user, which is in force.
Token token_of(ChatWorld& world, PrincipalId user) {
    const auto issued = issue_token(
        *world.content,
        {user, TokenKind::sign_in, "test", std::chrono::hours{1}, std::nullopt},
        world.clock
    );
    REQUIRE_OK(issued);
    return issued->row;
}

bool revoked(ChatWorld& world, const Token& token) {
    bool out = false;
    world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto found = *tx.tokens().find_secret(token.secret_hash);
        out = found && found->revoked_at;
        return {};
    });
    return out;
}

}  // namespace

TEST_CASE("user create: with what is known of it and a password", "[user]") {
    ChatWorld world;
    UserFields fields = with_password("long enough");
    fields.email = "bob@mail.example";
    fields.site = "hq";
    const auto made =
        create_user(*world.changes, world.as("admin"), "sip:Bob@fabrikam.example", fields);
    REQUIRE_OK(made);
    CHECK(made->user.display_name == "Bob");
    CHECK(made->user.source == PrincipalSource::local);
    const auto account = account_of(world, made->user.id);
    REQUIRE(account);
    CHECK(password_matches(Secret{"long enough"}, account->password_hash));
    const auto found = get_user(*world.content, "sip:bob@FABRIKAM.example");
    REQUIRE_OK(found);
    CHECK(found->user.email == "bob@mail.example");
    CHECK(world.directory.read([&](const DirectoryState& state) {
        return state.person(made->user.id).policy_enabled;
    }));
    const auto audit = world.audit();
    REQUIRE(audit.size() == 1);
    CHECK(audit[0].action == "user.create");
    CHECK_THAT(audit[0].new_value.value_or(""), !Catch::Contains("long enough"));
    CHECK_THAT(audit[0].new_value.value_or(""), !Catch::Contains("argon2"));
}

TEST_CASE("user create: refuses what is no user, is there, or is too long", "[user]") {
    ChatWorld world;
    world.user("bob");
    const AdminCall admin = world.as("admin");
    const auto create = [&](const std::string& name, const UserFields& fields) {
        return create_user(*world.changes, admin, name, fields);
    };
    CHECK(reason(create(sip("BOB"), {})) == "user-exists");
    CHECK(reason(create("group:sales", {})) == "bad-value");
    CHECK(reason(create("bob", {})) == "bad-value");
    CHECK(reason(create(sip("cid"), with_password("short"))) == "bad-value");
    UserFields longer;
    longer.display = std::string(257, 'x');
    CHECK(reason(create(sip("cid"), longer)) == "too-long");
    UserFields unseen;
    unseen.company = "a\u202eb";
    CHECK(reason(create(sip("cid"), unseen)) == "bad-value");
    AdminCall dry = admin;
    dry.dry_run = true;
    REQUIRE_OK(create_user(*world.changes, dry, sip("cid"), {}));
    CHECK(reason(get_user(*world.content, sip("cid"))) == "user-not-found");
}

TEST_CASE("user change: a new password ends the sign-ins", "[user]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    const Token token = token_of(world, bob);
    UserFields display;
    display.display = "Bobby";
    REQUIRE_OK(change_user(*world.changes, world.as("admin"), sip("bob"), display));
    CHECK_FALSE(revoked(world, token));
    CHECK(world.heard.touched.back().signed_out.empty());
    const auto changed =
        change_user(*world.changes, world.as("admin"), sip("bob"), with_password("another one"));
    REQUIRE_OK(changed);
    CHECK(changed->user.revision == 3);
    CHECK(revoked(world, token));
    CHECK(world.heard.touched.back().signed_out == std::vector{bob});
    CHECK(world.heard.touched.back().principals == std::vector{bob});
    CHECK(password_matches(Secret{"another one"}, account_of(world, bob)->password_hash));
    CHECK(world.audit()[0].new_value == R"({"password":"changed"})");
}

TEST_CASE("user change: disabling ends the sign-ins, enabling brings nothing back", "[user]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    const Token token = token_of(world, bob);
    const auto off = change_user(*world.changes, world.as("admin"), sip("bob"), with_state(true));
    REQUIRE_OK(off);
    CHECK(off->user.state == PrincipalState::disabled);
    CHECK(revoked(world, token));
    CHECK(world.heard.touched.back().signed_out == std::vector{bob});
    const auto on = change_user(*world.changes, world.as("admin"), sip("bob"), with_state(false));
    REQUIRE_OK(on);
    CHECK(on->user.state == PrincipalState::active);
    CHECK(world.heard.touched.back().signed_out.empty());
    CHECK(revoked(world, token));
}

TEST_CASE("user change: revisions, dry runs and nothing to do", "[user]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    const Token token = token_of(world, bob);
    AdminCall call = world.as("admin");
    call.dry_run = true;
    const auto would = change_user(*world.changes, call, sip("bob"), with_state(true));
    REQUIRE_OK(would);
    CHECK(would->user.state == PrincipalState::disabled);
    CHECK_FALSE(revoked(world, token));
    call.dry_run = false;
    call.revision = 7;
    CHECK(
        reason(change_user(*world.changes, call, sip("bob"), with_state(true))) ==
        "changed-meanwhile"
    );
    CHECK(reason(remove_user(*world.changes, call, sip("bob"))) == "changed-meanwhile");
    call.revision = 1;
    const auto same = change_user(*world.changes, call, sip("bob"), with_state(false));
    REQUIRE_OK(same);
    CHECK(same->user.revision == 1);
    CHECK(world.audit().empty());
    CHECK(reason(change_user(*world.changes, call, sip("nobody"), {})) == "user-not-found");
    UserFields nameless;
    nameless.display = "";
    CHECK(reason(change_user(*world.changes, call, sip("bob"), nameless)) == "bad-value");
}

TEST_CASE("user roles: are an administrator's to give", "[user]") {
    ChatWorld world;
    const PrincipalId bob = world.user("bob");
    world.grant(world.user("uma"), AdminRole::user_admin);
    const UserFields viewer = with_roles({AdminRole::viewer, AdminRole::pchat_admin});
    CHECK(
        reason(change_user(*world.changes, world.as("uma"), sip("bob"), viewer)) == "role-missing"
    );
    const auto given = change_user(*world.changes, world.as("admin"), sip("bob"), viewer);
    REQUIRE_OK(given);
    CHECK(given->roles == std::vector{AdminRole::viewer, AdminRole::pchat_admin});
    CHECK(world.as("bob").person.has(AdminRole::pchat_admin));
    CHECK(world.audit()[0].new_value == R"({"roles":"viewer, pchat-admin"})");
    const auto taken = change_user(
        *world.changes, world.as("admin"), sip("bob"), with_roles({}, {AdminRole::pchat_admin})
    );
    REQUIRE_OK(taken);
    CHECK(taken->roles == std::vector{AdminRole::viewer});
    CHECK_FALSE(world.as("bob").person.has(AdminRole::pchat_admin));
    CHECK(get_user(*world.content, sip("bob"))->roles == std::vector{AdminRole::viewer});
    static_cast<void>(bob);
}

TEST_CASE("user change: nobody takes over one with more roles", "[user]") {
    ChatWorld world;
    world.grant(world.user("uma"), AdminRole::user_admin);
    world.grant(world.user("una"), AdminRole::user_admin);
    const PrincipalId chiefs = world.group("chiefs");
    world.grant(chiefs, AdminRole::pchat_admin);
    const PrincipalId pat = world.user("pat", {chiefs});
    const AdminCall uma = world.as("uma");
    const auto denied = [&](const std::string& user) {
        return reason(change_user(*world.changes, uma, sip(user), with_password("taken over"))) ==
                   "not-allowed" &&
               reason(change_user(*world.changes, uma, sip(user), with_state(true))) ==
                   "not-allowed" &&
               reason(remove_user(*world.changes, uma, sip(user))) == "not-allowed";
    };
    CHECK(denied("admin"));
    CHECK(denied("pat"));  // by a group
    world.set_state(pat, PrincipalState::disabled);
    CHECK(denied("pat"));  // would have the role again once enabled
    UserFields display;
    display.display = "Patricia";
    REQUIRE_OK(change_user(*world.changes, uma, sip("pat"), display));
    REQUIRE_OK(change_user(*world.changes, uma, sip("una"), with_password("of an equal")));
    REQUIRE_OK(change_user(*world.changes, uma, sip("uma"), with_password("of my own")));
    REQUIRE_OK(remove_user(*world.changes, uma, sip("una")));
}

TEST_CASE("user change: what the directory decides is changed there", "[user]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    const PrincipalId dora = world.user("dora");
    world.write([&](ContentTransaction& tx) -> Result<void> {
        Principal row = **tx.principals().find(dora);
        row.source = PrincipalSource::directory;
        row.external_id = "id-dora";
        return tx.principals().update(row);
    });
    const auto changed = [&](const UserFields& fields) {
        return reason(change_user(*world.changes, admin, sip("dora"), fields));
    };
    CHECK(changed(with_state(true)) == "from-directory");
    CHECK(changed(with_password("a password of here")) == "from-directory");
    CHECK(reason(remove_user(*world.changes, admin, sip("dora"))) == "from-directory");
    CHECK_FALSE(account_of(world, dora));
    CHECK(get_user(*world.content, sip("dora"))->user.state == PrincipalState::active);
    CHECK(changed(with_state(false)) == "done");  // as it is
    CHECK(changed(with_roles({AdminRole::viewer})) == "done");
}

TEST_CASE("user change: the last active administrator stays one", "[user]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    const UserFields demoted = with_roles({}, {AdminRole::administrator});
    const auto stays = [&] {
        return reason(change_user(*world.changes, admin, sip("admin"), demoted)) ==
                   "last-administrator" &&
               reason(change_user(*world.changes, admin, sip("admin"), with_state(true))) ==
                   "last-administrator" &&
               reason(remove_user(*world.changes, admin, sip("admin"))) == "last-administrator";
    };
    CHECK(stays());
    const PrincipalId bob = world.user("bob");
    world.grant(bob, AdminRole::administrator);
    world.set_state(bob, PrincipalState::disabled);
    CHECK(stays());  // the other one cannot act
    world.grant(world.group("empty"), AdminRole::administrator);
    CHECK(stays());  // nor can a group
    world.set_state(bob, PrincipalState::active);
    REQUIRE_OK(change_user(*world.changes, admin, sip("admin"), demoted));
    CHECK_FALSE(world.as("admin").person.has(AdminRole::administrator));
}

TEST_CASE("user remove: frees the name and leaves no right behind", "[user]") {
    ChatWorld world;
    const PrincipalId sales = world.group("sales");
    const PrincipalId bob = world.user("bob", {sales});
    world.grant(bob, AdminRole::viewer);
    world.category("Few", {{bob}, {}, {bob}});
    world.room("Lobby", "General", {{bob}, {bob}});
    const Token token = token_of(world, bob);
    REQUIRE_OK(change_user(*world.changes, world.as("admin"), sip("bob"), with_password("12345678"))
    );
    const auto removed = remove_user(*world.changes, world.as("admin"), sip("bob"));
    REQUIRE_OK(removed);
    CHECK(removed->user.state == PrincipalState::gone);
    CHECK(removed->roles.empty());
    CHECK(revoked(world, token));
    CHECK_FALSE(account_of(world, bob));
    CHECK(world.heard.touched.back().signed_out == std::vector{bob});
    CHECK(world.room_now("Lobby").members.empty());
    CHECK(world.room_now("Lobby").managers.empty());
    CHECK(world.category_now("Few").allowed.empty());
    CHECK(world.category_now("Few").creators.empty());
    CHECK(reason(remove_user(*world.changes, world.as("admin"), sip("bob"))) == "user-not-found");
    const auto by_id = get_user(*world.content, removed->user.uuid);
    REQUIRE_OK(by_id);
    CHECK(by_id->user.state == PrincipalState::gone);
    CHECK(
        reason(change_user(*world.changes, world.as("admin"), removed->user.uuid, with_state(false))
        ) == "user-not-found"
    );

    const auto again = create_user(*world.changes, world.as("admin"), sip("bob"), {});
    REQUIRE_OK(again);
    CHECK(again->user.id != bob);
    CHECK(again->roles.empty());
    const Person person = world.as("bob").person;
    CHECK(person.id == again->user.id);
    CHECK(
        std::find(person.affiliations.begin(), person.affiliations.end(), sales) ==
        person.affiliations.end()
    );
}

TEST_CASE("user list: goes by name, a page at a time", "[user]") {
    ChatWorld world;
    for (const char* name : {"bob", "Ann", "cid", "anton"})
        world.user(name);
    world.set_state(world.user("cid"), PrincipalState::disabled);
    REQUIRE_OK(remove_user(*world.changes, world.as("admin"), sip("bob")));
    const auto names = [&](const UserListQuery& query) {
        std::vector<std::string> out;
        const auto found = list_users(*world.content, query);
        REQUIRE_OK(found);
        for (const UserFacts& one : found->users)
            out.push_back(one.user.name.substr(0, one.user.name.find('@')));
        return out;
    };
    using Names = std::vector<std::string>;
    UserListQuery query;
    CHECK(names(query) == Names{"admin", "Ann", "anton", "cid"});
    query.filter = "AN";
    CHECK(names(query) == Names{"Ann", "anton"});
    query = {};
    query.state = PrincipalState::disabled;
    CHECK(names(query) == Names{"cid"});
    query.state = PrincipalState::gone;
    CHECK(names(query) == Names{"bob"});
    query = {};
    query.limit = 2;
    const auto first = list_users(*world.content, query);
    REQUIRE_OK(first);
    CHECK(first->users[0].roles == std::vector{AdminRole::administrator});
    REQUIRE(first->cursor);
    query.cursor = first->cursor;
    CHECK(names(query) == Names{"anton", "cid"});
    CHECK_FALSE(list_users(*world.content, query)->cursor);
    query.cursor = "nonsense";
    CHECK(reason(list_users(*world.content, query)) == "bad-cursor");
}
