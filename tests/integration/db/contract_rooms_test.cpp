// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/integration/db/contract.h"

#include <fmt/format.h>

using namespace pchat;
using namespace pchat::test;

namespace {

constexpr CategoryId research{1};
constexpr RoomId lobby{1};

std::vector<std::string> names(const std::vector<Room>& rooms) {
    std::vector<std::string> out;
    for (const Room& room : rooms)
        out.push_back(room.name);
    return out;
}

ContentWork insert_room(std::int64_t id, const std::string& name) {
    return [=](ContentTransaction& tx) { return tx.rooms().insert(a_room(id, name, research)); };
}

}  // namespace

TEST_CASE("rooms: what was written is read back, by id, uuid and name", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    Room wanted = a_room(7, "Größe 🚀", research);
    wanted.type = RoomType::auditorium;
    wanted.privacy = RoomPrivacy::secret;
    wanted.invitations = false;
    wanted.disabled = true;
    wanted.description = "";
    wanted.created_at = 1'700'000'000'000'001;
    wanted.created_by = PrincipalId{1};
    content.write([&](ContentTransaction& tx) { return tx.rooms().insert(wanted); });

    for (const auto& found :
         {content.read([&](ContentTransaction& tx) { return tx.rooms().find(RoomId{7}); }),
          content.read([&](ContentTransaction& tx) { return tx.rooms().find_uuid(wanted.uuid); }),
          content.read([&](ContentTransaction& tx) {
              return tx.rooms().find_name(name_key("GRÖSSE 🚀"));
          })}) {
        REQUIRE(found);
        CHECK(found->name == wanted.name);
        CHECK(found->type == RoomType::auditorium);
        CHECK(found->privacy == RoomPrivacy::secret);
        CHECK_FALSE(found->invitations);
        CHECK(found->disabled);
        CHECK(found->description.empty());
        CHECK_FALSE(found->addin);
        CHECK_FALSE(found->removed_at);
        CHECK(found->created_at == 1'700'000'000'000'001);
        CHECK(found->revision == 1);
    }
    const auto head =
        content.read([](ContentTransaction& tx) { return tx.messages().head(RoomId{7}); });
    REQUIRE(head);
    CHECK(head->last_seq == 0);
    CHECK(head->first_seq == 1);
}

TEST_CASE("rooms: names are unique among rooms and categories, whatever their case", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    REQUIRE_ERR(content.try_write(insert_room(2, "LOBBY")), Errc::conflict, "");
    REQUIRE_ERR(content.try_write(insert_room(2, "research")), Errc::conflict, "");
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) {
            return tx.categories().insert(a_category(2, "loBby"));
        }),
        Errc::conflict,
        ""
    );
    content.write(insert_room(2, "Lobby 2"));
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) {
            return tx.rooms().update(a_room(2, "lobby", research));
        }),
        Errc::conflict,
        ""
    );
    const auto still =
        content.read([](ContentTransaction& tx) { return tx.rooms().find(RoomId{2}); });
    CHECK(still->name == "Lobby 2");
}

TEST_CASE("rooms: a change counts only upon the revision that was read", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    Room room = a_room(1, "Foyer", research);
    content.write([&](ContentTransaction& tx) { return tx.rooms().update(room); });
    room.description = "late";
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) { return tx.rooms().update(room); }),
        Errc::conflict,
        "changed or removed"
    );
    const auto now = content.read([](ContentTransaction& tx) { return tx.rooms().find(lobby); });
    CHECK(now->name == "Foyer");
    CHECK(now->description.empty());
    CHECK(now->revision == 2);
    // The old name is free.
    content.write(insert_room(2, "Lobby"));
}

TEST_CASE("rooms: a removed one frees its name at once and its rows in the end", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const RoleEntry entries[] = {{lobby, RoomRole::member, PrincipalId{1}}};
    content.write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> done = tx.rooms().add_roles(entries); !done)
            return done;
        return tx.rooms().remove(lobby, 5);
    });
    CHECK_FALSE(content.read([](ContentTransaction& tx) { return tx.rooms().find(lobby); }));
    CHECK(content.read([](ContentTransaction& tx) {
        return tx.rooms().removed(10);
    }) == std::vector{lobby});
    content.write(insert_room(2, "Lobby"));
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) { return tx.rooms().remove(lobby, 6); }),
        Errc::conflict,
        ""
    );
    content.write([](ContentTransaction& tx) { return tx.rooms().purge(lobby); });
    CHECK(content.read([](ContentTransaction& tx) { return tx.rooms().removed(10); }).empty());
    CHECK_FALSE(content.read([](ContentTransaction& tx) { return tx.messages().head(lobby); }));
    // A living room is not purged.
    REQUIRE_ERR(
        content.try_write([](ContentTransaction& tx) { return tx.rooms().purge(RoomId{2}); }),
        Errc::conflict,
        ""
    );
}

TEST_CASE("rooms: a list goes on where the page before ended, ties included", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const std::string same(130, 'x');  // name_sort ends at 128
    for (int i = 0; i < 4; ++i)
        content.write(insert_room(10 + i, same + std::to_string(i)));
    content.write(insert_room(20, "alpha"));
    std::vector<std::string> seen;
    NamePosition after;
    for (;;) {
        const auto page =
            content.read([&](ContentTransaction& tx) { return tx.rooms().page(after, 2); });
        if (page.empty())
            break;
        CHECK(page.size() <= 2);
        for (const Room& room : page)
            seen.push_back(room.name);
        after = {page.back().name_sort, page.back().id.value};
    }
    CHECK(
        seen ==
        std::vector<std::string>{"alpha", "Lobby", same + "0", same + "1", same + "2", same + "3"}
    );
    CHECK(names(content.read([&](ContentTransaction& tx) {
              return tx.rooms().page_of(CategoryId{2}, {}, 5);
          })).empty());
}

