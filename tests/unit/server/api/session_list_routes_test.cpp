// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"
#include "tests/support/api_world.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace pchat;
using test::ApiWorld;
using test::sip;

namespace {

using Texts = std::vector<std::string>;

/// Sessions at another server, one a second, of ann and of bob in turn.
struct World : ApiWorld {
    World() {
        Server there;
        there.id = ServerId{2};
        there.epoch = 1;
        there.fqdn = "pc2.contoso.example";
        world.chat->elsewhere().set_servers({there});
        for (std::int64_t i = 0; i < 7; ++i) {
            Connection one;
            one.id = SessionId{i + 1};
            one.connected_at = 1'800'000'000'000'000 + i * 1'000'000;
            one.uuid = make_uuid(one.connected_at);
            one.server = there.id;
            one.epoch = there.epoch;
            one.user = world.user(i % 2 == 0 ? "ann" : "bob");
            one.address = "192.0.2." + std::to_string(i);
            world.write([&](ContentTransaction& tx) { return tx.presence().connect({&one, 1}); });
            ids.push_back(one.uuid);
        }
    }

    /// Page by page.
    Texts listed(const std::string& query) {
        Texts out;
        for (std::string cursor;;) {
            const Answer page = send("admin", "GET", "/v1/sessions?limit=2" + query + cursor);
            REQUIRE(page.status == 200);
            CHECK(page.body["sessions"].size() <= 2);
            for (const auto& one : page.body["sessions"])
                out.push_back(one["id"]);
            if (!page.body.contains("cursor"))
                return out;
            std::string text = page.body["cursor"];
            text.replace(text.find(' '), 1, "%20");
            cursor = "&cursor=" + text;
        }
    }
    [[nodiscard]] Texts every_second(std::size_t first) const {
        Texts out;
        for (std::size_t i = first; i < ids.size(); i += 2)
            out.push_back(ids[i]);
        return out;
    }

    Texts ids;
};

}  // namespace

TEST_CASE("session routes: the longest connected first, page by page", "[session]") {
    World world;
    CHECK(world.listed("") == world.ids);
    const auto first = world.send("admin", "GET", "/v1/sessions?limit=1").body["sessions"][0];
    CHECK(first["user"] == sip("ann"));
    CHECK(first["server"] == "pc2.contoso.example");
    CHECK(first["address"] == "192.0.2.0");
    CHECK(first["connected_at"] == "2027-01-15T08:00:00.000000Z");
}

TEST_CASE("session routes: those of a user, and those that fit a filter", "[session]") {
    World world;
    CHECK(world.listed("&user=" + sip("ann")) == world.every_second(0));
    CHECK(world.listed("&user=SIP:Bob@contoso.example") == world.every_second(1));
    CHECK(world.listed("&user=" + sip("nobody")).empty());
    CHECK(world.listed("&user=bob").empty());  // as it is written, or not at all
    CHECK(world.listed("&filter=bob") == world.every_second(1));
    CHECK(world.listed("&filter=192.0.2.6") == Texts{world.ids.back()});
    CHECK(world.listed("&filter=pc2") == world.ids);
    CHECK(world.listed("&filter=pc9").empty());
    CHECK(world.listed("&filter=192.0.2.6&user=" + sip("bob")).empty());
}

TEST_CASE("session routes: a cursor that no list has given is refused", "[session]") {
    World world;
    for (const std::string cursor : {"x", "2027-01-15T08:00:00Z", "%20", "yesterday%20x"})
        CHECK(world.send("admin", "GET", "/v1/sessions?cursor=" + cursor).code() == "bad-cursor");
}
