// SPDX-License-Identifier: Apache-2.0
// What every bus keeps, whatever carries it.
#include "tests/integration/bus/counter.h"
#include "tests/integration/bus/recorder.h"
#include "tests/integration/bus/rig.h"
#include "tests/support/catch.h"

#include <atomic>
#include <future>
#include <thread>

using namespace pchat;
using namespace pchat::test;

namespace {

using Notes = std::vector<std::string>;

/// Of either kind; the test ends where there is none.
std::unique_ptr<Rig> any_rig() {
    const std::string kind = GENERATE("local", "nats");
    INFO(kind);
    return make_rig(kind);
}

}  // namespace

TEST_CASE("bus: what one says comes to all others who asked for it", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    Recorder one;
    Recorder two;
    Recorder three;
    const auto speaker = rig->join(one);
    const auto listener = rig->join(two);
    const auto other = rig->join(three);
    for (const auto& end : {speaker.get(), listener.get()})
        end->subscribe("pchat.room.a");
    other->subscribe("pchat.room.b");
    for (const auto& end : {speaker.get(), listener.get(), other.get()})
        REQUIRE(end->settle(long_enough));
    REQUIRE(one.wait_for("linked"));

    speaker->publish("pchat.room.a", "first");
    speaker->publish("pchat.room.b", std::string("with\0zero", 9));
    REQUIRE(two.wait_for("pchat.room.a first"));
    REQUIRE(three.wait_for(std::string("pchat.room.b with\0zero", 22)));
    REQUIRE(speaker->settle(long_enough));
    CHECK(one.all() == Notes{"linked"});
    CHECK(two.all() == Notes{"linked", "pchat.room.a first"});
    CHECK(three.all().size() == 2);

    const bus::BusCounts sent = speaker->status().counts;
    CHECK(sent.published == 2);
    CHECK(sent.bytes_out == 14);
    CHECK(sent.received == 0);
    const bus::BusCounts heard = listener->status().counts;
    CHECK(heard.received == 1);
    CHECK(heard.bytes_in == 5);
}

TEST_CASE("bus: an end says how it stands", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    Recorder told;
    const auto end = rig->join(told);
    const bus::BusStatus before = end->status();
    CHECK(before.linked);
    CHECK(before.since > 0);
    CHECK_FALSE(before.server.empty());
    CHECK(before.counts.reconnects == 0);
    rig->take_away();
    REQUIRE(told.wait_for("unlinked"));
    const bus::BusStatus without = end->status();
    CHECK_FALSE(without.linked);
    CHECK(without.since >= before.since);
    rig->bring_back();
    REQUIRE(told.wait_for("linked", 2));
    const bus::BusStatus after = end->status();
    CHECK(after.linked);
    CHECK_FALSE(after.error.empty());
    CHECK(after.counts.reconnects == 1);
}

TEST_CASE("bus: order of a speaker is kept over several subjects", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    constexpr std::size_t messages = 5'000;
    constexpr std::size_t subjects = 50;
    Counter heard;
    Counter ignored;
    const auto listener = rig->join(heard);
    const auto speaker = rig->join(ignored);
    for (std::size_t i = 0; i < subjects; ++i)
        listener->subscribe("pchat.room." + std::to_string(i));
    REQUIRE(heard.wait_for_link());
    REQUIRE(listener->settle(long_enough));
    for (std::size_t i = 1; i <= messages; ++i)
        speaker->publish("pchat.room." + std::to_string(i % subjects), numbered("me", i));
    REQUIRE(heard.wait_for(messages));
    CHECK(heard.out_of_order() == 0);
    CHECK(heard.subjects() == subjects);
}

TEST_CASE("bus: who has unsubscribed hears nothing, who subscribed twice hears it once", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    Recorder told;
    Recorder ignored;
    const auto listener = rig->join(told);
    const auto speaker = rig->join(ignored);
    listener->subscribe("pchat.a");
    listener->subscribe("pchat.a");
    listener->subscribe("pchat.b");
    listener->unsubscribe("pchat.b");
    listener->unsubscribe("pchat.never");
    listener->subscribe("pchat.end");
    REQUIRE(listener->settle(long_enough));
    speaker->publish("pchat.a", "1");
    speaker->publish("pchat.b", "2");
    speaker->publish("pchat.end", "");
    REQUIRE(told.wait_for("pchat.end "));
    CHECK(told.all() == Notes{"linked", "pchat.a 1", "pchat.end "});
}

TEST_CASE("bus: what is too large or has no subject is refused, the rest goes on", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    Recorder told;
    Recorder ignored;
    const auto listener = rig->join(told);
    const auto speaker = rig->join(ignored);
    listener->subscribe("pchat.a");
    REQUIRE(listener->settle(long_enough));
    speaker->publish("pchat.a", std::string(Rig::max_payload + 1, 'x'));
    speaker->publish("pchat.*", "wildcard");
    speaker->publish("pchat.a\r\nPUB pchat.a 1\r\nx\r\n", "forged");
    speaker->publish("", "nothing");
    const std::string largest(Rig::max_payload, 'x');
    speaker->publish("pchat.a", largest);
    REQUIRE(told.wait_for("pchat.a " + largest));
    CHECK(told.all().size() == 2);
    REQUIRE(speaker->settle(long_enough));
    CHECK(speaker->status().counts.refused == 4);
    CHECK(speaker->status().counts.published == 1);
}

