// SPDX-License-Identifier: Apache-2.0
#include "server/net/flush.h"
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/catch.h"

#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;
using ws::Opcode;

TEST_CASE("fan-out: every member gets every message in order, on every thread", "[fan-out]") {
    constexpr int messages = 2000;
    TestServer server{{}, 3};
    std::vector<Client> members;
    for (int i = 0; i < 12; ++i)
        members.push_back(web_socket(server.port(), "/room"));
    for (int i = 0; i < messages; ++i)
        server.broadcast("message " + std::to_string(i));
    for (Client& member : members)
        for (int i = 0; i < messages; ++i)
            REQUIRE(read_frame(member).payload == "message " + std::to_string(i));
    // Frames that came close together left together.
    CHECK(server.counts().writes < members.size() * messages / 2);
}

TEST_CASE("fan-out: who reads too slowly is closed with 4008, the others go on", "[fan-out]") {
    net::ConnectionLimits limits;
    limits.outbound_bytes = 256 * 1024;
    TestServer server{limits, 1};
    Client slow = web_socket(server.port(), "/room");
    Client good = web_socket(server.port(), "/room");
    const std::string large(100'000, 'x');
    int sent = 0;
    while (server.counts().slow_consumers == 0) {
        REQUIRE(++sent < 1000);
        server.broadcast(large);
        REQUIRE(read_frame(good).payload.size() == large.size());
    }
    server.site.events.wait_for("closed 4008");
    server.broadcast("still here");
    CHECK(read_frame(good).payload == "still here");
    // Whole frames, then the reason.
    ServerFrame frame = read_frame(slow);
    for (; frame.opcode == Opcode::text; frame = read_frame(slow))
        REQUIRE(frame.payload.size() == large.size());
    CHECK(frame.close_code() == 4008);
    CHECK(server.counts().slow_consumers == 1);
}

TEST_CASE("fan-out: much at once to one who reads is not slowness", "[fan-out]") {
    net::ConnectionLimits limits;
    limits.outbound_bytes = 64 * 1024;
    TestServer server{limits, 1};
    Client client = web_socket(server.port(), "/room");
    server.for_each_socket([](net::WebSocket& socket) {
        for (int i = 0; i < 20; ++i)
            socket.send(net::Frame{ws::encode(Opcode::text, std::string(10'000, 'x'))});
    });
    for (int i = 0; i < 20; ++i)
        CHECK(read_frame(client).payload.size() == 10'000);
}

TEST_CASE("fan-out: a message to very many lets a few others go first", "[fan-out]") {
    // As many as a portion may have, or as few: where writing takes longer than a portion may.
    const bool slow = GENERATE(false, true);
    const std::size_t portion = slow ? net::FlushTurn::looks_at_clock : net::FlushTurn::portion;
    const std::size_t members = portion * 3;
    net::ConnectionLimits limits;
    limits.gather_time = {};
    limits.portion_time = slow ? 0s : 1h;
    TestServer server{limits, 1};
    std::vector<Client> clients;
    for (std::size_t i = 0; i < members; ++i)
        clients.push_back(web_socket(server.port(), "/room"));
    std::promise<std::vector<std::uint64_t>> looks;
    std::vector<std::uint64_t> writes;
    net::IoThread& thread = server.pool[0];
    std::uint64_t before = 0;
    // All of it on the server's one thread. What is posted runs between the portions.
    const std::function<void()> look = [&] {
        writes.push_back(server.counts().writes - before);
        if (writes.back() < members + 1)
            return thread.post(look);
        looks.set_value(writes);
    };
    thread.post([&] {
        before = server.counts().writes;
        const auto& room = server.site.rooms[0];
        for (net::WebSocket* socket : room)
            socket->send(net::Frame{ws::encode(Opcode::text, "to all")});
        thread.post([&] {
            // The first one has its message, the last one waits for it still: that comes along.
            (*server.site.rooms[0].begin())->send(net::Frame{ws::encode(Opcode::text, "to one")});
            (*server.site.rooms[0].rbegin())->send(net::Frame{ws::encode(Opcode::text, "to one")});
            thread.post(look);
        });
    });
    const std::vector<std::uint64_t> seen = looks.get_future().get();
    // After the first portion, then the two and the second portion.
    REQUIRE(seen.size() >= 2);
    CHECK(seen.front() >= portion);
    CHECK(seen.front() < members);
    CHECK(std::count_if(seen.begin(), seen.end(), [&](std::uint64_t count) {
              return count == portion * 2 + 2;
          }) >= 1);
    CHECK(seen.back() == members + 1);  // the two have left with three writes
    std::size_t told_twice = 0;
    for (Client& client : clients)
        REQUIRE(read_frame(client).payload == "to all");
    for (Client& client : clients) {
        client.send(client_frame(Opcode::ping, "p"));
        ServerFrame next = read_frame(client);
        if (next.opcode == Opcode::text) {
            CHECK(next.payload == "to one");
            ++told_twice;
            next = read_frame(client);
        }
        CHECK(next.opcode == Opcode::pong);
    }
    CHECK(told_twice == 2);
}

TEST_CASE("fan-out: coming and going under load loses and breaks nothing", "[fan-out]") {
    TestServer server{{}, 3};
    Client witness = web_socket(server.port(), "/room");
    std::atomic<bool> over = false;
    std::atomic<int> sent = 0;
    std::thread sender{[&] {
        while (!over) {
            server.broadcast("n " + std::to_string(sent++));
            std::this_thread::yield();
        }
    }};
    std::vector<std::thread> crowd;
    for (int i = 0; i < 3; ++i)
        crowd.emplace_back([&server, i] {
            for (int round = 0; round < 60; ++round) {
                Client client{server.port()};
                if (round % 3 == 0)
                    continue;
                client.send(upgrade_request("/room"));
                if (round % 3 == 1)
                    continue;
                client.read_to("\r\n\r\n");
                read_frame(client);
                if (i == 0)
                    client.send(client_frame(Opcode::close, "\x03\xe8"));
            }
        });
    int seen = 0;
    for (; seen < 200; ++seen)
        REQUIRE(read_frame(witness).payload == "n " + std::to_string(seen));
    std::thread reader{[&] {
        while (read_frame(witness).opcode == Opcode::text) {
        }
    }};
    for (std::thread& thread : crowd)
        thread.join();
    over = true;
    sender.join();
    server.for_each_socket([](net::WebSocket& socket) {
        socket.close(ws::CloseCode::restart, "over");
    });
    reader.join();
}

TEST_CASE("fan-out: the end may come in the middle of everything", "[fan-out]") {
    for (int i = 0; i < 10; ++i) {
        TestServer server{{}, 2};
        std::vector<Client> members;
        for (int member = 0; member < 4; ++member)
            members.push_back(web_socket(server.port(), "/room"));
        const Client half{server.port()};
        for (int message = 0; message < 50; ++message)
            server.broadcast(std::string(50'000, 'x'));
    }
}
