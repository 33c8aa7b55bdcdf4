// SPDX-License-Identifier: Apache-2.0
// With compliance on, whatever people saw or did is in the outbox, in order.
#include "server/domain/compliance.h"
#include "server/store/sql/content.h"
#include "tests/integration/chat/scene.h"
#include "tests/support/expect.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <map>
#include <thread>
#include <utility>

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

struct Record {
    std::int64_t kind = 0;
    std::string body;
};

/// All lives, wherever it is by now, by the number that the server gave it.
std::map<std::int64_t, Record> recorded(Scene& scene) {
    std::map<std::int64_t, Record> out;
    // In this order, as events travel: none is missed.
    for (const OutboxEntry& entry : outbox(scene))
        out.emplace(entry.n, Record{entry.kind, entry.body});
    sql::Target target;
    target.database = scene.database.folder() + "/archive.db";
    const auto archive = sql::open_archive(std::move(target));
    REQUIRE_OK(archive->read("reading", [&](ArchiveStore& store) -> Result<void> {
        const auto events = store.events({});
        if (!events)
            return pass(events.error());
        for (const ArchivedEvent& event : *events)
            out.emplace(event.n, Record{event.kind, event.body});
        return {};
    }));
    return out;
}

using Kinds = std::vector<std::int64_t>;

Kinds kinds(const std::map<std::int64_t, Record>& records) {
    Kinds out;
    std::int64_t n = 0;
    for (const auto& [number, record] : records) {
        CHECK(number == ++n);
        out.push_back(record.kind);
    }
    return out;
}

bool is_visit(const Record& record) {
    return record.kind == compliance_join || record.kind == compliance_part;
}

/// How many came, how many left, and how many of those were said to have left by the next life.
std::array<int, 3> balance(Scene& scene) {
    std::array<int, 3> out{};
    for (const auto& [n, record] : recorded(scene)) {
        if (!is_visit(record))
            continue;
        out[record.kind == compliance_join ? 0 : 1] += 1;
        const std::string detail = Json::parse(record.body).value("detail", std::string{});
        out[2] += detail == "server-lost" ? 1 : 0;
    }
    return out;
}

using Balance = std::array<int, 3>;

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
    const auto records = recorded(scene);
    CHECK(
        kinds(records) == Kinds{compliance_join, compliance_chat, compliance_view, compliance_part}
    );
    const Json message = Json::parse(records.at(2).body);
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
        kinds(recorded(scene)) ==
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
    kinds(recorded(scene));
    const auto [joins, parts, lost] = balance(scene);
    CHECK(joins == parts);
    CHECK(joins >= 17);
    CHECK(lost == 0);
}

TEST_CASE("compliance: who joins the same room again leaves it as often", "[compliance]") {
    Scene scene{2, with_compliance()};
    {
        ChatClient ann = scene.client(0);
        for (int i = 0; i < 3; ++i)
            REQUIRE(ann.join(scene.room(0), i)["type"] == "ok");
    }
    scene.server.signal(SIGTERM);
    REQUIRE(scene.server.wait(20s) == 0);
    CHECK(balance(scene) == Balance{3, 3, 0});
}

TEST_CASE("compliance: after a kill the next life says once who left", "[compliance]") {
    Scene scene{3, with_compliance()};
    ChatClient ann = scene.client(0);
    ChatClient second = scene.client(0);
    ChatClient bob = scene.client(1);
    ann.join(scene.room(0));
    second.join(scene.room(0));
    bob.join(scene.room(0));
    bob.join(scene.room(1));
    bob.ask({{"type", "leave"}, {"room", scene.room(1)}});
    const auto visits = [&] {
        const auto records = recorded(scene);
        return std::count_if(records.begin(), records.end(), [](const auto& one) {
            return is_visit(one.second);
        });
    };
    while (visits() < 5)  // nobody waits for the record of a part
        std::this_thread::sleep_for(20ms);
    const bool on_their_way = GENERATE(true, false);
    if (!on_their_way)  // all have arrived in the archive
        while (!outbox(scene).empty())
            std::this_thread::sleep_for(20ms);
    scene.server.kill9();
    scene.server.start();
    CHECK(balance(scene) == Balance{4, 4, 3});
    ChatClient later = scene.client(2);
    later.join(scene.room(2));
    scene.server.kill9();
    scene.server.start();
    CHECK(balance(scene) == Balance{5, 5, 4});
    scene.server.kill9();
    scene.server.start();
    CHECK(balance(scene) == Balance{5, 5, 4});
}
