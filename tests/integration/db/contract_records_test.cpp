// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/db/contract.h"

#include <limits>
#include <tuple>

using namespace pchat;
using namespace pchat::test;

namespace {

using Ids = std::vector<std::int64_t>;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
constexpr PrincipalId ann{1};

TopologyVersion a_topology(std::int64_t version) {
    TopologyVersion out;
    out.version = version;
    out.document = "version: " + std::to_string(version) + "\n";
    out.sha256 = std::string(64, 'e');
    out.published_by = "ann";
    return out;
}

ContentWork publish(const TopologyVersion& topology) {
    return [topology](ContentTransaction& tx) { return tx.topologies().publish(topology); };
}

std::optional<TopologyVersion> latest(Content& content) {
    return content.read([](ContentTransaction& tx) { return tx.topologies().latest(); });
}

AuditEntry an_entry(std::int64_t id, Microseconds at) {
    AuditEntry out;
    out.id = AuditId{id};
    out.at = at;
    out.actor_name = "ann@contoso.example";
    out.action = "room.create";
    out.object_kind = 1;
    return out;
}

ContentWork append(std::vector<AuditEntry> entries) {
    return [entries = std::move(entries)](ContentTransaction& tx) {
        return tx.audit().append(entries);
    };
}

std::vector<AuditEntry> list(Content& content, const AuditQuery& query) {
    return content.read([&](ContentTransaction& tx) { return tx.audit().list(query); });
}

Ids ids(const std::vector<AuditEntry>& entries) {
    Ids out;
    for (const AuditEntry& entry : entries)
        out.push_back(entry.id.value);
    return out;
}

auto fields(const AuditEntry& a) {
    return std::tuple_cat(
        std::tie(a.id, a.at, a.server, a.actor, a.actor_name, a.address, a.request, a.action),
        std::tie(a.outcome, a.object_kind, a.object_id, a.object_name, a.old_value, a.new_value)
    );
}

}  // namespace

TEST_CASE("topologies: each version is one more than the last", "[records]") {
    Content content{GENERATE(from_range(backends()))};
    CHECK_FALSE(latest(content));
    REQUIRE_ERR(content.try_write(publish(a_topology(2))), Errc::conflict, "");
    content.write(publish(a_topology(1)));
    TopologyVersion again = a_topology(1);
    again.document = "other";
    REQUIRE_ERR(content.try_write(publish(again)), Errc::conflict, "");
    REQUIRE_ERR(content.try_write(publish(a_topology(3))), Errc::conflict, "");
    REQUIRE_ERR(content.try_write(publish(a_topology(0))), Errc::conflict, "");
    CHECK(latest(content)->document == "version: 1\n");

    TopologyVersion second = a_topology(2);
    second.document.clear();
    for (int i = 0; i < 5000; ++i)
        second.document += "  - name: caf\xC3\xA9-\xF0\x9F\x98\x80\r\n";
    second.published_at = most;
    second.published_by = "J\xC3\xBCrgen";
    second.comment = "\xE2\x80\x9Cwest\xE2\x80\x9D grows";
    content.write(publish(second));
    const auto found = content.read([](ContentTransaction& tx) { return tx.topologies().find(2); });
    REQUIRE(found);
    CHECK((found->document == second.document));
    CHECK(found->sha256 == second.sha256);
    CHECK(found->published_at == most);
    CHECK(found->published_by == second.published_by);
    CHECK(found->comment == second.comment);
    CHECK(latest(content)->version == 2);
    CHECK_FALSE(content.read([](ContentTransaction& tx) { return tx.topologies().find(3); }));
}

TEST_CASE("topologies: a list has the newest first and no documents", "[records]") {
    Content content{GENERATE(from_range(backends()))};
    const auto listed = [&](int limit) {
        return content.read([&](ContentTransaction& tx) { return tx.topologies().list(limit); });
    };
    CHECK(listed(5).empty());
    for (std::int64_t version = 1; version <= 12; ++version) {
        TopologyVersion one = a_topology(version);
        one.comment = "step " + std::to_string(version);
        one.published_at = version * 10;
        content.write(publish(one));
    }
    const auto three = listed(3);
    REQUIRE(three.size() == 3);
    CHECK(three[0].version == 12);
    CHECK(three[1].version == 11);
    CHECK(three[2].version == 10);
    CHECK(three[2].comment == "step 10");
    CHECK(three[2].published_at == 100);
    CHECK(three[2].published_by == "ann");
    CHECK(three[2].sha256 == std::string(64, 'e'));
    CHECK(three[2].document.empty());
    CHECK(listed(50).size() == 12);
}

