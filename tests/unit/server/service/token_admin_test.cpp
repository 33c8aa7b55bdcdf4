// SPDX-License-Identifier: Apache-2.0
#include "server/service/token_admin.h"
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

TokenFields named(std::string name) {
    TokenFields out;
    out.name = std::move(name);
    return out;
}

/// Somebody with tokens, and what remembers them.
struct Maker {
    ChatWorld world;
    SignIns sign_ins{*world.content, world.directory, world.clock};

    Maker() { world.user("ann"); }

    Result<MadeToken> create(const TokenFields& fields, const std::string& who = "ann") {
        return create_token(*world.changes, sign_ins, world.as(who), Identity{}, fields);
    }
    std::string made(const TokenFields& fields, const std::string& who = "ann") {
        const auto token = create(fields, who);
        REQUIRE_OK(token);
        return std::string{token->secret.reveal()};
    }
    /// Who the secret stands for now.
    Person person(const std::string& secret) {
        const Result<Identity> identity = sign_ins.check(secret);
        REQUIRE_OK(identity);
        return world.directory.read([&](const DirectoryState& state) {
            return person_of(state, *identity);
        });
    }
    /// Memory follows as the hub makes it do.
    void obey() {
        for (const Touched& touched : world.heard.touched) {
            for (const TokenId token : touched.revoked)
                sign_ins.forget(token);
            for (const PrincipalId user : touched.signed_out)
                sign_ins.forget(user);
        }
        world.heard.touched.clear();
    }
};

}  // namespace

TEST_CASE("token create: stands for its maker, with the roles asked for", "[token]") {
    Maker ann;
    ann.world.grant(ann.world.user("ann"), AdminRole::administrator);
    TokenFields fields = named("pipeline");
    fields.roles = {AdminRole::deploy_admin};
    const Person person = ann.person(ann.made(fields));
    CHECK(person.id == ann.world.user("ann"));
    CHECK(person.has(AdminRole::deploy_admin));
    CHECK_FALSE(person.has(AdminRole::pchat_admin));
    CHECK_FALSE(person.has(AdminRole::administrator));
    CHECK(ann.person(ann.made(named("plain"))).roles == 0);
    const auto tokens =
        list_tokens(*ann.world.changes, ann.sign_ins, ann.world.as("ann"), Identity{}, "");
    REQUIRE_OK(tokens);
    REQUIRE(tokens->size() == 2);
    CHECK((*tokens)[0].roles == std::vector<AdminRole>{AdminRole::deploy_admin});
    CHECK((*tokens)[0].row.expires_at == ann.world.clock.now() + std::int64_t{90} * 86'400'000'000);
}

TEST_CASE("token create: keeps the hash of the secret, and says so in the audit log", "[token]") {
    Maker ann;
    const std::string secret = ann.made(named("bot"));
    CHECK(secret.starts_with("pct_"));
    const AuditEntry entry = ann.world.audit()[0];
    CHECK(entry.action == "token.create");
    CHECK(entry.object_name == "bot");
    CHECK(entry.outcome == AuditOutcome::done);
    CHECK(entry.new_value->find(secret) == std::string::npos);
    const PrincipalId id = ann.world.user("ann");
    ann.world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto rows = tx.tokens().in_force(id, TokenKind::api, 0);
        CHECK(rows->back().kind == TokenKind::api);
        CHECK(rows->back().secret_hash.find(secret.substr(4)) == std::string::npos);
        return {};
    });
}

TEST_CASE("token create: gives nothing away that its maker has not", "[token]") {
    Maker ann;
    TokenFields fields = named("more");
    fields.roles = {AdminRole::viewer};
    CHECK(reason(ann.create(fields)) == "role-missing");
    const AuditEntry entry = ann.world.audit()[0];
    CHECK(entry.action == "token.create");
    CHECK(entry.outcome == AuditOutcome::refused);
    CHECK(*entry.new_value == R"({"refused":"role-missing"})");
    ann.world.category("Bank", {{ann.world.user("bob")}});
    ann.world.room("Vault", "Bank", {{ann.world.user("bob")}, {}, {}, RoomPrivacy::secret});
    fields = named("more");
    fields.scope = {"room:Vault"};
    CHECK(reason(ann.create(fields)) == "room-not-found");
    fields.scope = {"category:Bank"};
    CHECK(reason(ann.create(fields)) == "category-not-found");
    fields.scope = {"everything"};
    CHECK(reason(ann.create(fields)) == "bad-value");
}

