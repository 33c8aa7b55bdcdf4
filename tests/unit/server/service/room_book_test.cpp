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

/// Whether it was new; all before it is known.
bool append(RoomBook& book, RoomId room, Remembered one) {
    return book.append(room, one.seq - 1, one) == RoomBook::Place::next;
}

/// A room that holds 1 and 2, then 3 and 4 without history, then 5.
struct Rig {
    test::ChatWorld world;
    RoomId room = world.room("Lobby", "General");

    Rig() {
        REQUIRE_OK(world.book.warm_up(room));
        for (const std::int64_t seq : {1, 2, 3, 4, 5})
            CHECK(append(world.book, room, message(seq, seq == 3 || seq == 4)));
    }
    RecentView after(std::int64_t since) {
        return world.book.with(room, [&](LiveRoom& live) {
            return RoomBook::after(live, since, Transit::shown);
        });
    }
    void enter(PrincipalId user) {
        world.book.with(room, [&](LiveRoom& live) {
            world.book.enter(live, room, user, world.clock.steady());
        });
    }
    Transit transit_for(PrincipalId user, std::int64_t since) {
        return world.book.with(room, [&](LiveRoom& live) {
            return RoomBook::transit_for(live, user, since, world.clock.steady());
        });
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

TEST_CASE("room book: what is erased while a room is opened does not come back", "[book]") {
    test::ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const RoomId room = world.room("Lobby", "General", {{ann}});
    Category category = world.category_now("General").category;
    category.history = false;
    world.write([&](ContentTransaction& tx) { return tx.categories().update(category); });
    REQUIRE_OK(world.directory.load(*world.content));
    for (int i = 0; i < 3; ++i)
        world.post(ann, room, std::to_string(i + 1));
    RoomBook* other = nullptr;
    RoomBook book{*world.content, [&](const Message& message) {
                      if (message.seq == 1)  // the database has been read
                          other->expired(room, 2, 1);
                      return message.body;
                  }};
    other = &book;
    REQUIRE_OK(book.warm_up(room));
    const RecentView view =
        book.with(room, [&](LiveRoom& live) { return RoomBook::after(live, 0, Transit::shown); });
    CHECK(texts(view) == "3");
    CHECK_FALSE(view.complete);
}

TEST_CASE("room book: of who goes and comes before it is told the last is told", "[book]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    using Users = std::vector<PrincipalId>;
    using Told = std::pair<Users, Users>;
    const auto told = [&] {
        CHECK(rig.world.book.take_changed_rosters() == std::vector{rig.room});
        return rig.world.book.with(rig.room, [](LiveRoom& live) {
            return Told{std::exchange(live.roster.joined, {}), std::exchange(live.roster.left, {})};
        });
    };
    rig.enter(ann);
    CHECK(told() == Told{{ann}, {}});
    rig.world.book.leave(rig.room, ann);
    rig.enter(ann);
    CHECK(told() == Told{{ann}, {}});  // who joined in between did not see it
    rig.world.book.leave(rig.room, ann);
    rig.enter(ann);
    rig.world.book.leave(rig.room, ann);
    CHECK(told() == Told{{}, {ann}});
    rig.enter(ann);
    rig.world.book.leave(rig.room, ann);
    CHECK(told() == Told{{}, {ann}});  // who joined in between saw it
}

TEST_CASE("room book: who came or went is noted while somebody wants to know", "[book]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    using Visits = std::vector<RoomBook::Visit>;
    rig.enter(ann);
    CHECK(rig.world.book.take_noted().empty());
    CHECK(rig.world.book.everybody() == Visits{{rig.room, ann}});
    rig.world.book.note_visits(true);
    rig.world.book.leave(rig.room, ann);
    CHECK(rig.world.book.take_noted() == Visits{{rig.room, ann}});
    CHECK_FALSE(rig.world.book.is_here(rig.room, ann));
    rig.enter(ann);
    rig.world.book.take_noted();
    rig.world.book.forget(rig.room);
    CHECK(rig.world.book.take_noted() == Visits{{rig.room, ann}});
    rig.world.book.note_visits(false);
    rig.enter(ann);
    CHECK(rig.world.book.take_noted().empty());
}

TEST_CASE("room book: what is not kept is for who was there", "[book]") {
    Rig rig;
    const PrincipalId ann = rig.world.user("ann");
    const PrincipalId eve = rig.world.user("eve");
    const RecentView hidden = rig.world.book.with(rig.room, [&](LiveRoom& live) {
        return RoomBook::after(live, 1, Transit::hidden);
    });
    CHECK(texts(hidden) == "25");
    CHECK(hidden.gap);
    CHECK(rig.transit_for(eve, 5) == Transit::hidden);
    rig.enter(ann);
    CHECK(rig.transit_for(ann, 5) == Transit::shown);
    // What was said before it came was not said to it.
    CHECK(rig.transit_for(ann, 4) == Transit::hidden);
    SECTION("and comes back within ten minutes, as often as it likes") {
        for (int i = 0; i < 3; ++i) {
            rig.world.book.leave(rig.room, ann, rig.world.clock.steady());
            CHECK(append(rig.world.book, rig.room, message(6 + i, true)));
            rig.world.clock.pass(std::chrono::minutes{10});
            CHECK(rig.transit_for(ann, 5) == Transit::shown);
            rig.enter(ann);
        }
        CHECK(rig.transit_for(ann, 5) == Transit::shown);
        CHECK(rig.transit_for(ann, 4) == Transit::hidden);
    }
    SECTION("but not later") {
        rig.world.book.leave(rig.room, ann, rig.world.clock.steady());
        rig.world.clock.pass(std::chrono::minutes{11});
        CHECK(rig.transit_for(ann, 5) == Transit::hidden);
    }
    SECTION("nor when too many left after it") {
        rig.world.book.leave(rig.room, ann, rig.world.clock.steady());
        for (std::int64_t i = 0; i < 1'000; ++i) {
            rig.enter(PrincipalId{10'000 + i});
            rig.world.book.leave(rig.room, PrincipalId{10'000 + i}, rig.world.clock.steady());
        }
        CHECK(rig.transit_for(ann, 5) == Transit::hidden);
    }
}

TEST_CASE("room book: an older change that comes late changes nothing", "[book]") {
    Rig rig;
    const auto text = [](const char* words) { return std::make_shared<const std::string>(words); };
    rig.world.book.changed(rig.room, 6, 2, text("removed"));
    rig.world.book.changed(rig.room, 5, 2, text("replaced"));
    CHECK(texts(rig.last(2)) == "removed5");
    rig.world.book.changed(rig.room, 7, 2, text("again"));
    CHECK(texts(rig.last(2)) == "again5");
}

TEST_CASE("room book: a room that everybody has left is let go of after a while", "[book]") {
    Rig rig;
    RoomBook& book = rig.world.book;
    const PrincipalId ann = rig.world.user("ann");
    const auto pass_minutes = [&](int count) {
        for (int i = 0; i < count * 6 + 1; ++i)
            book.trim();
    };
    rig.enter(ann);
    pass_minutes(2);
    REQUIRE(book.standing(rig.room));
    book.leave(rig.room, ann);
    book.trim();
    CHECK(book.standing(rig.room)->warm);  // it may be back in a moment
    rig.enter(ann);
    pass_minutes(2);
    CHECK(book.standing(rig.room));
    book.leave(rig.room, ann, rig.world.clock.steady());
    pass_minutes(1);
    CHECK_FALSE(book.standing(rig.room));
    CHECK(book.rooms() == 0);
    CHECK(book.bytes() == 0);
    // Who left may have what it missed of messages without history, for ten minutes.
    CHECK(rig.transit_for(ann, 5) == Transit::shown);
    CHECK(rig.transit_for(ann, 4) == Transit::hidden);
    pass_minutes(1);
    pass_minutes(11);
    CHECK(rig.transit_for(ann, 5) == Transit::hidden);
}

TEST_CASE("room book: what was changed before it came is what it was changed to", "[book]") {
    Rig rig;
    RoomBook& book = rig.world.book;
    book.changed(rig.room, 3, 7, std::make_shared<const std::string>("removed"));
    Remembered six = message(6);
    CHECK(book.append(rig.room, 5, six) == RoomBook::Place::next);
    CHECK(*six.text == "6");
    Remembered seven = message(7);
    CHECK(book.append(rig.room, 6, seven) == RoomBook::Place::next);
    CHECK(*seven.text == "removed");
    CHECK(seven.rev == 3);
    CHECK(texts(rig.after(5)) == "6removed");
    // One that was read after an even later change.
    book.changed(rig.room, 4, 8, std::make_shared<const std::string>("replaced"));
    Remembered eight = message(8);
    eight.rev = 5;
    CHECK(book.append(rig.room, 7, eight) == RoomBook::Place::next);
    CHECK(*eight.text == "8");
}

TEST_CASE("room book: what was cleared before it came is not shown", "[book]") {
    Rig rig;
    rig.world.book.cleared(rig.room, 3, 8);
    for (const std::int64_t seq : {6, 7})
        CHECK_FALSE(append(rig.world.book, rig.room, message(seq)));
    CHECK(rig.world.book.standing(rig.room)->last_seq == 7);
    CHECK(append(rig.world.book, rig.room, message(8)));
    CHECK(texts(rig.after(0)) == "8");
}

TEST_CASE("room book: what stands before a message is asked for, not passed over", "[book]") {
    Rig rig;
    Remembered eight = message(8);
    CHECK(rig.world.book.append(rig.room, 7, eight) == RoomBook::Place::beyond);
    CHECK(rig.world.book.standing(rig.room)->last_seq == 5);
    CHECK(rig.world.book.append(rig.room, 5, eight) == RoomBook::Place::next);  // no others exist
}

TEST_CASE("room book: a room that is opened from an old look is looked at again", "[book]") {
    test::ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const RoomId room = world.room("Lobby", "General", {{ann}});
    world.post(ann, room, "1");
    RoomBook* other = nullptr;
    bool meanwhile = true;
    RoomBook book{*world.content, [&](const Message& one) {
                      if (std::exchange(meanwhile, false)) {  // the database has been read
                          world.post(ann, room, "2");
                          world.post(ann, room, "3");
                          append(*other, room, message(3));
                      }
                      return one.body;
                  }};
    other = &book;
    REQUIRE_OK(book.warm_up(room));
    CHECK(book.standing(room)->last_seq == 3);
    const RecentView view =
        book.with(room, [&](LiveRoom& live) { return RoomBook::after(live, 0, Transit::shown); });
    CHECK(texts(view) == "123");
}
