// SPDX-License-Identifier: Apache-2.0
// What tests can do to a local bus; what it does by itself is in the contract of the bus.
#include "server/bus/local_bus.h"
#include "tests/support/catch.h"

#include <condition_variable>
#include <mutex>
#include <vector>

using namespace pchat;
using namespace std::chrono_literals;

namespace {

const SystemClock real_clock;

class Notes : public bus::BusListener {
public:
    void received(std::string_view /*subject*/, std::string_view bytes) override {
        note(std::string{bytes});
    }
    void linked() override { note("linked"); }
    void unlinked() override { note("unlinked"); }
    void missed() override { note("missed"); }

    /// The first so many, when they are there.
    std::vector<std::string> first(std::size_t count) {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, 60s, [&] { return notes_.size() >= count; });
        return notes_;
    }

private:
    void note(std::string text) {
        const std::lock_guard lock{mutex_};
        notes_.push_back(std::move(text));
        changed_.notify_all();
    }
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<std::string> notes_;
};

struct World {
    bus::LocalBus wire{real_clock};
    Notes heard;
    Notes ignored;
    std::unique_ptr<bus::Bus> listener = wire.join(heard);
    std::unique_ptr<bus::Bus> speaker = wire.join(ignored);

    World() { listener->subscribe("pchat.a"); }
    void say(const std::string& words) const { speaker->publish("pchat.a", words); }
};

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("local bus: loses what it is told to lose", "[bus]") {
    World world;
    world.wire.lose([](std::string_view subject, std::string_view bytes) {
        return subject == "pchat.a" && bytes == "2";
    });
    for (const char* words : {"1", "2", "3"})
        world.say(words);
    CHECK(world.heard.first(3) == Words{"linked", "1", "3"});
    world.wire.lose({});
    world.say("2");
    CHECK(world.heard.first(4) == Words{"linked", "1", "3", "2"});
}

TEST_CASE("local bus: a delay holds everything back and changes no order", "[bus]") {
    World world;
    world.wire.delay(20ms);
    const auto begun = std::chrono::steady_clock::now();
    world.say("1");
    world.wire.delay(0ms);
    world.say("2");
    CHECK(world.heard.first(3) == Words{"linked", "1", "2"});
    CHECK(std::chrono::steady_clock::now() - begun >= 20ms);
}

TEST_CASE("local bus: an end that is cut off hears nothing until it is mended", "[bus]") {
    World world;
    world.wire.cut(*world.listener);
    world.wire.cut(*world.listener);
    world.say("1");
    CHECK_FALSE(world.listener->status().linked);
    CHECK(world.speaker->status().linked);
    world.listener->publish("pchat.a", "lost");
    CHECK(world.listener->status().counts.lost_unlinked == 1);
    world.wire.mend(*world.listener);
    world.say("2");
    CHECK(world.heard.first(4) == Words{"linked", "unlinked", "linked", "2"});
    CHECK(world.listener->status().counts.reconnects == 1);
}

TEST_CASE("local bus: an end may leave, and may outlive the bus", "[bus]") {
    Notes heard;
    Notes ignored;
    std::unique_ptr<bus::Bus> listener;
    std::unique_ptr<bus::Bus> speaker;
    {
        bus::LocalBus wire{real_clock};
        listener = wire.join(heard);
        speaker = wire.join(ignored);
    }
    listener->subscribe("pchat.a");
    speaker->publish("pchat.a", "1");
    CHECK(heard.first(2) == Words{"linked", "1"});
    listener.reset();
    speaker->publish("pchat.a", "2");
    CHECK(speaker->status().counts.published == 2);
}