TEST_CASE("rooms: roles and scopes hold each entry once", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const RoleEntry roles[] = {
        {lobby, RoomRole::manager, PrincipalId{1}}, {lobby, RoomRole::member, PrincipalId{1}}};
    const ScopeEntry scope[] = {{research, ScopeKind::allowed, PrincipalId{1}}};
    for (int twice = 0; twice < 2; ++twice)
        content.write([&](ContentTransaction& tx) -> Result<void> {
            if (Result<void> done = tx.rooms().add_roles(roles); !done)
                return done;
            return tx.categories().add_scope(scope);
        });
    CHECK(content.read([](ContentTransaction& tx) { return tx.rooms().roles(lobby); }).size() == 2);
    CHECK(
        content.read([](ContentTransaction& tx) { return tx.rooms().naming(PrincipalId{1}); }
        ).size() == 2
    );
    CHECK(
        content.read([](ContentTransaction& tx) { return tx.categories().scope(research); }
        ).size() == 1
    );
    content.write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> done = tx.rooms().remove_roles(roles); !done)
            return done;
        return tx.categories().remove_scope(scope);
    });
    CHECK(content.read([](ContentTransaction& tx) { return tx.rooms().roles(lobby); }).empty());
    CHECK(content.read([](ContentTransaction& tx) { return tx.categories().scope(research); }
    ).empty());
}

TEST_CASE("categories: one with rooms stays, one without goes with its scope", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    const auto remove = [](ContentTransaction& tx) { return tx.categories().remove(research); };
    REQUIRE_ERR(content.try_write(remove), Errc::conflict, "");
    CHECK(content.read([](ContentTransaction& tx) { return tx.categories().find(research); }));
    const ScopeEntry scope[] = {{CategoryId{2}, ScopeKind::denied, PrincipalId{1}}};
    content.write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> done = tx.categories().insert(a_category(2, "Trading")); !done)
            return done;
        return tx.categories().add_scope(scope);
    });
    content.write([](ContentTransaction& tx) { return tx.categories().remove(CategoryId{2}); });
    CHECK_FALSE(content.read([](ContentTransaction& tx) {
        return tx.categories().find_name(name_key("Trading"));
    }));
}

TEST_CASE("add-ins: one that a room shows stays", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    Addin addin;
    addin.id = AddinId{1};
    addin.uuid = uuid_of(1);
    addin.name = "Ticker";
    addin.name_key = name_key(addin.name);
    addin.url = "https://ticker.contoso.example/?room={room}";
    Room room = a_room(1, "Lobby", research);
    room.addin = addin.id;
    content.write([&](ContentTransaction& tx) -> Result<void> {
        if (Result<void> done = tx.addins().insert(addin); !done)
            return done;
        return tx.rooms().update(room);
    });
    REQUIRE_ERR(
        content.try_write([&](ContentTransaction& tx) { return tx.addins().remove(addin.id); }),
        Errc::conflict,
        ""
    );
    CHECK(names(content.read([&](ContentTransaction& tx) {
              return tx.rooms().with_addin(addin.id);
          })) == std::vector<std::string>{"Lobby"});
    CHECK(
        content.read([](ContentTransaction& tx) { return tx.addins().list(); }).at(0).url ==
        addin.url
    );
}

TEST_CASE("invitations: each user has numbers without gaps, each room invites once", "[rooms]") {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    content.write(insert_room(2, "Desk"));
    Invitation to_lobby;
    to_lobby.user = PrincipalId{1};
    to_lobby.room = lobby;
    Invitation to_desk = to_lobby;
    to_desk.room = RoomId{2};
    const Invitation first[] = {to_lobby};
    const Invitation both[] = {to_lobby, to_desk};
    content.write([&](ContentTransaction& tx) -> Result<void> {
        REQUIRE(tx.invitations().add(first)->size() == 1);
        const auto added = tx.invitations().add(both);
        REQUIRE_OK(added);
        REQUIRE(added->size() == 1);
        CHECK(added->front().sequence == 2);
        CHECK(added->front().room == RoomId{2});
        return {};
    });
    CHECK(
        content
            .read([](ContentTransaction& tx) {
                return tx.invitations().after(PrincipalId{1}, 1, 10);
            })
            .size() == 1
    );
    content.write([](ContentTransaction& tx) { return tx.invitations().withdraw(lobby); });
    CHECK(
        content
            .read([](ContentTransaction& tx) {
                return tx.invitations().after(PrincipalId{1}, 0, 10);
            })
            .size() == 1
    );
}

TEST_CASE(
    "rooms: all of them stream, within a transaction or not, until one is refused", "[rooms]"
) {
    Content content{GENERATE(from_range(backends()))};
    furnish(content);
    content.write([](ContentTransaction& tx) -> Result<void> {
        for (std::int64_t id = 2; id <= 1201; ++id)  // more than two portions
            if (Result<void> done = tx.rooms().insert(a_room(id, fmt::format("r{}", id), research));
                !done)
                return done;
        return {};
    });
    const auto count = [](ContentTransaction& tx, std::int64_t stop_at) {
        std::int64_t seen = 0;
        const Result<void> done = tx.rooms().each([&](const Room& room) -> Result<void> {
            CHECK(room.id.value == ++seen);
            return seen == stop_at ? fail(Errc::interrupted, "enough") : Result<void>{};
        });
        CHECK(done.has_value() == (stop_at == 0));
        return seen;
    };
    const ContentWork twice = [&](ContentTransaction& tx) -> Result<void> {
        CHECK(count(tx, 700) == 700);
        CHECK(count(tx, 0) == 1201);
        return {};
    };
    REQUIRE_OK(content->read("testing", twice));
    content.write(twice);
}