TEST_CASE("bus: subscriptions last over a time without a link, words do not", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    Recorder told;
    Recorder speaking;
    const auto listener = rig->join(told);
    const auto speaker = rig->join(speaking);
    listener->subscribe("pchat.before");
    listener->subscribe("pchat.gone");
    REQUIRE(listener->settle(long_enough));
    rig->take_away();
    REQUIRE(told.wait_for("unlinked"));
    REQUIRE(speaking.wait_for("unlinked"));
    speaker->publish("pchat.before", "lost");
    listener->subscribe("pchat.meanwhile");
    listener->unsubscribe("pchat.gone");
    rig->bring_back();
    REQUIRE(told.wait_for("linked", 2));
    REQUIRE(speaking.wait_for("linked", 2));
    speaker->publish("pchat.gone", "1");
    speaker->publish("pchat.before", "2");
    speaker->publish("pchat.meanwhile", "3");
    REQUIRE(told.wait_for("pchat.meanwhile 3"));
    CHECK(
        told.all() == Notes{"linked", "unlinked", "linked", "pchat.before 2", "pchat.meanwhile 3"}
    );
    CHECK(speaker->status().counts.lost_unlinked == 1);
}

TEST_CASE("bus: a listener that is too slow is told what it missed, and keeps order", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    class Slow : public Counter {
    public:
        void received(std::string_view subject, std::string_view bytes) override {
            if (!free_.load())
                released_.get_future().wait();
            free_ = true;
            Counter::received(subject, bytes);
        }
        void release() { released_.set_value(); }

    private:
        std::atomic<bool> free_{false};
        std::promise<void> released_;
    };
    constexpr std::size_t messages = 1'000;
    Slow slow;
    Counter ignored;
    const auto listener = rig->join(slow, {.messages = 100, .bytes = 1'000'000});
    const auto speaker = rig->join(ignored);
    REQUIRE(slow.wait_for_link());
    listener->subscribe("pchat.a");
    REQUIRE(listener->settle(long_enough));
    speaker->publish("pchat.a", numbered("me", 1));
    REQUIRE(until([&] { return listener->status().counts.received == 1; }));
    for (std::size_t i = 2; i <= messages; ++i)
        speaker->publish("pchat.a", numbered("me", i));
    CHECK(until([&] { return listener->status().counts.missed == messages - 101; }));
    slow.release();
    REQUIRE(slow.wait_for(101));
    REQUIRE(slow.wait_for_miss());
    CHECK(slow.out_of_order() == 0);
}

TEST_CASE("bus: four threads speak at once", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    constexpr std::size_t threads = 4;
    constexpr std::size_t messages = 2'000;
    Counter heard;
    Counter ignored;
    const auto listener = rig->join(heard);
    const auto speaker = rig->join(ignored);
    REQUIRE(heard.wait_for_link());
    for (std::size_t i = 0; i < threads; ++i)
        listener->subscribe("pchat." + std::to_string(i));
    REQUIRE(listener->settle(long_enough));
    std::vector<std::thread> speaking;
    for (std::size_t t = 0; t < threads; ++t)
        speaking.emplace_back([&, t] {
            const std::string name = std::to_string(t);
            for (std::size_t i = 1; i <= messages; ++i) {
                speaker->publish("pchat." + name, numbered(name, i));
                if (i % 100 == 0) {
                    speaker->subscribe("pchat.other." + name);
                    speaker->unsubscribe("pchat.other." + name);
                    static_cast<void>(speaker->status());
                }
            }
        });
    for (std::thread& thread : speaking)
        thread.join();
    REQUIRE(heard.wait_for(threads * messages));
    CHECK(heard.out_of_order() == 0);
}

TEST_CASE("bus: a listener may speak and subscribe", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    class Echo : public bus::BusListener {
    public:
        void received(std::string_view /*subject*/, std::string_view bytes) override {
            bus::Bus* own = end;
            own->subscribe("pchat.later");
            own->publish("pchat.answer", std::string{bytes});
        }
        void linked() override {}
        void unlinked() override {}
        void missed() override {}
        std::atomic<bus::Bus*> end = nullptr;
    };
    Echo echo;
    Recorder told;
    const auto answering = rig->join(echo);
    echo.end = answering.get();
    const auto asking = rig->join(told);
    answering->subscribe("pchat.question");
    asking->subscribe("pchat.answer");
    REQUIRE(answering->settle(long_enough));
    REQUIRE(asking->settle(long_enough));
    asking->publish("pchat.question", "42");
    CHECK(told.wait_for("pchat.answer 42"));
    answering->stop();
}

TEST_CASE("bus: a listener whose message went wrong hears the next one", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    Counter heard;
    Counter ignored;
    const auto listener = rig->join(heard);
    const auto speaker = rig->join(ignored);
    REQUIRE(heard.wait_for_link());
    listener->subscribe("pchat.a");
    REQUIRE(listener->settle(long_enough));
    speaker->publish("pchat.a", "unreadable");  // for which Counter throws
    speaker->publish("pchat.a", numbered("me", 1));
    CHECK(heard.wait_for(1));
}

TEST_CASE("bus: what was said before stopping goes out, what comes after is lost", "[bus]") {
    const auto rig = any_rig();
    if (!rig)
        return;
    Recorder told;
    Recorder ignored;
    const auto listener = rig->join(told);
    const auto speaker = rig->join(ignored);
    listener->subscribe("pchat.a");
    REQUIRE(listener->settle(long_enough));
    speaker->publish("pchat.a", "last words");
    speaker->stop();
    speaker->publish("pchat.a", "too late");
    speaker->subscribe("pchat.a");
    speaker->stop();
    CHECK(told.wait_for("pchat.a last words"));
    CHECK_FALSE(speaker->status().linked);
    CHECK(speaker->status().counts.lost_unlinked == 1);
    CHECK(told.count("pchat.a too late") == 0);
    const Notes before = ignored.all();
    listener->publish("pchat.a", "nobody is there");
    CHECK(listener->settle(long_enough));
    CHECK(ignored.all() == before);
}
