// SPDX-License-Identifier: Apache-2.0
#include "server/service/category_admin.h"
#include "server/service/room_purge.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

using Ids = std::vector<PrincipalId>;

CategoryFields denying(const std::string& who) {
    CategoryFields out;
    out.deny.add = {who};
    return out;
}

CategoryFields allowing(const std::string& who) {
    CategoryFields out;
    out.deny.remove = {who};
    return out;
}

/// Rooms Lab and Den of the category Bank, both with ann and bob.
struct Bank {
    Bank() {
        ann = world.user("ann");
        bob = world.user("bob");
        world.category("Bank", {.allowed = {world.everyone()}});
        world.room("Lab", "Bank", {.members = {ann, bob}, .managers = {bob}});
        world.room("Den", "Bank", {.members = {ann, bob}});
    }
    CategoryChange set(const CategoryFields& fields) {
        auto done = change_category(*world.changes, world.as("admin"), "Bank", fields);
        REQUIRE_OK(done);
        return *done;
    }
    PurgeUndo undo(const std::string& room, const std::string& change = {}) {
        const auto done = undo_purge(*world.changes, world.as("admin"), room, change);
        REQUIRE_OK(done);
        return *done;
    }

    ChatWorld world;
    PrincipalId ann;
    PrincipalId bob;
};

}  // namespace

TEST_CASE("room undo: puts back what a category change took from one room", "[purge]") {
    Bank bank;
    CHECK_FALSE(bank.set(denying(sip("bob"))).undo.empty());
    CHECK(bank.world.room_now("Lab").members == Ids{bank.ann});
    CHECK(bank.world.room_now("Lab").managers.empty());
    const PurgeUndo early = bank.undo("Lab");
    CHECK(early.restored.empty());
    REQUIRE(early.refused.size() == 2);
    CHECK(early.refused[0].principal == sip("bob"));
    CHECK(bank.set(allowing(sip("bob"))).undo.empty());
    const PurgeUndo undone = bank.undo("Lab");
    CHECK(undone.refused.empty());
    REQUIRE(undone.restored.size() == 2);
    CHECK(undone.restored[0].list == "members");
    CHECK(undone.restored[1].list == "managers");
    CHECK(bank.world.room_now("Lab").members == Ids{bank.ann, bank.bob});
    CHECK(bank.world.room_now("Lab").managers == Ids{bank.bob});
    CHECK(bank.world.room_now("Den").members == Ids{bank.ann});
    CHECK(bank.world.audit().front().action == "room.change");
    CHECK(bank.undo("Lab").restored.empty());
}

TEST_CASE("room undo: puts back what all rooms lost by a change", "[purge]") {
    Bank bank;
    const std::string change = bank.set(denying(sip("bob"))).undo;
    bank.set(allowing(sip("bob")));
    AdminCall call = bank.world.as("admin");
    call.dry_run = true;
    const auto would = undo_purge(*bank.world.changes, call, "", change);
    REQUIRE_OK(would);
    CHECK(would->restored.size() == 3);
    CHECK(bank.world.room_now("Den").members == Ids{bank.ann});
    const PurgeUndo undone = bank.undo("", change);
    CHECK(undone.change == change);
    CHECK(undone.restored.size() == 3);
    CHECK(bank.world.room_now("Den").members == Ids{bank.ann, bank.bob});
    REQUIRE_ERR(
        undo_purge(*bank.world.changes, bank.world.as("admin"), "", change), Errc::not_found, change
    );
}

TEST_CASE("room undo: a move is undone where the room is allowed to have them", "[purge]") {
    Bank bank;
    bank.world.category("Few", {.allowed = {bank.ann}});
    RoomFields move;
    move.category = "Few";
    const auto moved = change_room(*bank.world.changes, bank.world.as("admin"), "Den", move);
    REQUIRE_OK(moved);
    CHECK(moved->purged.size() == 1);
    CHECK_FALSE(moved->undo.empty());
    CHECK(bank.undo("Den").refused.size() == 1);
    move.category = "Bank";
    REQUIRE_OK(change_room(*bank.world.changes, bank.world.as("admin"), "Den", move));
    CHECK(bank.undo("Den").restored.size() == 1);
    CHECK(bank.world.room_now("Den").members == Ids{bank.ann, bank.bob});
}

TEST_CASE("room undo: takes the last of several, and leaves what is there already", "[purge]") {
    Bank bank;
    bank.set(denying(sip("ann")));
    bank.world.clock.pass(std::chrono::seconds{1});
    bank.set(denying(sip("bob")));
    bank.set(allowing(sip("ann")));
    bank.set(allowing(sip("bob")));
    RoomFields by_hand;
    by_hand.members.add = {sip("bob")};
    REQUIRE_OK(change_room(*bank.world.changes, bank.world.as("admin"), "Den", by_hand));
    CHECK(bank.undo("Den").restored.empty());
    const PurgeUndo before = bank.undo("Den");
    REQUIRE(before.restored.size() == 1);
    CHECK(before.restored[0].principal == sip("ann"));
}

TEST_CASE("room undo: is for those who manage the room", "[purge]") {
    Bank bank;
    bank.set(denying(sip("bob")));
    bank.set(allowing(sip("bob")));
    REQUIRE_ERR(
        undo_purge(*bank.world.changes, bank.world.as("ann"), "Den", ""), Errc::denied, "'Den'"
    );
    REQUIRE_ERR(
        undo_purge(*bank.world.changes, bank.world.as("admin"), "", ""), Errc::usage, "room"
    );
}
