// SPDX-License-Identifier: Apache-2.0
#include "server/service/database_sight.h"
#include "tests/support/chat_world.h"
#include "tests/support/expect.h"

using namespace pchat;
using namespace std::chrono_literals;
using test::StillClock;

namespace {

/// Answers, or says what it is told to say.
class Answering : public ContentDatabase {
public:
    explicit Answering(std::optional<Error>& error) : error_(error) {}
    Result<void> read(std::string_view /*doing*/, const ContentWork& /*work*/) override {
        return answer();
    }
    Result<void> write(std::string_view /*doing*/, const ContentWork& /*work*/) override {
        return answer();
    }

private:
    [[nodiscard]] Result<void> answer() const {
        return error_ ? Result<void>{pass(Error{*error_})} : Result<void>{};
    }
    std::optional<Error>& error_;
};

Result<void> nothing(ContentTransaction& /*tx*/) {
    return {};
}

std::string reason_of(const Result<void>& result) {
    return result ? "" : std::string{result.error().reason};
}

struct Rig {
    StillClock clock;
    std::optional<Error> error;
    SightedContent content{std::make_unique<Answering>(error), "database", clock};

    void lose(Errc code) { error = fail(code, "connecting to pg1 as pchat failed").value(); }
    std::string read() { return reason_of(content.read("reading", nothing)); }
    std::string write() { return reason_of(content.write("writing", nothing)); }
};

}  // namespace

TEST_CASE("database sight: reads end a minute after the last answer", "[sight]") {
    Rig rig;
    CHECK(rig.read().empty());
    rig.clock.pass(60s);
    CHECK(rig.content.in_sight().has_value());
    rig.clock.pass(1us);
    CHECK(reason_of(rig.content.in_sight()) == "database-unavailable");
    CHECK(rig.read() == "database-unavailable");
    // It would answer, but who reads does not find that out.
    CHECK(rig.write().empty());
    CHECK(rig.content.in_sight().has_value());
    CHECK(rig.read().empty());
}

TEST_CASE("database sight: what fails does not count as an answer", "[sight]") {
    Rig rig;
    rig.lose(Errc::unreachable);
    for (int i = 0; i < 7; ++i) {
        rig.clock.pass(10s);
        CHECK(rig.write() == "database-unavailable");
    }
    CHECK_FALSE(rig.content.in_sight().has_value());
    // Nor does a refusal: a server that cannot be told from a broken one says such things too.
    rig.lose(Errc::conflict);
    CHECK(rig.write().empty());
    CHECK_FALSE(rig.content.in_sight().has_value());
}

TEST_CASE("database sight: knows whether the last one who asked had an answer", "[sight]") {
    Rig rig;
    CHECK(rig.content.answers());
    rig.lose(Errc::timeout);
    rig.write();
    CHECK_FALSE(rig.content.answers());
    rig.error.reset();
    rig.write();
    CHECK(rig.content.answers());
}

TEST_CASE("database sight: people hear of the database, not where it is", "[sight]") {
    Rig rig;
    for (const Errc code : {Errc::unreachable, Errc::timeout}) {
        rig.lose(code);
        const Result<void> failed = rig.content.read("reading", nothing);
        REQUIRE_FALSE(failed.has_value());
        CHECK(failed.error().code == code);
        CHECK(failed.error().reason == "database-unavailable");
        CHECK(failed.error().message.find("pg1") == std::string::npos);
        CHECK(failed.error().context.back().find("pg1") != std::string::npos);
        CHECK(says_away(failed.error()));
    }
    // Who waits for a commit must know that it may have happened.
    rig.lose(Errc::unknown_outcome);
    const Result<void> unknown = rig.content.write("writing", nothing);
    REQUIRE_FALSE(unknown.has_value());
    CHECK(unknown.error().message.find("pg1") != std::string::npos);
    CHECK_FALSE(says_away(unknown.error()));
}

TEST_CASE("database sight: rooms are not shown to anybody once it is out of sight", "[sight]") {
    auto clock = std::make_unique<StillClock>();
    test::ChatWorld world{
        nullptr, std::make_unique<SightedContent>(test::memory_content(), "database", *clock)};
    const PrincipalId ann = world.user("ann");
    const RoomId room = world.room("Lobby", "General", {{ann}});
    world.post(ann, room, "hello");
    CHECK(world.chat->see(ann, "Lobby").has_value());
    REQUIRE_OK(world.chat->may_read());
    clock->pass(61s);
    CHECK(world.chat->may_read().error().reason == "database-unavailable");
    CHECK(world.chat->see(ann, "Lobby").error().reason == "database-unavailable");
    CHECK(world.chat->see(ann, room).error().reason == "database-unavailable");
    CHECK(world.chat->before(room, std::nullopt, 10).error().reason == "database-unavailable");
}
