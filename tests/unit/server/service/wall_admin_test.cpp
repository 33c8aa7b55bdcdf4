// SPDX-License-Identifier: Apache-2.0
#include "server/service/category_admin.h"
#include "server/service/group_admin.h"
#include "server/service/policy_admin.h"
#include "server/service/room_admin.h"
#include "server/service/user_admin.h"
#include "server/service/wall_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"
#include "tests/support/second_server.h"

#include <functional>
#include <random>
#include <utility>

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

WallFields sides(std::vector<std::string> a, std::vector<std::string> b) {
    WallFields out;
    out.a.replace = std::move(a);
    out.b.replace = std::move(b);
    return out;
}

/// ann researches, bob trades; the room Lab is for research, Floor for trading, in a category that
/// allows both; General allows everyone and has no rooms.
struct Bank {
    Bank() {
        research = world.group("research");
        traders = world.group("traders");
        ann = world.user("ann", {research});
        bob = world.user("bob", {traders});
        world.category("Bank", {.allowed = {research, traders}});
        world.room("Lab", "Bank", {.members = {research}});
        world.room("Floor", "Bank", {.members = {traders}});
    }

    Result<WallChange> raise() {
        return put_wall(
            *world.changes,
            world.as("admin"),
            "Inside",
            sides({"group:research"}, {"group:traders"})
        );
    }
    Result<RoomChange> set_room(const std::string& room, const RoomFields& fields) {
        return change_room(*world.changes, world.as("admin"), room, fields);
    }
    WallAnswer prove() {
        return world.directory.read([&](const DirectoryState& state) {
            return prove_wall(state, {research}, {traders});
        });
    }

    ChatWorld world;
    PrincipalId research;
    PrincipalId traders;
    PrincipalId ann;
    PrincipalId bob;
};

/// Something happens between what is read before a change and the change itself.
struct Interrupted : ContentDatabase {
    explicit Interrupted(ContentDatabase& database) : inner(database) {}

    Result<void> read(std::string_view doing, const ContentWork& work) override {
        return inner.read(doing, work);
    }
    Result<void> write(std::string_view doing, const ContentWork& work) override {
        std::exchange(before_write, [] {})();
        return inner.write(doing, work);
    }

    ContentDatabase& inner;
    std::function<void()> before_write = [] {};
};

RoomFields adding(const std::string& member) {
    RoomFields out;
    out.members.add = {member};
    return out;
}

RoomFields with_privacy(RoomPrivacy privacy) {
    RoomFields out;
    out.privacy = privacy;
    return out;
}

}  // namespace

TEST_CASE("wall set: makes, changes and removes it, and audits each", "[wall]") {
    Bank bank;
    const auto made = bank.raise();
    REQUIRE_OK(made);
    CHECK(made->made);
    CHECK(made->wall.a == std::vector{bank.research});
    const auto same = bank.raise();
    REQUIRE_OK(same);
    CHECK_FALSE(same->made);
    CHECK(same->wall.wall.revision == 1);
    WallFields fields;
    fields.description = "Regulation 7";
    fields.b.add = {sip("admin")};
    const auto changed = put_wall(*bank.world.changes, bank.world.as("admin"), "INSIDE", fields);
    REQUIRE_OK(changed);
    CHECK(changed->wall.wall.revision == 2);
    CHECK(changed->wall.b.size() == 2);
    REQUIRE_OK(remove_wall(*bank.world.changes, bank.world.as("admin"), made->wall.wall.uuid));
    std::vector<std::string> actions;
    for (const AuditEntry& entry : bank.world.audit())
        actions.push_back(entry.action);
    CHECK(actions == std::vector<std::string>{"wall.remove", "wall.change", "wall.create"});
}

TEST_CASE("wall set: refuses sides that are empty, meet or do not exist", "[wall]") {
    Bank bank;
    const auto put = [&](const WallFields& fields) {
        return reason(put_wall(*bank.world.changes, bank.world.as("admin"), "W", fields));
    };
    CHECK(put({}) == "bad-value");
    CHECK(put(sides({"group:research"}, {})) == "bad-value");
    CHECK(put(sides({"group:research"}, {"group:traders", "group:research"})) == "bad-value");
    CHECK(put(sides({"group:research"}, {"group:nobody"})) == "principal-not-found");
    CHECK(
        reason(remove_wall(*bank.world.changes, bank.world.as("admin"), "W")) == "wall-not-found"
    );
}

TEST_CASE("wall set: is refused while a room lets in both sides", "[wall]") {
    Bank bank;
    bank.world.room("Canteen", "General", {.privacy = RoomPrivacy::open});
    const auto refused = bank.raise();
    REQUIRE_ERR(refused, Errc::conflict, "room 'Canteen' would let in " + sip("ann"));
    CHECK(reason(refused) == "wall-broken");
    const WallAnswer answer = bank.prove();
    REQUIRE(answer.breach);
    CHECK(answer.breach->room_name == "Canteen");
    CHECK(answer.breach->a == bank.ann);
    CHECK(answer.breach->b == bank.bob);
    CHECK(answer.rooms == 3);
}