TEST_CASE("audit: every field comes back, the absent ones as absent", "[records]") {
    Content content{GENERATE(from_range(backends()))};
    AuditEntry full = an_entry(most - 1, most);
    full.server = ServerId{most};
    full.actor = PrincipalId{most};
    full.actor_name = "\xD0\x90\xD0\xBD\xD0\xBD\xD0\xB0 \xF0\x9F\xA6\x8A";
    full.address = "192.0.2.7";
    full.request = "req-1";
    full.outcome = AuditOutcome::refused;
    full.object_kind = 32'000;
    full.object_id = most;
    full.object_name = "Salle \xC3\xA0 manger";
    full.old_value = "";
    full.new_value = "{\"name\":\"" + std::string(9000, 'n') + "\xF0\x9F\xA6\x8A\"}";
    const AuditEntry plain = an_entry(1, 5);
    content.write(append({full, plain}));
    AuditQuery query;
    query.up_to = most;
    const auto found = list(content, query);
    REQUIRE(found.size() == 2);
    CHECK((fields(found[0]) == fields(full)));
    CHECK((fields(found[1]) == fields(plain)));
}

TEST_CASE("audit: of many with a number that is taken, none stays", "[records]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<AuditEntry> many;
    for (std::int64_t id = 1; id <= 300; ++id)
        many.push_back(an_entry(id, id));
    many.back().id = AuditId{1};
    REQUIRE_ERR(content.try_write(append(many)), Errc::conflict, "");
    AuditQuery query;
    query.up_to = most;
    query.limit = 1000;
    CHECK(list(content, query).empty());
    many.back().id = AuditId{300};
    content.write(append(many));
    CHECK(list(content, query).size() == 300);
}

TEST_CASE("audit: pages go back in time, ties included", "[records]") {
    Content content{GENERATE(from_range(backends()))};
    // Numbers are taken in blocks by several servers: a higher one may be older.
    content.write(append(
        {an_entry(1, 100),
         an_entry(2, 300),
         an_entry(3, 200),
         an_entry(4, 200),
         an_entry(5, 200),
         an_entry(6, 200),
         an_entry(7, 50)}
    ));
    Ids seen;
    AuditQuery query;
    query.up_to = 300;
    query.limit = 2;
    for (auto page = list(content, query); !page.empty(); page = list(content, query)) {
        CHECK(page.size() <= 2);
        for (const AuditEntry& entry : page)
            seen.push_back(entry.id.value);
        query.up_to = page.back().at;
        query.before = page.back().id;
    }
    CHECK(seen == Ids{2, 6, 5, 4, 3, 1, 7});
    query.before = {};
    query.limit = 50;
    query.up_to = 200;
    CHECK(ids(list(content, query)) == Ids{6, 5, 4, 3, 1, 7});
    query.up_to = 49;
    CHECK(list(content, query).empty());
}

TEST_CASE("audit: asked for an actor, an object, or both", "[records]") {
    Content content{GENERATE(from_range(backends()))};
    std::vector<AuditEntry> entries;
    for (std::int64_t id = 1; id <= 8; ++id) {
        entries.push_back(an_entry(id, 10));  // all at once
        if (id % 2 == 0)
            entries.back().actor = ann;
        entries.back().object_kind = id <= 6 ? 1 : 2;
        if (id != 1)
            entries.back().object_id = id <= 4 ? 40 : 41;
    }
    content.write(append(entries));
    AuditQuery query;
    query.up_to = 10;
    query.actor = ann;
    CHECK(ids(list(content, query)) == Ids{8, 6, 4, 2});
    query.object_kind = 1;
    query.object_id = 40;
    CHECK(ids(list(content, query)) == Ids{4, 2});
    query.before = AuditId{4};
    CHECK(ids(list(content, query)) == Ids{2});
    query.before = {};
    query.actor = std::nullopt;
    CHECK(ids(list(content, query)) == Ids{4, 3, 2});
    query.object_id = 41;
    query.limit = 1;
    CHECK(ids(list(content, query)) == Ids{6});
    query.before = AuditId{6};
    CHECK(ids(list(content, query)) == Ids{5});
    query.actor = PrincipalId{9};
    CHECK(list(content, query).empty());
}