TEST_CASE("token create: a token makes and removes no tokens", "[token]") {
    Maker ann;
    const Result<Identity> by = ann.sign_ins.check(ann.made(named("bot")));
    REQUIRE_OK(by);
    const AdminCall call = ann.world.as("ann");
    CHECK(
        reason(create_token(*ann.world.changes, ann.sign_ins, call, *by, named("child"))) ==
        "not-allowed"
    );
    CHECK(ann.world.audit()[0].outcome == AuditOutcome::refused);
    ann.world.clock.pass(std::chrono::minutes{1});
    CHECK(
        reason(remove_token(*ann.world.changes, ann.sign_ins, call, *by, "bot", "")) ==
        "not-allowed"
    );
    CHECK(ann.world.audit()[0].action == "token.remove");
    REQUIRE_OK(ann.sign_ins.check(ann.made(named("other"))));
}

TEST_CASE("token create: names are there once, and lives have an end", "[token]") {
    Maker ann;
    ann.made(named("bot"));
    CHECK(reason(ann.create(named("BOT"))) == "token-exists");
    TokenFields fields = named("other");
    fields.lifetime = longest_token_lifetime + std::chrono::seconds{1};
    CHECK(reason(ann.create(fields)) == "bad-value");
    fields.lifetime = std::chrono::seconds{59};
    CHECK(reason(ann.create(fields)) == "bad-value");
    fields.lifetime = std::chrono::seconds{60};
    const std::string secret = ann.made(fields);
    REQUIRE_OK(ann.sign_ins.check(secret));
    ann.world.clock.pass(std::chrono::seconds{60});
    CHECK(reason(ann.sign_ins.check(secret)) == "not-signed-in");
    ann.made(named("other"));  // the name is free again
    for (std::size_t i = 2; i < most_tokens; ++i)
        ann.made(named("t" + std::to_string(i)));
    CHECK(reason(ann.create(named("one more"))) == "too-many");
}

TEST_CASE("token create: a dry run makes none", "[token]") {
    Maker ann;
    AdminCall call = ann.world.as("ann");
    call.dry_run = true;
    const auto would =
        create_token(*ann.world.changes, ann.sign_ins, call, Identity{}, named("bot"));
    REQUIRE_OK(would);
    CHECK(would->secret.empty());
    CHECK(list_tokens(*ann.world.changes, ann.sign_ins, call, Identity{}, "")->empty());
}

TEST_CASE("token: loses what its maker loses", "[token]") {
    Maker ann;
    const PrincipalId id = ann.world.user("ann");
    ann.world.grant(id, AdminRole::viewer);
    TokenFields fields = named("looks");
    fields.roles = {AdminRole::viewer};
    const std::string secret = ann.made(fields);
    CHECK(ann.person(secret).has(AdminRole::viewer));
    UserFields less;
    less.remove_roles = {AdminRole::viewer};
    REQUIRE_OK(change_user(*ann.world.changes, ann.world.as("admin"), sip("ann"), less));
    CHECK_FALSE(ann.person(secret).has(AdminRole::viewer));
    UserFields disabled;
    disabled.disabled = true;
    REQUIRE_OK(change_user(*ann.world.changes, ann.world.as("admin"), sip("ann"), disabled));
    ann.obey();
    CHECK(reason(ann.sign_ins.check(secret)) == "not-signed-in");
    UserFields enabled;
    enabled.disabled = false;
    REQUIRE_OK(change_user(*ann.world.changes, ann.world.as("admin"), sip("ann"), enabled));
    CHECK(reason(ann.sign_ins.check(secret)) == "not-signed-in");  // dead is dead
}

TEST_CASE("token remove: ends this one and no other", "[token]") {
    Maker ann;
    const std::string bot = ann.made(named("bot"));
    const std::string other = ann.made(named("other"));
    REQUIRE_OK(ann.sign_ins.check(bot));
    const AdminCall call = ann.world.as("ann");
    REQUIRE_OK(remove_token(*ann.world.changes, ann.sign_ins, call, Identity{}, "Bot", ""));
    CHECK(ann.world.audit()[0].action == "token.remove");
    ann.obey();
    CHECK(reason(ann.sign_ins.check(bot)) == "not-signed-in");
    REQUIRE_OK(ann.sign_ins.check(other));
    CHECK(
        reason(remove_token(*ann.world.changes, ann.sign_ins, call, Identity{}, "bot", "")) ==
        "token-not-found"
    );
}

