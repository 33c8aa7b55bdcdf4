// SPDX-License-Identifier: Apache-2.0
#include "server/service/policy_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

PolicyFields enabled(bool yes) {
    PolicyFields out;
    out.enabled = yes;
    return out;
}

bool may_chat(ChatWorld& world, const std::string& user) {
    return world.as(user).person.policy_enabled;
}

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

}  // namespace

TEST_CASE("policy set: makes a policy, then changes it, then changes nothing", "[policy]") {
    ChatWorld world;
    const AdminCall admin = world.as("admin");
    const auto made = put_policy(*world.changes, admin, "traders", enabled(true));
    REQUIRE_OK(made);
    CHECK(made->made);
    CHECK(made->policy.scope == PolicyScope::tag);
    CHECK(world.audit()[0].action == "policy.create");
    CHECK(world.audit()[0].object_name == "tag:traders");
    PolicyFields fields = enabled(true);
    fields.description = "Trading floor";
    const auto changed = put_policy(*world.changes, admin, "TAG:Traders", fields);
    REQUIRE_OK(changed);
    CHECK_FALSE(changed->made);
    CHECK(changed->policy.revision == 2);
    CHECK(world.audit()[0].old_value == R"({"description":""})");
    CHECK(world.audit()[0].new_value == R"({"description":"Trading floor"})");
    const std::size_t entries = world.audit().size();
    const auto same = put_policy(*world.changes, admin, "traders", fields);
    REQUIRE_OK(same);
    CHECK(same->policy.revision == 2);
    CHECK(world.audit().size() == entries);
}

TEST_CASE("policy set: a new policy is off unless it says otherwise", "[policy]") {
    ChatWorld world;
    const auto made = put_policy(*world.changes, world.as("admin"), "site:hq", {});
    REQUIRE_OK(made);
    CHECK_FALSE(made->policy.enabled);
    CHECK_FALSE(may_chat(world, "ann"));  // at home in hq, as the pool is
}

TEST_CASE("policy set: a dry run and a stale revision change nothing", "[policy]") {
    ChatWorld world;
    AdminCall admin = world.as("admin");
    admin.dry_run = true;
    const auto would = put_policy(*world.changes, admin, "global", enabled(false));
    REQUIRE_OK(would);
    CHECK_FALSE(would->policy.enabled);
    CHECK(may_chat(world, "ann"));
    admin.dry_run = false;
    admin.revision = 7;
    CHECK(
        reason(put_policy(*world.changes, admin, "global", enabled(false))) == "changed-meanwhile"
    );
    CHECK(reason(remove_policy(*world.changes, admin, "global")) == "changed-meanwhile");
    PolicyFields long_text;
    long_text.description = std::string(257, 'x');
    admin.revision = {};
    CHECK(reason(put_policy(*world.changes, admin, "traders", long_text)) == "too-long");
}

TEST_CASE("policy grant: a tag counts before site and global", "[policy]") {
    ChatWorld world;
    world.user("ann");
    const AdminCall admin = world.as("admin");
    REQUIRE_OK(put_policy(*world.changes, admin, "nobody", enabled(false)));
    const auto granted = grant_policy(*world.changes, admin, sip("ann"), "nobody");
    REQUIRE_OK(granted);
    CHECK(granted->policy == "tag:nobody");
    CHECK_FALSE(granted->enabled);
    CHECK_FALSE(may_chat(world, "ann"));
    CHECK(world.audit()[0].action == "policy.grant");
    CHECK(world.audit()[0].new_value == R"({"policy":"tag:nobody"})");
    const std::size_t entries = world.audit().size();
    REQUIRE_OK(grant_policy(*world.changes, admin, sip("ann"), "tag:nobody"));
    CHECK(world.audit().size() == entries);
    REQUIRE_OK(put_policy(*world.changes, admin, "all", enabled(true)));
    REQUIRE_OK(grant_policy(*world.changes, admin, sip("ann"), "all"));
    CHECK(world.audit()[0].old_value == R"({"policy":"tag:nobody"})");
    CHECK(may_chat(world, "ann"));
    REQUIRE_OK(put_policy(*world.changes, admin, "global", enabled(false)));
    CHECK(may_chat(world, "ann"));
    const auto revoked = revoke_policy(*world.changes, admin, sip("ann"));
    REQUIRE_OK(revoked);
    CHECK(revoked->policy == "global");
    CHECK_FALSE(may_chat(world, "ann"));
}