TEST_CASE("wall: changes of rooms and categories that would let both in are refused", "[wall]") {
    Bank bank;
    REQUIRE_OK(bank.raise());
    CHECK_FALSE(bank.prove().breach);
    const auto added = bank.set_room("Lab", adding(sip("bob")));
    REQUIRE_ERR(
        added, Errc::conflict, "room 'Lab' would let in sip:ann@contoso.example and " + sip("bob")
    );
    CHECK(reason(bank.set_room("Floor", with_privacy(RoomPrivacy::open))) == "wall-broken");
    CHECK(reason(bank.set_room("Lab", adding(sip("ann")))) == "done");
    RoomFields fresh = with_privacy(RoomPrivacy::open);
    fresh.name = "Canteen";
    fresh.category = "General";
    AdminCall call = bank.world.as("admin");
    CHECK(reason(create_room(*bank.world.changes, call, fresh)) == "wall-broken");
    call.dry_run = true;
    CHECK(reason(create_room(*bank.world.changes, call, fresh)) == "wall-broken");
    CHECK_FALSE(bank.world.has_room("Canteen"));

    bank.world.category("Quiet", {.allowed = {bank.research}});
    bank.world.room("Study", "Quiet", {.privacy = RoomPrivacy::open});
    CategoryFields wider;
    wider.allow.add = {"group:traders"};
    const auto widened =
        change_category(*bank.world.changes, bank.world.as("admin"), "Quiet", wider);
    REQUIRE_ERR(widened, Errc::conflict, "room 'Study'");
    CategoryFields renamed;
    renamed.description = "Do not disturb";
    REQUIRE_OK(change_category(*bank.world.changes, bank.world.as("admin"), "Quiet", renamed));
}

TEST_CASE("wall: changes of groups, users and policies that would let both in too", "[wall]") {
    Bank bank;
    bank.world.user("eve");
    bank.world.room("Den", "Bank", {.members = {bank.research, bank.world.user("cat")}});
    REQUIRE_OK(bank.raise());
    const AdminCall admin = bank.world.as("admin");
    GroupFields join;
    join.members.add = {sip("ann")};
    const auto joined = change_group(*bank.world.changes, admin, "traders", join);
    REQUIRE_ERR(joined, Errc::conflict, "who is on both sides");
    GroupFields nested;
    nested.members.add = {"group:traders"};
    CHECK(reason(change_group(*bank.world.changes, admin, "research", nested)) == "wall-broken");
    join.members.add = {sip("eve")};
    CHECK(reason(change_group(*bank.world.changes, admin, "research", join)) == "done");
    CHECK(reason(change_group(*bank.world.changes, admin, "traders", join)) == "wall-broken");
}

TEST_CASE("wall: who was disabled does not come back into a room with the other side", "[wall]") {
    Bank bank;
    const PrincipalId dan = bank.world.user("dan");
    bank.world.category("All", {.allowed = {bank.world.everyone()}});
    bank.world.room("Den", "All", {.members = {bank.research, dan}});
    bank.world.set_state(dan, PrincipalState::disabled);
    REQUIRE_OK(put_wall(
        *bank.world.changes, bank.world.as("admin"), "W", sides({"group:research"}, {sip("dan")})
    ));
    UserFields enabled;
    enabled.disabled = false;
    const auto back = change_user(*bank.world.changes, bank.world.as("admin"), sip("dan"), enabled);
    REQUIRE_ERR(back, Errc::conflict, "room 'Den'");
}

TEST_CASE("wall: what broke it before keeps nobody from other changes", "[wall]") {
    Bank bank;
    REQUIRE_OK(bank.raise());
    bank.world.room("Leak", "Bank", {.members = {bank.research, bank.traders}});
    CHECK(bank.prove().breach);
    RoomFields described;
    described.description = "Known to all";
    CHECK(reason(bank.set_room("Leak", described)) == "done");
    CHECK(reason(bank.set_room("Lab", described)) == "done");
    CHECK(reason(bank.set_room("Lab", adding(sip("bob")))) == "wall-broken");
    // Nor may it let in more of them.
    bank.world.user("eve");
    GroupFields join;
    join.members.add = {sip("eve")};
    const AdminCall admin = bank.world.as("admin");
    CHECK(reason(change_group(*bank.world.changes, admin, "traders", join)) == "wall-broken");
    RoomFields fewer;
    fewer.members.remove = {"group:research"};
    CHECK(reason(bank.set_room("Leak", fewer)) == "done");
    CHECK(reason(change_group(*bank.world.changes, admin, "traders", join)) == "done");
}

