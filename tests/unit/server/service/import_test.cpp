// SPDX-License-Identifier: Apache-2.0
#include "server/service/import.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

#include <array>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

UserRow user_row(const std::string& name, const std::string& display) {
    UserRow out;
    out.user = sip(name);
    out.fields.display = display;
    return out;
}

GroupFields group_row(const std::string& name, const std::vector<std::string>& members) {
    GroupFields out;
    out.name = name;
    out.members.replace = members;
    return out;
}

std::string counts(const Imported& done) {
    return std::to_string(done.created) + "/" + std::to_string(done.changed) + "/" +
           std::to_string(done.same);
}

}  // namespace

TEST_CASE("import users: makes, changes, and then leaves all as it is", "[import]") {
    ChatWorld world;
    world.user("ann");
    const AdminCall admin = world.as("admin");
    const std::array rows{user_row("ann", "Ann"), user_row("bob", "Bob")};
    const auto first = import_users(*world.changes, admin, rows);
    REQUIRE_OK(first);
    CHECK(counts(*first) == "1/1/0");
    CHECK(get_user(*world.content, sip("ann"))->user.display_name == "Ann");
    const std::size_t entries = world.audit().size();
    const auto second = import_users(*world.changes, admin, rows);
    REQUIRE_OK(second);
    CHECK(counts(*second) == "0/0/2");
    CHECK(world.audit().size() == entries);
}

TEST_CASE("import users: every wrong row is named and none is kept", "[import]") {
    ChatWorld world;
    const std::array rows{
        user_row("ann", "Ann"),
        user_row("bob", std::string(257, 'x')),
        UserRow{"group:x", {}},
        user_row("cat", "Cat")};
    const auto done = import_users(*world.changes, world.as("admin"), rows);
    REQUIRE_OK(done);
    CHECK(counts(*done) == "0/0/0");
    REQUIRE(done->problems.size() == 2);
    CHECK(done->problems[0].row == 1);
    CHECK(done->problems[0].error.reason == "too-long");
    CHECK(done->problems[1].row == 2);
    CHECK_FALSE(get_user(*world.content, sip("ann")).has_value());
    AdminCall dry = world.as("admin");
    dry.dry_run = true;
    const auto would = import_users(*world.changes, dry, std::array{user_row("ann", "Ann")});
    REQUIRE_OK(would);
    CHECK(counts(*would) == "1/0/0");
    CHECK_FALSE(get_user(*world.content, sip("ann")).has_value());
}

TEST_CASE("import users: nobody is disabled who has roles that the caller lacks", "[import]") {
    ChatWorld world;
    world.grant(world.user("una"), AdminRole::user_admin);
    UserRow row;
    row.user = sip("admin");
    row.fields.disabled = true;
    const auto done =
        import_users(*world.changes, world.as("una"), std::span<const UserRow>{&row, 1});
    REQUIRE_OK(done);
    REQUIRE(done->problems.size() == 1);
    CHECK(done->problems[0].error.reason == "not-allowed");
}

TEST_CASE("import groups: rows name each other in any order", "[import]") {
    ChatWorld world;
    world.user("ann");
    world.group("old");
    const AdminCall admin = world.as("admin");
    const std::vector<GroupFields> rows{
        group_row("all", {"group:desk", "group:old"}),
        group_row("desk", {sip("ann")}),
        group_row("group:OLD", {sip("ann")})};
    const auto first = import_groups(*world.changes, admin, rows);
    REQUIRE_OK(first);
    CHECK(first->problems.empty());
    CHECK(counts(*first) == "2/1/0");
    CHECK(get_group(*world.content, "all")->members.size() == 2);
    CHECK(get_group(*world.content, "old")->group.name == "old");
    const auto second = import_groups(*world.changes, admin, rows);
    REQUIRE_OK(second);
    CHECK(counts(*second) == "0/0/3");
}

TEST_CASE("import groups: a circle through the file is refused", "[import]") {
    ChatWorld world;
    const std::vector<GroupFields> rows{
        group_row("a", {"group:b"}), group_row("b", {"group:a"}), group_row("c", {sip("none")})};
    const auto done = import_groups(*world.changes, world.as("admin"), rows);
    REQUIRE_OK(done);
    REQUIRE(done->problems.size() == 2);
    CHECK(done->problems[0].row == 1);
    CHECK(done->problems[0].error.reason == "group-cycle");
    CHECK(done->problems[1].error.reason == "user-not-found");
    CHECK_FALSE(get_group(*world.content, "a").has_value());
}

TEST_CASE("import groups: so many members at once", "[import]") {
    ChatWorld world;
    std::vector<GroupFields> rows;
    for (int i = 0; i < 101; ++i)
        rows.push_back(group_row(
            "g" + std::to_string(i), std::vector<std::string>(i == 0 ? 1 : 100, sip("ann"))
        ));
    const auto done = import_groups(*world.changes, world.as("admin"), rows);
    REQUIRE_ERR(done, Errc::too_large, "name 10001 members, 10000 are allowed");
}

TEST_CASE("import groups: a turn is taken once, and circles are seen as they close", "[import]") {
    ChatWorld world;
    world.group("c");
    const std::vector<GroupFields> rows{
        group_row("a", {"group:b"}), group_row("b", {"group:c"}), group_row("c", {"group:a"})};
    const auto done = import_groups(*world.changes, world.as("admin"), rows);
    REQUIRE_OK(done);
    REQUIRE(done->problems.size() == 1);
    CHECK(done->problems[0].row == 2);
    CHECK(done->problems[0].error.reason == "group-cycle");
    const Result<void> tried = world.changes->run("trying", {}, [&](Change& change) {
        CHECK(change.take_turn("test_at").has_value());
        CHECK(change.tx().registry().put_fact("test_at", "another value").has_value());
        CHECK(change.take_turn("test_at").has_value());
        CHECK(*change.tx().registry().fact("test_at") == "another value");
        return Result<void>{};
    });
    REQUIRE_OK(tried);
}