TEST_CASE("policy grant: refuses what cannot be granted", "[policy]") {
    ChatWorld world;
    world.user("ann");
    const AdminCall admin = world.as("admin");
    REQUIRE_OK(put_policy(*world.changes, admin, "traders", enabled(true)));
    CHECK(reason(grant_policy(*world.changes, admin, sip("ann"), "global")) == "bad-value");
    CHECK(reason(grant_policy(*world.changes, admin, sip("ann"), "site:hq")) == "bad-value");
    CHECK(reason(grant_policy(*world.changes, admin, sip("bo"), "traders")) == "user-not-found");
    world.group("desk");
    REQUIRE_ERR(
        grant_policy(*world.changes, admin, "group:desk", "traders"), Errc::invalid, "not a user"
    );
    const auto wrong = grant_policy(*world.changes, admin, sip("ann"), "trader");
    CHECK(reason(wrong) == "policy-not-found");
    CHECK_THAT(wrong.error().hint, Catch::Contains("tag:traders"));
    AdminCall dry = admin;
    dry.dry_run = true;
    REQUIRE_OK(grant_policy(*world.changes, dry, sip("ann"), "traders"));
    CHECK(world.directory.read([](const DirectoryState& state) { return state.grants().empty(); }));
}

TEST_CASE("policy remove: who held it falls back; global is reset and stays", "[policy]") {
    ChatWorld world;
    world.user("ann");
    const AdminCall admin = world.as("admin");
    REQUIRE_OK(put_policy(*world.changes, admin, "nobody", enabled(false)));
    REQUIRE_OK(grant_policy(*world.changes, admin, sip("ann"), "nobody"));
    const auto removed = remove_policy(*world.changes, admin, "nobody");
    REQUIRE_OK(removed);
    CHECK(removed->released == std::vector<std::string>{sip("ann")});
    CHECK(may_chat(world, "ann"));
    CHECK(reason(remove_policy(*world.changes, admin, "nobody")) == "policy-not-found");
    const auto reset = remove_policy(*world.changes, admin, "global");
    REQUIRE_OK(reset);
    CHECK_FALSE(reset->policy.enabled);
    CHECK(reset->policy.description.empty());
    CHECK_FALSE(may_chat(world, "ann"));
    REQUIRE_OK(put_policy(*world.changes, admin, "global", enabled(true)));
    CHECK(may_chat(world, "ann"));
}

TEST_CASE("policy who: lists users with what counts for them, by pages", "[policy]") {
    ChatWorld world;
    for (const char* name : {"cat", "ann", "bob"})
        world.user(name);
    const AdminCall admin = world.as("admin");
    REQUIRE_OK(put_policy(*world.changes, admin, "nobody", enabled(false)));
    REQUIRE_OK(grant_policy(*world.changes, admin, sip("bob"), "nobody"));
    const auto list = [&](const UserPolicyQuery& query) {
        const auto found = world.directory.read([&](const DirectoryState& state) {
            return list_user_policies(state, query);
        });
        REQUIRE_OK(found);
        std::string out;
        for (const UserPolicy& one : found->users)
            out += one.user.substr(4, 3) + (one.enabled ? "+" : "-");
        return std::pair{out, found->cursor};
    };
    CHECK(list({}).first == "adm+ann+bob-cat+");
    UserPolicyQuery query;
    query.limit = 2;
    const auto first = list(query);
    CHECK(first.first == "adm+ann+");
    query.cursor = first.second;
    CHECK(list(query).first == "bob-cat+");
    CHECK_FALSE(list(query).second);
    query = {};
    query.enabled = false;
    CHECK(list(query).first == "bob-");
    query = {};
    query.policy = "global";
    CHECK(list(query).first == "adm+ann+cat+");
    query.filter = "A*n@";
    CHECK(list(query).first == "adm+ann+");
    query.policy = "none";
    CHECK_FALSE(world.directory.read([&](const DirectoryState& state) {
        return list_user_policies(state, query).has_value();
    }));
}
