// SPDX-License-Identifier: Apache-2.0
// A link that carries nothing any more, and neither end is told.
#include "tests/integration/chat/scene.h"
#include "tests/support/relay.h"

#include <chrono>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

ServerOptions pings_often() {
    ServerOptions out;
    out.limits += ", pingSeconds: 1";
    return out;
}

/// How long until everybody hears that the user left the room.
std::chrono::duration<double> until_gone(ChatClient& witness, const std::string& user) {
    const auto begun = Steady::now();
    for (;;) {
        const Json roster = witness.wait_for("roster");
        for (const Json& left : roster["left"])
            if (left == user)
                return Steady::now() - begun;
    }
}

}  // namespace

TEST_CASE("half-open link: a session that answers no ping is ended in time", "[half_open]") {
    Scene scene{3, pings_often()};
    Relay relay{scene.server.port()};
    const std::string& room = scene.room(0);
    ChatClient witness = scene.client(0);  // reads all the time, and so answers
    witness.join(room);
    ChatClient lost{relay.port(), scene.world.tokens[1]};
    lost.wait_for("welcome");
    lost.join(room);
    const std::int64_t seen = lost.post(room, "a", "before");
    relay.cut();
    // A second of silence, a ping, another second; a quarter of one between two looks.
    const auto took = until_gone(witness, Scene::user_name(1));
    CHECK(took > 1s);
    CHECK(took < 6s);
    const std::int64_t missed = witness.post(room, "b", "meanwhile");

    // Its own side hears of it once the link carries again, and it goes on where it was.
    relay.mend();
    lost.wait_for_end();
    ChatClient again{relay.port(), scene.world.tokens[1]};
    again.wait_for("welcome");
    const Json joined = again.join(room, seen);
    REQUIRE(joined["messages"].size() == 1);
    CHECK(joined["messages"][0]["seq"] == missed);
    CHECK(witness.is_open());
}

TEST_CASE("half-open link: a session that says nothing but answers lives on", "[half_open]") {
    Scene scene{2, pings_often()};
    ChatClient quiet = scene.client(0);
    quiet.join(scene.room(0));
    quiet.wait_for("roster");
    const auto until = Steady::now() + 4s;
    while (Steady::now() < until)
        CHECK_FALSE(quiet.next(500ms).has_value());
    CHECK(quiet.post(scene.room(0), "a", "still there") == 1);
}
