// SPDX-License-Identifier: Apache-2.0
#include "server/service/peers.h"
#include "tests/unit/server/api/session_rig.h"

#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace pchat;
using test::SessionRig;
using test::Visitor;

namespace {

/// What the other servers would hear of.
class FakePeers : public Peers {
public:
    void said(RoomId /*room*/, std::span<const Remembered> messages) override {
        said_count += messages.size();
    }
    void logged(const LogNews& /*entry*/, std::span<const Told> /*told*/) override {}
    void behind(RoomId /*room*/, std::int64_t last) override { owed.push_back(last); }
    void uses(RoomId /*room*/, bool /*used*/) override {}

    std::size_t said_count = 0;
    std::vector<std::int64_t> owed;
};

/// A server of a pool with ann in a room that has one message.
struct Rig : SessionRig {
    Rig() {
        world.chat->attach(peers);
        world.post(ann, room, "known here");
        visitor = std::make_unique<Visitor>(*this, "ann");
        REQUIRE(visitor->join("1", 1)["head"] == 1);
    }
    ~Rig() {
        visitor.reset();
        world.chat->wait_until_stored();  // that it left
    }
    Rig(const Rig&) = delete;
    Rig& operator=(const Rig&) = delete;

    Message message(std::int64_t seq, const std::string& body) const {
        Message out;
        out.room = room;
        out.seq = seq;
        out.sender = ann;
        out.body = body;
        return out;
    }
    void hear(std::int64_t seq, const std::string& body) {
        const Message one = message(seq, body);
        hub.heard(room, {{seq, std::make_shared<const std::string>(encoded(one)), false}});
    }
    std::size_t shown() {
        on_thread(0, [] {});  // what was on its way has arrived
        return visitor->socket().count("msg");
    }

    FakePeers peers;
    PrincipalId ann = world.user("ann");
    RoomId room = world.room("Lobby", "General", {{ann}});
    std::unique_ptr<Visitor> visitor;
};

}  // namespace

TEST_CASE("hub: what is removed before the bus brings it is shown as removed", "[hub]") {
    Rig rig;
    Message removed = rig.message(2, "");
    removed.change = MessageChange::removed;
    removed.rev = 1;
    rig.hub.changed(rig.room, 1, {removed});
    rig.hear(2, "secret");
    CHECK(rig.shown() == 1);
    const auto msg = rig.visitor->socket().wait_for("type", "msg");
    INFO(msg.dump());
    CHECK(msg["seq"] == 2);
    CHECK(msg.dump().find("secret") == std::string::npos);
}

TEST_CASE("hub: what is cleared before the bus brings it is not shown", "[hub]") {
    Rig rig;
    rig.hub.cleared(rig.room, 1, 3);
    rig.hear(2, "secret");
    CHECK(rig.shown() == 0);
    rig.hear(3, "after");
    CHECK(rig.shown() == 1);
}

TEST_CASE("hub: what stands before a message is asked for, not passed over", "[hub]") {
    Rig rig;
    rig.hub.said_elsewhere(rig.room, 2, {rig.message(3, "three")});
    CHECK(rig.shown() == 0);
    CHECK(rig.peers.owed == std::vector<std::int64_t>{3});
    rig.hub.said_elsewhere(rig.room, 1, {rig.message(2, "two"), rig.message(3, "three")});
    CHECK(rig.shown() == 2);
}

TEST_CASE("hub: nothing is shown while a change is not in force", "[hub]") {
    Rig rig;
    rig.world.chat->apply_later({});
    rig.hear(2, "of another server");
    rig.world.post(rig.ann, rig.room, "of this one");
    rig.world.chat->wait_until_stored();
    CHECK(rig.shown() == 0);
    CHECK(rig.peers.owed == std::vector<std::int64_t>{2});
    CHECK(rig.peers.said_count == 1);  // what was said before
    REQUIRE_OK(rig.world.chat->apply_again());
    rig.hear(2, "in force");
    CHECK(rig.shown() == 1);
}
