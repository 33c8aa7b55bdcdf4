// SPDX-License-Identifier: Apache-2.0
#include "server/domain/compliance.h"
#include "server/service/category_admin.h"
#include "server/service/room_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

using Ids = std::vector<PrincipalId>;

CategoryFields named(const std::string& name) {
    CategoryFields out;
    out.name = name;
    return out;
}

template <class T>
std::string reason(const Result<T>& result) {
    return result ? "done" : std::string{error_token(result.error())};
}

}  // namespace

TEST_CASE("category create: takes all its lists at once", "[category]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId traders = world.group("traders");
    CategoryFields fields = named("  Research ");
    fields.description = "Papers";
    fields.invitations = true;
    fields.allow.replace = {{"everyone"}};
    fields.deny.add = {"group:traders"};
    fields.creators.add = {sip("ann")};
    const auto made = create_category(*world.changes, world.as("admin"), fields);
    REQUIRE_OK(made);
    const KnownCategory known = world.category_now("research");
    CHECK(known.category.name == "Research");
    CHECK(known.category.invitations);
    CHECK_FALSE(known.category.file_upload);
    CHECK(known.category.history);
    CHECK(known.allowed == Ids{world.everyone()});
    CHECK(known.denied == Ids{traders});
    CHECK(known.creators == Ids{ann});
    CHECK(world.audit()[0].action == "category.create");
    REQUIRE(world.outbox().size() == 1);
    CHECK(world.outbox()[0].kind == compliance_room);
    CHECK_THAT(world.outbox()[0].body, Catch::Contains(R"("category":"Research")"));
}

TEST_CASE("category names: share one space with rooms", "[category]") {
    ChatWorld world;
    world.room("Lobby", "General");
    const AdminCall admin = world.as("admin");
    CHECK(reason(create_category(*world.changes, admin, named("LOBBY"))) == "name-taken");
    CHECK(reason(create_category(*world.changes, admin, named("general"))) == "category-exists");
    CHECK(reason(create_category(*world.changes, admin, named("a\\b"))) == "bad-value");
    CHECK(reason(create_category(*world.changes, admin, {})) == "bad-request");
    REQUIRE_OK(change_category(*world.changes, admin, "General", named("Common")));
    REQUIRE_OK(create_category(*world.changes, admin, named("General")));
}

TEST_CASE("category creators: must be allowed", "[category]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId bob = world.user("bob");
    const AdminCall admin = world.as("admin");
    CategoryFields fields = named("Few");
    fields.allow.add = {sip("ann"), sip("bob")};
    fields.deny.add = {sip("bob")};
    fields.creators.add = {sip("bob")};
    const auto refused = create_category(*world.changes, admin, fields);
    REQUIRE_ERR(refused, Errc::invalid, sip("bob"));
    CHECK(reason(refused) == "principals-not-in-scope");
    fields.creators.add = {sip("ann")};
    REQUIRE_OK(create_category(*world.changes, admin, fields));

    CategoryFields without;
    without.allow.remove = {sip("ann")};
    const auto changed = change_category(*world.changes, admin, "Few", without);
    REQUIRE_OK(changed);
    CHECK(changed->category.creators.empty());
    REQUIRE(changed->purged.size() == 1);
    CHECK(changed->purged[0].list == "creators");
    CHECK(changed->purged[0].principal == sip("ann"));
    CHECK(changed->purged[0].room.empty());
    CHECK(world.category_now("Few").creators.empty());
    CHECK(world.category_now("Few").allowed == Ids{bob});
    static_cast<void>(ann);
}

