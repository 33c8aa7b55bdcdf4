// SPDX-License-Identifier: Apache-2.0
#include "server/service/audit_list.h"
#include "server/service/room_admin.h"
#include "tests/support/catch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;
using test::sip;

namespace {

/// Entries of different hands: rooms made, renamed and removed.
struct Logged {
    ChatWorld world;

    Logged() {
        world.grant(world.user("pat"), AdminRole::pchat_admin);
        create("admin", "Alpha");
        create("pat", "Beta");
        world.clock.pass(std::chrono::hours{1});
        RoomFields renamed;
        renamed.name = "Gamma";
        REQUIRE_OK(change_room(*world.changes, world.as("pat"), "Alpha", renamed));
        world.clock.pass(std::chrono::hours{1});
        REQUIRE_OK(remove_room(*world.changes, world.as("admin"), "Beta"));
    }

    void create(const std::string& who, const std::string& room) {
        RoomFields fields;
        fields.name = room;
        REQUIRE_OK(create_room(*world.changes, world.as(who), fields));
    }

    AuditPage page(const AuditFilter& filter) {
        const auto found = list_audit(*world.chat, filter);
        REQUIRE_OK(found);
        return *found;
    }

    /// "change Gamma, create Alpha"
    std::string list(AuditFilter filter) {
        filter.action = filter.action.empty() ? "room." : filter.action;
        std::string out;
        for (const AuditEntry& one : page(filter).entries)
            out += (out.empty() ? "" : ", ") + one.action.substr(5) + " " + one.object_name;
        return out;
    }
};

}  // namespace

TEST_CASE("audit list: newest first, by actor, object, kind, action and time", "[audit]") {
    Logged log;
    CHECK(log.list({}) == "remove Beta, change Gamma, create Beta, create Alpha");
    AuditFilter filter;
    filter.actor = sip("pat");
    CHECK(log.list(filter) == "change Gamma, create Beta");
    filter.actor = "nobody";
    CHECK(log.list(filter).empty());
    filter = {};
    filter.kind = audit_object_room;
    filter.object = "gamma";  // by its number: what it was called before as well
    CHECK(log.list(filter) == "change Gamma, create Alpha");
    filter.object = "Beta";  // which is not there any more
    CHECK(log.list(filter) == "remove Beta, create Beta");
    filter.actor = sip("pat");
    CHECK(log.list(filter) == "create Beta");
    filter = {};
    filter.kind = audit_object_category;
    CHECK(log.list(filter).empty());
    filter = {};
    filter.action = "room.CREATE";
    CHECK(log.list(filter) == "create Beta, create Alpha");
    const Microseconds now = log.world.clock.now();
    const Microseconds hour = 3'600'000'000;
    filter = {};
    filter.since = now - hour;
    CHECK(log.list(filter) == "remove Beta, change Gamma");
    filter.until = now - 1;
    CHECK(log.list(filter) == "change Gamma");
}

TEST_CASE("audit list: pages follow each other without gap or repeat", "[audit]") {
    Logged log;
    for (int i = 0; i < 30; ++i)  // all at one time
        log.create("pat", "Room " + std::to_string(i));
    AuditFilter all;
    all.limit = 1000;
    const auto expected = log.page(all).entries;
    CHECK_FALSE(log.page(all).cursor.has_value());
    std::vector<AuditId> seen;
    AuditFilter some;
    some.limit = 7;
    do {
        const AuditPage page = log.page(some);
        for (const AuditEntry& one : page.entries)
            seen.push_back(one.id);
        some.cursor = page.cursor;
    } while (some.cursor && seen.size() <= expected.size());
    REQUIRE(seen.size() == expected.size());
    for (std::size_t i = 0; i < seen.size(); ++i)
        CHECK(seen[i] == expected[i].id);
    for (const char* wrong : {"", "x", "1", "1:", ":1", "1:x", "1:2:3"}) {
        AuditFilter filter;
        filter.cursor = wrong;
        REQUIRE_ERR(list_audit(*log.world.chat, filter), Errc::invalid, "cursor");
    }
}

TEST_CASE("audit list: a page that looked long enough says where to go on", "[audit]") {
    ChatWorld world;
    const std::int64_t many = 25'000;
    world.write([&](ContentTransaction& tx) -> Result<void> {
        std::vector<AuditEntry> entries;
        for (std::int64_t i = 0; i < many; ++i) {
            AuditEntry entry;
            entry.id = AuditId{1'000'000 + i};
            entry.at = world.clock.now();
            entry.action = i == 0 ? "rare" : "common";
            entry.object_kind = audit_object_room;
            entries.push_back(std::move(entry));
        }
        return tx.audit().append(entries);
    });
    AuditFilter filter;
    filter.action = "rare";
    const auto first = list_audit(*world.chat, filter);
    REQUIRE_OK(first);
    CHECK(first->entries.empty());
    REQUIRE(first->cursor.has_value());
    filter.cursor = first->cursor;
    const auto second = list_audit(*world.chat, filter);
    REQUIRE_OK(second);
    CHECK(second->entries.size() == 1);
    CHECK_FALSE(second->cursor.has_value());
}