TEST_CASE("token: those of others are for administrators", "[token]") {
    Maker ann;
    ann.made(named("bot"));
    ann.world.user("bob");
    const AdminCall bob = ann.world.as("bob");
    CHECK(
        reason(list_tokens(*ann.world.changes, ann.sign_ins, bob, Identity{}, sip("ann"))) ==
        "role-missing"
    );
    CHECK(
        reason(remove_token(*ann.world.changes, ann.sign_ins, bob, Identity{}, "bot", sip("ann"))
        ) == "role-missing"
    );
    CHECK(ann.world.audit()[0].outcome == AuditOutcome::refused);
    CHECK(
        reason(remove_token(*ann.world.changes, ann.sign_ins, bob, Identity{}, "bot", "")) ==
        "token-not-found"
    );
    const AdminCall admin = ann.world.as("admin");
    CHECK(
        list_tokens(*ann.world.changes, ann.sign_ins, admin, Identity{}, sip("ann"))->size() == 1
    );
    CHECK(
        reason(list_tokens(*ann.world.changes, ann.sign_ins, admin, Identity{}, sip("carl"))) ==
        "user-not-found"
    );
    REQUIRE_OK(remove_token(*ann.world.changes, ann.sign_ins, admin, Identity{}, "bot", sip("ann"))
    );
}

TEST_CASE("token: its last use is written down by a clock", "[token]") {
    Maker ann;
    const std::string secret = ann.made(named("bot"));
    const auto used = [&] {
        return list_tokens(*ann.world.changes, ann.sign_ins, ann.world.as("ann"), Identity{}, "")
            ->front()
            .row.used_at;
    };
    REQUIRE_OK(ann.sign_ins.record_uses());
    CHECK_FALSE(used());
    ann.world.clock.pass(std::chrono::seconds{5});
    REQUIRE_OK(ann.sign_ins.check(secret));
    CHECK_FALSE(used());
    REQUIRE_OK(ann.sign_ins.record_uses());
    CHECK(used() == ann.world.clock.now());
}

TEST_CASE("token scope: narrows rights in rooms, by number", "[token]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const RoomId in = world.room("In", "General", {{ann}});
    world.room("Out", "General", {{ann}});
    const auto rights = [&](const std::string& room, const TokenScope& scope) {
        return world.directory.read([&](const DirectoryState& state) {
            Person person = state.person(ann);
            person.scope = std::make_shared<const TokenScope>(scope);
            return state.rights(person, *state.find_room(room));
        });
    };
    TokenScope scope;
    scope.rooms = {in};
    CHECK(rights("In", scope).has(Right::chat));
    CHECK(rights("Out", scope).empty());
    scope.read_only = true;
    CHECK(rights("In", scope).has(Right::history));
    CHECK_FALSE(rights("In", scope).has(Right::chat));
    const CategoryId general = world.category_now("General").category.id;
    scope = {};
    scope.categories = {general};
    CHECK(rights("Out", scope).has(Right::chat));
    const Result<TokenScope> read = read_scope_text(scope_text(scope));
    REQUIRE_OK(read);
    CHECK(*read == scope);
    CHECK_FALSE(read_scope_text("{"));
}

TEST_CASE("token admin: refusals are noted once a minute, of looking as well", "[token]") {
    Maker ann;
    ann.world.user("bob");
    const auto noted = [&] {
        std::size_t out = 0;
        for (const AuditEntry& one : ann.world.audit())
            out += one.outcome == AuditOutcome::refused ? 1U : 0U;
        return out;
    };
    const AdminCall bob = ann.world.as("bob");
    for (int i = 0; i < 5; ++i)
        REQUIRE_ERR(
            list_tokens(*ann.world.changes, ann.sign_ins, bob, Identity{}, sip("ann")),
            Errc::denied,
            "for administrators"
        );
    CHECK(noted() == 1);
    CHECK(ann.world.audit()[0].action == "token.list");
    CHECK(ann.world.audit()[0].object_name == sip("ann"));
    ann.world.clock.pass(std::chrono::minutes{1});
    TokenFields fields = named("more");
    fields.roles = {AdminRole::viewer};
    for (int i = 0; i < 5; ++i)
        CHECK(reason(ann.create(fields, "bob")) == "role-missing");
    CHECK(noted() == 2);
    CHECK(ann.world.audit()[0].action == "token.create");
}
