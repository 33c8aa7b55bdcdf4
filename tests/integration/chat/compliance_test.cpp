// SPDX-License-Identifier: Apache-2.0
// With compliance on, whatever people saw or did is in the outbox, in order.
#include "server/domain/compliance.h"
#include "tests/integration/chat/scene.h"

#include <csignal>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

ServerOptions with_compliance() {
    ServerOptions out;
    out.compliance = true;
    return out;
}

/// Of every life of every server, in order.
std::vector<OutboxEntry> outbox(Scene& scene) {
    std::vector<OutboxEntry> out;
    const Result<void> read =
        scene.database.content().read("reading", [&](ContentTransaction& tx) -> Result<void> {
            const auto servers = tx.registry().list();
            if (!servers)
                return pass(servers.error());
            for (const pchat::Server& server : *servers) {
                const auto found = tx.log().outbox(server.id, 10'000);
                if (!found)
                    return pass(found.error());
                out.insert(out.end(), found->begin(), found->end());
            }
            return {};
        });
    REQUIRE(read.has_value());
    return out;
}

std::vector<std::int64_t> kinds(const std::vector<OutboxEntry>& entries) {
    std::vector<std::int64_t> out;
    std::int64_t n = 0;
    for (const OutboxEntry& entry : entries) {
        CHECK(entry.n == ++n);
        out.push_back(entry.kind);
    }
    return out;
}

using Kinds = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("compliance: join, message, view and part, numbered without a gap", "[compliance]") {
    Scene scene{2, with_compliance()};
    ChatClient ann = scene.client(0);
    REQUIRE(ann.join(scene.room(0))["type"] == "ok");
    ann.post(scene.room(0), "a", "the words");
    ann.post(scene.room(0), "a", "the words");  // again: stored once
    ann.ask({{"type", "history"}, {"room", scene.room(0)}, {"limit", 10}});
    ann.ask({{"type", "leave"}, {"room", scene.room(0)}});
    scene.server.signal(SIGTERM);
    REQUIRE(scene.server.wait(20s) == 0);
    const std::vector<OutboxEntry> entries = outbox(scene);
    CHECK(
        kinds(entries) == Kinds{compliance_join, compliance_chat, compliance_view, compliance_part}
    );
    const Json message = Json::parse(entries.at(1).body);
    CHECK(message["body"] == "the words");
    CHECK(message["seq"] == 1);
    CHECK(message.dump().find("user0@bench.example") != std::string::npos);
}

TEST_CASE("compliance: who is in a room when the server ends has left it", "[compliance]") {
    Scene scene{3, with_compliance()};
    ChatClient ann = scene.client(0);
    ChatClient bob = scene.client(1);
    ann.join(scene.room(0));
    bob.join(scene.room(0));
    bob.join(scene.room(1));
    scene.server.signal(SIGTERM);
    REQUIRE(scene.server.wait(20s) == 0);
    CHECK(
        kinds(outbox(scene)) ==
        Kinds{
            compliance_join,
            compliance_join,
            compliance_join,
            compliance_part,
            compliance_part,
            compliance_part}
    );
}

TEST_CASE("compliance: joins and parts of people who come and go are in balance", "[compliance]") {
    Scene scene{2, with_compliance()};
    fill_room(scene.database.content(), scene.world, 0, 5'000);
    for (int i = 0; i < 50; ++i) {
        ChatClient ann = scene.client(0);
        // Some leave before they have come.
        ann.send({{"type", "join"}, {"id", "1"}, {"room", scene.room(0)}, {"since", i * 50}});
        if (i % 3 == 0)
            ann.answer("1");
    }
    scene.server.signal(SIGTERM);
    REQUIRE(scene.server.wait(20s) == 0);
    int inside = 0;
    int joins = 0;
    for (const std::int64_t kind : kinds(outbox(scene))) {
        inside += kind == compliance_join ? 1 : kind == compliance_part ? -1 : 0;
        joins += kind == compliance_join ? 1 : 0;
    }
    CHECK(inside == 0);
    CHECK(joins >= 17);
}
