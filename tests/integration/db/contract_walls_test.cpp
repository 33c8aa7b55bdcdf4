// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/integration/db/contract.h"

#include <limits>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr PrincipalId ann{1};
constexpr PrincipalId ben{2};
constexpr RoomId lobby{1};
constexpr RoomId annex{2};

Wall a_wall(std::int64_t id, const std::string& name) {
    Wall out;
    out.id = WallId{id};
    out.uuid = uuid_of(id);
    out.name = name;
    out.name_key = name_key(name);
    out.created_by = out.updated_by = ann;
    return out;
}

Purge a_purge(std::int64_t id, Microseconds at) {
    return {PurgeId{id}, uuid_of(id), at, ann, "category.change", "Research"};
}

auto fields(const Wall& w) {
    return std::tie(
        w.id,
        w.uuid,
        w.name_key,
        w.name,
        w.description,
        w.revision,
        w.created_at,
        w.created_by,
        w.updated_at,
        w.updated_by
    );
}

ContentWork insert(const Wall& wall) {
    return [wall](ContentTransaction& tx) { return tx.walls().insert(wall); };
}

ContentWork insert(const Purge& purge, std::vector<PurgedRole> roles) {
    return [=](ContentTransaction& tx) { return tx.purges().insert(purge, roles); };
}

/// Users ann and ben; rooms Lobby and Annex.
void prepare(Content& content) {
    furnish(content);
    content.write([](ContentTransaction& tx) -> Result<void> {
        const Principal users[] = {a_user(2, "ben@contoso.example")};
        if (Result<void> done = tx.principals().insert(users); !done)
            return done;
        return tx.rooms().insert(a_room(2, "Annex", CategoryId{1}));
    });
}

std::vector<PurgedRole> lost(Content& content, RoomId room) {
    return content.read([&](ContentTransaction& tx) { return tx.purges().roles(room); });
}

}  // namespace

TEST_CASE("walls: every field comes back", "[walls]") {
    Content content{GENERATE(from_range(backends()))};
    Wall wanted = a_wall(most, "B\xC3\xB6rse \xF0\x9F\x8F\x94");
    wanted.uuid = uuid_of(7);
    wanted.description = "\xE4\xB8\xAD";
    wanted.revision = 3;
    wanted.created_at = 1;
    wanted.updated_at = most;
    wanted.updated_by = ben;
    content.write(insert(wanted));
    for (const auto& found :
         {content.read([&](ContentTransaction& tx) { return tx.walls().find(wanted.id); }),
          content.read([&](ContentTransaction& tx) { return tx.walls().find_uuid(wanted.uuid); }),
          content.read([&](ContentTransaction& tx) {
              return tx.walls().find_name(name_key("B\xC3\x96RSE \xF0\x9F\x8F\x94"));
          })}) {
        REQUIRE(found);
        CHECK((fields(*found) == fields(wanted)));
    }
    CHECK(content.read([](ContentTransaction& tx) { return tx.walls().list(); }).size() == 1);
}

TEST_CASE("walls: a name is there once, and a change from another revision is none", "[walls]") {
    Content content{GENERATE(from_range(backends()))};
    content.write(insert(a_wall(1, "Research")));
    REQUIRE_ERR(content.try_write(insert(a_wall(2, "RESEARCH"))), Errc::conflict, "");
    content.write(insert(a_wall(2, "Trading")));
    const auto update = [&](const Wall& wall) {
        return content.try_write([&](ContentTransaction& tx) { return tx.walls().update(wall); });
    };
    Wall changed = a_wall(2, "research");
    REQUIRE_ERR(update(changed), Errc::conflict, "");
    changed = a_wall(2, "Floor");
    REQUIRE_OK(update(changed));
    REQUIRE_ERR(update(changed), Errc::conflict, "");
    const auto now =
        content.read([](ContentTransaction& tx) { return tx.walls().find(WallId{2}); });
    CHECK(now->name == "Floor");
    CHECK(now->revision == 2);
}

