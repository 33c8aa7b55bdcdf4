// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/former_sessions.h"
#include "server/compliance/shipper.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/memory/content_database.h"
#include "tests/support/watched_archive.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

using namespace pchat;
using namespace pchat::test;

namespace {

/// A server that dies and comes back, its databases and what is told of its people.
struct Rig {
    std::unique_ptr<ContentDatabase> content = memory_content();
    std::unique_ptr<ArchiveDatabase> archive = memory_archive();
    SystemClock clock;
    Life life = enrol();
    std::int64_t made = 0;

    Life enrol() {
        Life out;
        REQUIRE_OK(content->write("enrolling", [&](ContentTransaction& tx) -> Result<void> {
            Enrolment self;
            self.id = ServerId{1};
            self.uuid = "00000000-0000-7000-8000-000000000001";
            self.fqdn = "pc1.contoso.example";
            self.lifetime = 1'000'000'000;
            const auto server = tx.registry().enrol(self);
            if (!server)
                return pass(server.error());
            out = {server->id, server->epoch};
            return {};
        }));
        return out;
    }
    void record(std::int64_t kind, const std::string& user, const std::string& room) {
        REQUIRE_OK(content->write("recording", [&](ContentTransaction& tx) -> Result<void> {
            const auto self = tx.registry().advance(life.server, life.epoch, 1);
            if (!self)
                return pass(self.error());
            const nlohmann::json body = {
                {"at", 1}, {"room", room}, {"user", user}, {"user_name", user}, {"kind", kind}};
            const OutboxEntry entry{
                life.server,
                self->outbox_n,
                fmt::format("10000000-0000-7000-8000-{:012}", ++made),
                1,
                kind,
                body.dump()};
            return tx.log().append_outbox(std::span{&entry, 1});
        }));
    }
    /// At once, for it takes its time: as many joins, and as many parts as all of them but `stay`.
    void come_and_go(int count, int stay) {
        REQUIRE_OK(content->write("recording", [&](ContentTransaction& tx) -> Result<void> {
            std::vector<OutboxEntry> entries;
            for (const std::int64_t kind : {compliance_join, compliance_part})
                for (int i = 0; i < (kind == compliance_join ? count : count - stay); ++i) {
                    const auto self = tx.registry().advance(life.server, life.epoch, 1);
                    if (!self)
                        return pass(self.error());
                    const nlohmann::json body = {
                        {"at", 1}, {"room", "Hall"}, {"user", fmt::format("{}", i)}};
                    entries.push_back(
                        {life.server,
                         self->outbox_n,
                         fmt::format("10000000-0000-7000-8000-{:012}", ++made),
                         1,
                         kind,
                         body.dump()}
                    );
                }
            return tx.log().append_outbox(entries);
        }));
    }
    /// A life that is to end once it was asked so often whether it goes on.
    FormerSessions restart_for(int portions, ArchiveDatabase& looked_at) {
        life = enrol();
        const auto former =
            end_former_sessions(*content, looked_at, life, clock, [&] { return portions-- > 0; });
        REQUIRE_OK(former);
        return *former;
    }
    void join(const std::string& user, const std::string& room) {
        record(compliance_join, user, room);
    }
    void part(const std::string& user, const std::string& room) {
        record(compliance_part, user, room);
    }
    void ship() {
        Shipper shipper{*content, *archive, life, "pc1.contoso.example", clock};
        REQUIRE_OK(shipper.ship());
        shipper.let_go();
    }
    std::size_t restart() {
        const FormerSessions former = restart_for(1'000'000, *archive);
        CHECK(former.all);
        return former.ended;
    }
    /// How many joins wait for the shipper, and how many parts.
    std::pair<std::size_t, std::size_t> waiting() {
        std::vector<OutboxEntry> entries;
        REQUIRE_OK(content->read("reading", [&](ContentTransaction& tx) -> Result<void> {
            entries = *tx.log().outbox(life.server, 100'000);
            return {};
        }));
        std::size_t joins = 0;
        for (const OutboxEntry& entry : entries)
            joins += entry.kind == compliance_join ? 1 : 0;
        return {joins, entries.size() - joins};
    }
    /// What became of everybody: "ann Lobby 0" when all that came have left.
    std::map<std::string, int> inside() {
        ship();
        std::map<std::string, int> out;
        REQUIRE_OK(archive->read("reading", [&](ArchiveStore& store) -> Result<void> {
            const auto events = store.visits(ServerId{1}, 0, 1'000'000);
            if (!events)
                return pass(events.error());
            out.clear();
            for (const ArchivedEvent& event : *events)
                out[*event.user_uuid + " " + *event.room_uuid] +=
                    event.kind == compliance_join ? 1 : -1;
            return {};
        }));
        return out;
    }
};

using Inside = std::map<std::string, int>;
using Waiting = std::pair<std::size_t, std::size_t>;

}  // namespace

TEST_CASE("former sessions: whoever was in a room has left it, once", "[former]") {
    const bool shipped_between = GENERATE(false, true);
    Rig rig;
    rig.join("ann", "Lobby");
    rig.join("ann", "Attic");
    rig.part("ann", "Attic");
    rig.join("bob", "Lobby");
    if (shipped_between)
        rig.ship();
    rig.join("bob", "Lobby");  // with another device
    rig.part("bob", "Lobby");
    rig.join("bob", "Lobby");
    CHECK(rig.restart() == 3);
    CHECK(rig.inside() == Inside{{"ann Lobby", 0}, {"ann Attic", 0}, {"bob Lobby", 0}});
    CHECK(rig.restart() == 0);
    rig.join("ann", "Attic");
    CHECK(rig.restart() == 1);
    CHECK(rig.inside() == Inside{{"ann Lobby", 0}, {"ann Attic", 0}, {"bob Lobby", 0}});
}

TEST_CASE(
    "former sessions: a crash before the shipper has erased counts nothing twice", "[former]"
) {
    Rig rig;
    rig.join("ann", "Lobby");
    rig.ship();
    // Archived, and yet in the outbox.
    REQUIRE_OK(rig.content->write("as it was", [&](ContentTransaction& tx) -> Result<void> {
        const nlohmann::json body = {{"room", "Lobby"}, {"user", "ann"}};
        const OutboxEntry entry{
            rig.life.server,
            1,
            "10000000-0000-7000-8000-000000000001",
            1,
            compliance_join,
            body.dump()};
        return tx.log().append_outbox(std::span{&entry, 1});
    }));
    CHECK(rig.restart() == 1);
}

TEST_CASE("former sessions: a join that was written twice is one", "[former]") {
    const bool shipped_between = GENERATE(false, true);
    Rig rig;
    rig.join("ann", "Lobby");
    if (shipped_between)
        rig.ship();
    rig.made = 0;  // the answer to its COMMIT was lost
    rig.join("ann", "Lobby");
    rig.part("ann", "Lobby");
    CHECK(rig.restart() == 0);
    CHECK(rig.inside() == Inside{{"ann Lobby", 0}});
}

TEST_CASE("former sessions: says who and where as the join did", "[former]") {
    Rig rig;
    rig.join("ann", "Lobby");
    CHECK(rig.restart() == 1);
    std::vector<OutboxEntry> entries;
    REQUIRE_OK(rig.content->read("reading", [&](ContentTransaction& tx) -> Result<void> {
        entries = *tx.log().outbox(rig.life.server, 10);
        return {};
    }));
    REQUIRE(entries.size() == 2);
    CHECK(entries[1].n == 2);
    const auto body = nlohmann::json::parse(entries[1].body);
    CHECK(body["user_name"] == "ann");
    CHECK(body["kind"] == compliance_part);
    CHECK(body["detail"] == "server-lost");
    CHECK(body["at"] == entries[1].at);
}

TEST_CASE("former sessions: a life that was itself replaced writes nothing", "[former]") {
    Rig rig;
    rig.join("ann", "Lobby");
    const Life before = rig.life;
    rig.life = rig.enrol();
    const MayGoOn always = [] { return true; };
    REQUIRE_ERR(
        end_former_sessions(*rig.content, *rig.archive, before, rig.clock, always), Errc::denied, ""
    );
    CHECK(rig.restart() == 1);
}

TEST_CASE("former sessions: who is interrupted goes on where it was", "[former]") {
    Rig rig;
    rig.join("bot", "Hall");  // and stays
    for (int day = 0; day < 3; ++day)
        rig.come_and_go(1'000, 0);
    rig.come_and_go(10, 3);
    WatchedArchive archive{*rig.archive};
    const FormerSessions first = rig.restart_for(5, archive);
    CHECK_FALSE(first.all);
    CHECK(first.ended == 0);
    const int looks = archive.asked();
    const FormerSessions second = rig.restart_for(5, archive);
    CHECK(second.all);
    CHECK(second.ended == 4);
    CHECK(archive.asked() - looks < looks);
    CHECK(rig.restart() == 0);
    CHECK(rig.waiting() == Waiting{3'011, 3'011});
}

TEST_CASE("former sessions: those of many are ended in portions, each once", "[former]") {
    Rig rig;
    rig.come_and_go(2'500, 2'500);
    int portions = 0;
    FormerSessions done;
    std::size_t ended = 0;
    while (!done.all && portions < 20) {
        done = rig.restart_for(++portions, *rig.archive);
        ended += done.ended;
    }
    CHECK(portions > 2);
    CHECK(ended == 2'500);
    CHECK(rig.waiting() == Waiting{2'500, 2'500});
    CHECK(rig.restart() == 0);
}

TEST_CASE("former sessions: a shipper that moves them meanwhile hides nobody", "[former]") {
    Rig rig;
    rig.come_and_go(1'500, 500);
    rig.join("ann", "Lobby");
    const Life shipping = rig.life;
    WatchedArchive archive{*rig.archive};
    archive.on_asked([&](int /*times*/) {
        Shipper shipper{*rig.content, *rig.archive, shipping, "pc1.contoso.example", rig.clock};
        REQUIRE_OK(shipper.ship());
    });
    CHECK(rig.restart_for(1'000, archive).ended == 501);
    CHECK(rig.restart() == 0);
}
