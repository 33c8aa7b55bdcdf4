// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_book.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;

namespace {

std::string texts(const RecentView& view) {
    std::string out;
    for (const SharedText& text : view.messages)
        out += *text;
    return out;
}

Remembered message(std::int64_t seq, bool transit = false) {
    return {seq, std::make_shared<const std::string>(std::to_string(seq)), transit};
}

/// A room that holds 1 and 2, then 3 and 4 without history, then 5.
struct Rig {
    test::ChatWorld world;
    RoomId room = world.room("Lobby", "General");

    Rig() {
        REQUIRE_OK(world.book.warm_up(room));
        for (const std::int64_t seq : {1, 2, 3, 4, 5})
            CHECK(world.book.append(room, message(seq, seq == 3 || seq == 4)));
    }
    RecentView after(std::int64_t since) {
        return world.book.with(room, [&](LiveRoom& live) { return RoomBook::after(live, since); });
    }
    RecentView last(std::size_t count) {
        return world.book.with(room, [&](LiveRoom& live) { return RoomBook::last(live, count); });
    }
};

}  // namespace

TEST_CASE("room book: who resumes gets all, who is new only what is kept", "[book]") {
    Rig rig;
    CHECK(texts(rig.after(1)) == "2345");
    CHECK(rig.after(1).complete);
    CHECK(texts(rig.last(2)) == "25");
    CHECK(rig.last(2).complete);
    CHECK(texts(rig.last(9)) == "125");
    CHECK(rig.last(9).complete);  // the room has no more
    CHECK(rig.last(0).complete);
    CHECK(texts(rig.after(5)).empty());
}

TEST_CASE("room book: what was erased from the database is forgotten", "[book]") {
    Rig rig;
    rig.world.book.expired(rig.room, 4, 1);
    CHECK_FALSE(rig.after(1).complete);
    CHECK(texts(rig.after(4)) == "5");
    CHECK_FALSE(rig.last(3).complete);
    CHECK(texts(rig.last(1)) == "5");
    rig.world.book.expired(rig.room, 4, 6);
    CHECK(texts(rig.after(0)).empty());
    CHECK(rig.after(0).complete);
    CHECK(rig.after(0).first == 6);
}
