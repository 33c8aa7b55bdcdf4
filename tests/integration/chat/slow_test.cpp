// SPDX-License-Identifier: Apache-2.0
// Links that do not take what they are sent.
#include "tests/integration/chat/scene.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <fstream>
#include <sstream>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

std::uint64_t metric(const Scene& scene, const std::string& name) {
    const std::string text = http(scene.server.port(), "GET", "/metrics").text;
    const std::size_t at = text.find("\n" + name + " ");
    return at == std::string::npos ? 0 : std::stoull(text.substr(at + name.size() + 2));
}

}  // namespace

TEST_CASE("slow reader: is closed with 4008, others go on, and it misses nothing", "[slow]") {
    ServerOptions options;
    options.limits = "outboundBytes: 65536, ratePerSession: 100000, ratePerUser: 100000, "
                     "burst: 100000, requestsInFlight: 1000";
    Scene scene{3, options};
    const std::string& room = scene.room(0);
    ChatClient slow = scene.client(0);
    slow.join(room);
    ChatClient fast = scene.client(1);
    fast.join(room);
    ChatClient sender = scene.client(2);
    sender.join(room);
    const std::string body(4'000, 'x');
    std::int64_t sent = 0;
    // Until the kernel's buffers and the server's queue are full; the others read all of it.
    while (metric(scene, "pchat_slow_consumers_total") == 0) {
        REQUIRE(sent < 20'000);
        for (int i = 0; i < 50; ++i)
            sent = sender.post(room, "k" + std::to_string(sent), body);
        sender.kept().clear();
        for (std::int64_t last = 0; last < sent;)
            last = fast.wait_for("msg")["seq"];
    }
    CHECK(slow.wait_for_end() == 4008);
    std::int64_t seen = 0;
    for (const Json& frame : slow.kept())
        if (frame["type"] == "msg")
            CHECK(frame["seq"] == ++seen);
    CHECK(seen < sent);
    ChatClient back = scene.client(0);
    Json page = back.join(room, seen);
    for (;;) {
        for (const Json& message : page["messages"])
            CHECK(message["seq"] == ++seen);
        if (seen >= sent)
            break;
        page = back.ask({{"type", "history"}, {"room", room}, {"after", seen}, {"limit", 500}});
        REQUIRE_FALSE(page["messages"].empty());
    }
    CHECK(seen == sent);
    CHECK(fast.ask({{"type", "ping"}})["type"] == "ok");
}

TEST_CASE("vanished peer: the kernel watches a connection that is silent", "[slow]") {
    // What can be seen without waiting for minutes: the server's end has a keepalive timer, which
    // /proc/net/tcp shows as kind 2.
    Scene scene{2};
    ChatClient ann = scene.client(0);
    sockaddr_in own{};
    socklen_t length = sizeof own;
    REQUIRE(::getsockname(ann.descriptor(), reinterpret_cast<sockaddr*>(&own), &length) == 0);
    const std::string remote =
        fmt::format("{:08X}:{:04X}", own.sin_addr.s_addr, ntohs(own.sin_port));
    const auto is_watched = [&] {
        std::ifstream lines{"/proc/net/tcp"};
        for (std::string line; std::getline(lines, line);) {
            std::istringstream fields{line};
            std::string number, local, other, state, queues, timer;
            fields >> number >> local >> other >> state >> queues >> timer;
            if (other == remote)
                return timer.rfind("02:", 0) == 0;
        }
        return false;
    };
    const auto deadline = std::chrono::steady_clock::now() + 10s;
    bool watched = false;  // while its last bytes are not acknowledged, another timer runs
    while (!watched && std::chrono::steady_clock::now() < deadline)
        watched = is_watched();
    CHECK(watched);
}