TEST_CASE("wall: what another server has changed counts before memory follows it", "[wall]") {
    Bank bank;
    REQUIRE_OK(bank.raise());
    test::RecordingAudience nobody;
    Interrupted content{*bank.world.content};
    test::SecondServer other{bank.world, content, nobody};
    Changes changes{*other.chat};
    const AdminCall admin = bank.world.as("admin");
    RoomFields trader;
    trader.members.replace = {sip("bob")};
    const auto let_in_bob = [&] {
        REQUIRE_OK(change_room(*bank.world.changes, admin, "Lab", trader));
    };
    const auto let_in_ann = [&] { return change_room(changes, admin, "Lab", adding(sip("ann"))); };
    SECTION("when it was done before its first change") {
        let_in_bob();
        REQUIRE_ERR(let_in_ann(), Errc::conflict, "room 'Lab'");
    }
    SECTION("when it was done after its first change") {
        REQUIRE_OK(let_in_ann());
        RoomFields empty;
        empty.members.replace = std::vector<std::string>{};
        REQUIRE_OK(change_room(*bank.world.changes, admin, "Lab", empty));
        let_in_bob();
        REQUIRE_ERR(let_in_ann(), Errc::conflict, "room 'Lab'");
    }
    SECTION("when it is done as the change begins") {
        RoomFields described;
        described.description = "For all";
        REQUIRE_OK(change_room(changes, admin, "Floor", described));
        content.before_write = let_in_bob;
        REQUIRE_ERR(let_in_ann(), Errc::conflict, "room 'Lab'");
    }
    SECTION("and while a wall is raised") {
        REQUIRE_OK(remove_wall(changes, admin, "Inside"));
        REQUIRE_OK(change_room(*bank.world.changes, admin, "Lab", adding(sip("bob"))));
        const auto raised =
            put_wall(changes, admin, "Again", sides({"group:research"}, {"group:traders"}));
        REQUIRE_ERR(raised, Errc::conflict, "room 'Lab'");
    }
}

TEST_CASE("wall: a directory breaks it without being refused", "[wall]") {
    Bank bank;
    REQUIRE_OK(bank.raise());
    const AdminCall admin = bank.world.as("admin");
    REQUIRE_OK(bank.world.changes->run("syncing", admin.actor, [&](Change& change) {
        change.may_break_walls = true;
        change.touched.principals.push_back(bank.bob);
        const Membership joins[] = {{bank.research, bank.bob}};
        return change.tx().principals().add_members(joins);
    }));
    CHECK(bank.prove().breach);
}

TEST_CASE("wall: a group that it names is removed by force only, and leaves it", "[wall]") {
    Bank bank;
    REQUIRE_OK(bank.raise());
    const AdminCall admin = bank.world.as("admin");
    const auto refused = remove_group(*bank.world.changes, admin, "traders");
    REQUIRE_ERR(refused, Errc::conflict, "wall 'Inside'");
    CHECK(reason(refused) == "group-walled");
    const auto removed = remove_group(*bank.world.changes, admin, "traders", Force::yes);
    REQUIRE_OK(removed);
    CHECK(std::any_of(removed->taken.begin(), removed->taken.end(), [](const TakenAway& one) {
        return one.kind == "wall" && one.name == "Inside" && one.list == "b";
    }));
    bank.world.directory.read([](const DirectoryState& state) {
        REQUIRE(state.walls().size() == 1);
        CHECK(state.walls()[0].b.empty());
        return 0;
    });
}

TEST_CASE("wall: no run of changes ever breaks it", "[wall]") {
    Bank bank;
    for (const char* name : {"cat", "dan", "eve"})
        bank.world.user(name);
    bank.world.room("Hall", "General");
    REQUIRE_OK(bank.raise());
    std::mt19937 random{5};
    const std::vector<std::string> people{
        sip("ann"),
        sip("bob"),
        sip("cat"),
        sip("dan"),
        sip("eve"),
        "group:research",
        "group:traders"};
    const std::vector<std::string> rooms{"Lab", "Floor", "Hall"};
    const auto any = [&](const auto& list) { return list[random() % list.size()]; };
    int refused = 0;
    int done = 0;
    for (int i = 0; i < 400; ++i) {
        const AdminCall admin = bank.world.as("admin");
        ListChange edit;
        (random() % 3 == 0 ? edit.remove : edit.add).push_back(any(people));
        std::string outcome;
        switch (random() % 4) {
        case 0: {
            RoomFields fields;
            fields.members = edit;
            outcome = reason(bank.set_room(any(rooms), fields));
            break;
        }
        case 1: {
            GroupFields fields;
            fields.members = edit;
            const std::string group = random() % 2 == 0 ? "research" : "traders";
            outcome = reason(change_group(*bank.world.changes, admin, group, fields));
            break;
        }
        case 2: {
            CategoryFields fields;
            (random() % 2 == 0 ? fields.deny : fields.allow) = edit;
            outcome = reason(change_category(*bank.world.changes, admin, "Bank", fields));
            break;
        }
        default:
            outcome = reason(bank.set_room(
                any(rooms),
                with_privacy(random() % 3 == 0 ? RoomPrivacy::open : RoomPrivacy::closed)
            ));
        }
        refused += outcome == "wall-broken" ? 1 : 0;
        done += outcome == "done" ? 1 : 0;
        REQUIRE_FALSE(bank.prove().breach);
    }
    CHECK(refused > 20);
    CHECK(done > 100);
}