TEST_CASE("walls: sides are added, removed, found by who is on them, and go with it", "[walls]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    content.write(insert(a_wall(1, "Research")));
    content.write(insert(a_wall(2, "Trading")));
    const std::vector<WallEntry> all{
        {{1}, WallFace::a, ann}, {{1}, WallFace::b, ben}, {{2}, WallFace::a, ben}};
    content.write([&](ContentTransaction& tx) { return tx.walls().add_sides(all); });
    const auto sides = [&] {
        return content.read([](ContentTransaction& tx) { return tx.walls().sides(); });
    };
    CHECK(sides() == all);
    CHECK(content.read([](ContentTransaction& tx) {
        return tx.walls().sides(WallId{1});
    }) == std::vector{all[0], all[1]});
    CHECK(content.read([](ContentTransaction& tx) {
        return tx.walls().naming(ben);
    }) == std::vector{all[1], all[2]});
    const WallEntry nobody[] = {{{1}, WallFace::a, PrincipalId{99}}};
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) { return tx.walls().add_sides(nobody); }),
        Errc::conflict,
        ""
    );
    content.write([&](ContentTransaction& tx) {
        return tx.walls().remove_sides(std::span{all}.first(1));
    });
    content.write([](ContentTransaction& tx) { return tx.walls().remove(WallId{2}); });
    CHECK(sides() == std::vector{all[1]});
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) { return tx.walls().remove(WallId{2}); }),
        Errc::conflict,
        ""
    );
}

TEST_CASE("purges: come back by number, by uuid and by room", "[purges]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    const std::vector<PurgedRole> first{
        {{1}, lobby, RoomRole::member, ann}, {{1}, annex, RoomRole::manager, ben}};
    const std::vector<PurgedRole> second{{{2}, lobby, RoomRole::presenter, PrincipalId{99}}};
    content.write(insert(a_purge(1, most), first));
    content.write(insert(a_purge(2, 5), second));
    for (const auto& found :
         {content.read([](ContentTransaction& tx) { return tx.purges().find(PurgeId{1}); }),
          content.read([](ContentTransaction& tx) { return tx.purges().find_uuid(uuid_of(1)); })}) {
        REQUIRE(found);
        CHECK(found->at == most);
        CHECK(found->actor == ann);
        CHECK(found->action == "category.change");
        CHECK(found->object_name == "Research");
    }
    CHECK(content.read([](ContentTransaction& tx) {
        return tx.purges().roles(PurgeId{1});
    }) == first);
    CHECK(lost(content, lobby) == std::vector{first[0], second[0]});
    CHECK(lost(content, annex) == std::vector{first[1]});
}

TEST_CASE("purges: what is put back goes, and an empty one with it", "[purges]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    const std::vector<PurgedRole> roles{
        {{1}, lobby, RoomRole::member, ann}, {{1}, annex, RoomRole::member, ann}};
    content.write(insert(a_purge(1, 1), roles));
    const auto remove = [&](std::size_t which) {
        content.write([&](ContentTransaction& tx) {
            return tx.purges().remove(std::span{roles}.subspan(which, 1));
        });
        return content.read([](ContentTransaction& tx) { return tx.purges().find(PurgeId{1}); });
    };
    CHECK(remove(0));
    CHECK(lost(content, lobby).empty());
    CHECK(lost(content, annex).size() == 1);
    CHECK_FALSE(remove(1));
}

TEST_CASE("purges: old ones are forgotten, and those of a room with it", "[purges]") {
    Content content{GENERATE(from_range(backends()))};
    prepare(content);
    for (const std::int64_t id : {1, 2, 3})
        content.write(insert(a_purge(id, id * 10), {{{id}, lobby, RoomRole::member, ann}}));
    const auto forget = [&](Microseconds at, int limit) {
        std::int64_t count = 0;
        content.write([&](ContentTransaction& tx) -> Result<void> {
            const auto done = tx.purges().forget(at, limit);
            REQUIRE_OK(done);
            count = *done;
            return {};
        });
        return count;
    };
    CHECK(forget(10, 5) == 0);
    CHECK(forget(25, 1) == 1);
    CHECK(lost(content, lobby).size() == 2);
    CHECK(forget(25, 5) == 1);
    content.write([](ContentTransaction& tx) { return tx.rooms().remove(lobby, 99); });
    content.write([](ContentTransaction& tx) { return tx.rooms().purge(lobby); });
    CHECK(lost(content, lobby).empty());
}