TEST_CASE("category change: entries of rooms that no longer fit go with it", "[category]") {
    ChatWorld world;
    const PrincipalId west = world.group("west");
    const PrincipalId bob = world.user("bob", {west});
    const PrincipalId cid = world.user("cid");
    world.category("Sales", {{west, cid}});
    test::RoomLists hall{{west, cid}, {cid}, {bob, cid}};
    hall.type = RoomType::auditorium;
    world.room("Hall", "Sales", hall);
    world.room("Other", "General", {{cid}});
    AdminCall call = world.as("admin");
    CategoryFields fields;
    SECTION("when somebody is allowed no more") {
        fields.allow.remove = {sip("cid")};
    }
    SECTION("when somebody is denied") {
        fields.deny.add = {sip("cid")};
    }
    call.dry_run = true;
    const auto would = change_category(*world.changes, call, "Sales", fields);
    REQUIRE_OK(would);
    CHECK(would->purged.size() == 3);
    CHECK(world.room_now("Hall").members.size() == 2);
    CHECK(world.audit().empty());
    call.dry_run = false;
    const auto changed = change_category(*world.changes, call, "Sales", fields);
    REQUIRE_OK(changed);
    CHECK(changed->purged.size() == 3);
    const KnownRoom room = world.room_now("Hall");
    CHECK(room.members == Ids{west});
    CHECK(room.managers.empty());
    CHECK(room.presenters == Ids{bob});
    CHECK(room.room.revision == 2);
    CHECK(world.room_now("Other").members == Ids{cid});
    const auto audit = world.audit();
    REQUIRE(audit.size() == 2);
    CHECK(audit[0].action == "room.purge");
    CHECK(audit[0].object_name == "Hall");
    CHECK_THAT(audit[0].old_value.value_or(""), Catch::Contains(R"("managers":["sip:cid@)"));
    CHECK(audit[1].action == "category.change");
    CHECK(world.outbox().size() == 2);
    const Touched& touched = world.heard.touched.back();
    CHECK(touched.rooms == std::vector{room.room.id});
    CHECK(touched.categories.size() == 1);
}

TEST_CASE("category change: is refused when somebody else was faster", "[category]") {
    ChatWorld world;
    AdminCall call = world.as("admin");
    call.revision = 1;
    CategoryFields fields;
    fields.description = "one";
    REQUIRE_OK(change_category(*world.changes, call, "General", fields));
    CHECK(world.category_now("General").category.revision == 2);
    fields.description = "two";
    CHECK(reason(change_category(*world.changes, call, "General", fields)) == "changed-meanwhile");
    CHECK(reason(remove_category(*world.changes, call, "General")) == "changed-meanwhile");
    call.revision.reset();
    fields.description = "one";
    const auto same = change_category(*world.changes, call, "General", fields);
    REQUIRE_OK(same);
    CHECK(same->category.category.revision == 2);  // nothing differs
    CHECK(reason(change_category(*world.changes, call, "Nothing", fields)) == "category-not-found");
}

TEST_CASE("category remove: only without rooms", "[category]") {
    ChatWorld world;
    world.category("Old", {{world.everyone()}});
    world.room("Attic", "Old");
    const AdminCall admin = world.as("admin");
    const auto refused = remove_category(*world.changes, admin, "Old");
    REQUIRE_ERR(refused, Errc::conflict, "Attic");
    CHECK(reason(refused) == "category-not-empty");
    REQUIRE_OK(remove_room(*world.changes, admin, "Attic"));
    // Its messages wait to be erased.
    REQUIRE_ERR(remove_category(*world.changes, admin, "Old"), Errc::conflict, "being erased");
    world.write([&](ContentTransaction& tx) -> Result<void> {
        const auto removed = tx.rooms().removed(10);
        for (const RoomId room : *removed)
            if (Result<void> purged = tx.rooms().purge(room); !purged)
                return purged;
        return {};
    });
    AdminCall dry = admin;
    dry.dry_run = true;
    REQUIRE_OK(remove_category(*world.changes, dry, "Old"));
    REQUIRE_OK(remove_category(*world.changes, admin, "Old"));
    CHECK(reason(remove_category(*world.changes, admin, "Old")) == "category-not-found");
    CHECK(world.audit()[0].action == "category.remove");
}
