// SPDX-License-Identifier: Apache-2.0
#include "server/bus/outgoing.h"
#include "tests/support/catch.h"

#include <thread>

using namespace pchat::bus;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> words(const Outgoing::Taken& taken) {
    std::vector<std::string> out;
    for (const Outgoing::Item& item : taken.items) {
        const char* kind = item.kind == Outgoing::Kind::publish     ? "say "
                           : item.kind == Outgoing::Kind::subscribe ? "hear "
                                                                    : "leave ";
        out.push_back(kind + item.subject + item.bytes);
    }
    return out;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("outgoing: keeps nothing but subscriptions while there is no link", "[bus]") {
    Outgoing outgoing{{}};
    outgoing.publish("a", "1");
    outgoing.subscribe("b");
    outgoing.subscribe("c");
    outgoing.unsubscribe("b");
    CHECK(outgoing.open().subscriptions == Words{"c"});
    CHECK(outgoing.losses().unlinked == 1);
}

TEST_CASE("outgoing: gives what came in the order in which it came", "[bus]") {
    Outgoing outgoing{{}};
    CHECK(outgoing.open().subscriptions.empty());
    outgoing.publish("a", "1");
    outgoing.subscribe("a");
    outgoing.subscribe("a");
    outgoing.publish("a", "2");
    outgoing.unsubscribe("a");
    outgoing.unsubscribe("a");
    CHECK(words(outgoing.take()) == Words{"say a1", "hear a", "say a2", "leave a"});
}

TEST_CASE("outgoing: full by number or by size, until it is taken", "[bus]") {
    Outgoing outgoing{{.messages = 2, .bytes = 10}};
    static_cast<void>(outgoing.open());
    outgoing.publish("a", "1");
    outgoing.publish("a", "2");
    outgoing.publish("a", "3");
    outgoing.subscribe("never too many");
    CHECK(words(outgoing.take()) == Words{"say a1", "say a2", "hear never too many"});
    outgoing.publish("a", std::string(8, 'x'));
    outgoing.publish("a", "4");
    outgoing.publish("a", "");
    CHECK(words(outgoing.take()) == Words{"say axxxxxxxx", "say a"});
    CHECK(outgoing.losses().full == 2);
}

TEST_CASE("outgoing: what waits when the link breaks is lost, and counted", "[bus]") {
    Outgoing outgoing{{}};
    static_cast<void>(outgoing.open());
    outgoing.publish("a", "1");
    outgoing.subscribe("b");
    outgoing.close();
    outgoing.publish("a", "2");
    CHECK(outgoing.losses().unlinked == 2);
    CHECK(outgoing.open().subscriptions == Words{"b"});
    outgoing.publish("a", "3");
    CHECK(words(outgoing.take()) == Words{"say a3"});
}

TEST_CASE("outgoing: settled when the link has got so far, and not before", "[bus]") {
    Outgoing outgoing{{}};
    CHECK_FALSE(outgoing.settle(0ms));
    const Outgoing::Opened opened = outgoing.open();
    std::thread link{[&] {
        for (;;) {
            const Outgoing::Taken taken = outgoing.take();
            if (outgoing.stopping())
                return;
            outgoing.reached(taken.mark);
        }
    }};
    CHECK(outgoing.settle(60s));
    outgoing.stop();
    link.join();
    CHECK_FALSE(outgoing.settle(60s));
    CHECK(opened.mark == 1);
}

TEST_CASE("outgoing: stopping gives what is left without waiting", "[bus]") {
    Outgoing outgoing{{}};
    static_cast<void>(outgoing.open());
    outgoing.publish("a", "1");
    outgoing.stop();
    CHECK(words(outgoing.take()) == Words{"say a1"});
    CHECK(outgoing.take().items.empty());
    outgoing.pause(60s);
}
