// SPDX-License-Identifier: Apache-2.0
// Messages of a category without history: for who was there, for ten minutes, and nowhere else.
#include "server/app/housekeeping.h"
#include "server/service/listing.h"
#include "tests/support/api_world.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

using namespace pchat;
using namespace std::chrono_literals;

namespace {

using Numbers = std::vector<std::int64_t>;

Numbers numbers(const Result<Chat::Page>& page) {
    REQUIRE_OK(page);
    Numbers out;
    for (const Message& message : page->messages)
        out.push_back(message.seq);
    return out;
}

/// A room whose category keeps history, keeps none, and keeps it again.
struct Rig {
    test::ApiWorld api;
    test::ChatWorld& world = api.world;
    PrincipalId ann = world.user("ann");
    PrincipalId bob = world.user("bob");
    RoomId room = world.room("Lobby", "General", {{ann, bob}});
    app::Housekeeping housekeeping{*world.chat, api.hub, 20s};

    void keep_history(bool on) {
        Category category = world.category_now("General").category;
        category.history = on;
        world.write([&](ContentTransaction& tx) { return tx.categories().update(category); });
        Touched touched;
        touched.categories = {category.id};
        REQUIRE_OK(world.chat->apply(touched));
    }
    void post(int count) {
        for (int i = 0; i < count; ++i)
            world.post(ann, room, "text for @bob");
    }
    std::int64_t unread(std::int64_t read) {
        if (read > 0)
            REQUIRE_OK(put_marks(*world.chat, bob, {{room, read}}));
        const auto rooms = pchat::unread(*world.chat, bob, {room});
        REQUIRE_OK(rooms);
        REQUIRE(rooms->size() == 1);
        mentions = rooms->front().mentions;
        return rooms->front().unread;
    }
    std::int64_t mentions = 0;
};

}  // namespace

TEST_CASE("transit: history does not show them, resuming does", "[transit]") {
    Rig rig;
    rig.post(3);
    rig.keep_history(false);
    rig.post(2);
    rig.keep_history(true);
    rig.post(2);
    CHECK(numbers(rig.world.chat->after(rig.room, 0, 10)) == Numbers{1, 2, 3, 6, 7});
    CHECK(numbers(rig.world.chat->before(rig.room, std::nullopt, 10)) == Numbers{1, 2, 3, 6, 7});
    // A page is full even when some in between are not shown.
    const auto page = rig.world.chat->before(rig.room, std::nullopt, 3);
    CHECK(numbers(page) == Numbers{3, 6, 7});
    CHECK(page->more);
    const auto missed = rig.world.chat->missed(rig.room, 2, 10, Transit::shown);
    CHECK(numbers(missed) == Numbers{3, 4, 5, 6, 7});
    CHECK_FALSE(missed->gap);
    // But not to somebody who was not there.
    const auto strange = rig.world.chat->missed(rig.room, 2, 10, Transit::hidden);
    CHECK(numbers(strange) == Numbers{3, 6, 7});
    CHECK(strange->gap);
}

TEST_CASE("transit: nobody is told that they are unread", "[transit]") {
    Rig rig;
    rig.post(3);
    rig.keep_history(false);
    rig.post(2);
    rig.keep_history(true);
    rig.post(1);
    CHECK(rig.unread(0) == 4);
    CHECK(rig.mentions == 4);
    CHECK(rig.unread(3) == 1);
    CHECK(rig.mentions == 1);
}

TEST_CASE("transit: erased by time, wherever they stand; older history stays", "[transit]") {
    Rig rig;
    rig.post(3);
    rig.keep_history(false);
    rig.post(2);
    rig.world.clock.pass(9min);
    REQUIRE_OK(rig.housekeeping.clean_up());
    CHECK(
        numbers(rig.world.chat->missed(rig.room, 0, 10, Transit::shown)) == Numbers{1, 2, 3, 4, 5}
    );
    rig.post(1);
    rig.world.clock.pass(2min);
    REQUIRE_OK(rig.housekeeping.clean_up());
    const auto missed = rig.world.chat->missed(rig.room, 3, 10, Transit::shown);
    CHECK(numbers(missed) == Numbers{6});
    CHECK(missed->gap);
    rig.world.clock.pass(10min);
    REQUIRE_OK(rig.housekeeping.clean_up());
    const auto rest = rig.world.chat->missed(rig.room, 0, 10, Transit::shown);
    CHECK(numbers(rest) == Numbers{1, 2, 3});
    CHECK(rest->gap);  // the last ones are missing
    rig.keep_history(true);
    CHECK(rig.unread(0) == 3);
}

TEST_CASE("transit: a room of nothing else begins behind what was erased", "[transit]") {
    Rig rig;
    rig.keep_history(false);
    rig.post(4);
    rig.world.clock.pass(11min);
    rig.post(1);
    REQUIRE_OK(rig.housekeeping.clean_up());
    RoomHead head;
    rig.world.write([&](ContentTransaction& tx) -> Result<void> {
        head = **tx.messages().head(rig.room);
        return {};
    });
    CHECK(head.first_seq == 5);
    CHECK(head.last_seq == 5);
}
