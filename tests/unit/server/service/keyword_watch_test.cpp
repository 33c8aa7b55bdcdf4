// SPDX-License-Identifier: Apache-2.0
#include "server/service/keyword_watch.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using test::ChatWorld;

namespace {

using Keywords = std::vector<std::string>;

Keywords hits(const KeywordWatches& watches, const std::string& body) {
    Message message;
    message.body = body;
    Keywords out;
    for (const KeywordHit& hit : watches.hits(message))
        out.push_back(std::to_string(hit.user.value) + ":" + hit.keyword);
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace

TEST_CASE("keyword watch: words and phrases, cases folded, each once", "[watch]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    const PrincipalId bob = world.user("bob");
    const std::string a = std::to_string(ann.value) + ":";
    const std::string b = std::to_string(bob.value) + ":";
    KeywordWatches watches;
    CHECK(watches.empty());
    REQUIRE_OK(watches.watch(*world.chat, ann, {"Outage", "credit default", "OUTAGE"}));
    REQUIRE_OK(watches.watch(*world.chat, bob, {"outage", "東京"}));
    CHECK(hits(watches, "an outage, OUTAGE!") == Keywords{a + "Outage", b + "outage"});
    CHECK(hits(watches, "Credit-default swaps") == Keywords{a + "credit default"});
    CHECK(hits(watches, "default credit, outages").empty());
    CHECK(hits(watches, "私は東京にいる") == Keywords{b + "東京"});

    KeywordWatches restarted;
    REQUIRE_OK(restarted.load(*world.content));
    CHECK(hits(restarted, "outage") == hits(watches, "outage"));

    REQUIRE_OK(watches.watch(*world.chat, bob, {"calm"}));
    CHECK(hits(watches, "outage in 東京") == Keywords{a + "Outage"});
    REQUIRE_OK(watches.watch(*world.chat, ann, {}));
    REQUIRE_OK(watches.watch(*world.chat, bob, {}));
    CHECK(watches.empty());
}

TEST_CASE("keyword watch: a keyword without a word changes nothing", "[watch]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    KeywordWatches watches;
    REQUIRE_OK(watches.watch(*world.chat, ann, {"kept"}));
    REQUIRE_ERR(watches.watch(*world.chat, ann, {"fine", "--"}), Errc::invalid, "'--'");
    CHECK(hits(watches, "kept fine").size() == 1);
}

TEST_CASE("keyword watch: the origin log tells other servers", "[watch]") {
    ChatWorld world;
    const PrincipalId ann = world.user("ann");
    KeywordWatches watches;
    const Life life = world.chat->facts().life;
    REQUIRE_OK(watches.watch(*world.chat, ann, {"outage"}));
    std::vector<LogEntry> entries;
    world.write([&](ContentTransaction& tx) -> Result<void> {
        entries = *tx.log().after(life.server, 0, 100);
        return {};
    });
    REQUIRE_FALSE(entries.empty());
    const Result<LogBody> body = read_log_text(entries.back().body);
    REQUIRE_OK(body);
    CHECK(body->touched.watching == std::vector<PrincipalId>{ann});
    CHECK_FALSE(body->touched.empty());
}
