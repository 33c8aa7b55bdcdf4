// SPDX-License-Identifier: Apache-2.0
// The chat server under load. Usage: bench_chat ENGINE SCENARIO...; see bench/RESULTS.md.
#include "bench/chat_load.h"
#include "tests/support/kill_run.h"
#include "tests/support/private_server.h"
#include "tests/support/swarm.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <iostream>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::bench {
using namespace pchat::test;

namespace {

using namespace std::chrono_literals;

void idle(const PrivateContent& database, const World& world) {
    PrivateServer server{database};
    const std::size_t before = server.resident_kb();
    Swarm swarm{server.port()};
    swarm.connect(world.tokens);
    const std::size_t connected = server.resident_kb();
    join_all(swarm, world, [&](std::size_t i) { return std::vector{i % 1'000}; });
    swarm.run(1s, [] { return false; });
    const auto users = static_cast<double>(world.tokens.size());
    fmt::print(
        "idle: {} connections: {:.2f} KB each signed in, {:.2f} KB each joined to a room ({} "
        "lost)\n",
        world.tokens.size(),
        static_cast<double>(connected - before) / users,
        static_cast<double>(server.resident_kb() - before) / users,
        swarm.lost()
    );
}

void fan_out(const PrivateContent& database, const World& world, std::size_t members) {
    PrivateServer server{database};
    Swarm swarm{server.port()};
    swarm.connect(
        {world.tokens.begin(), world.tokens.begin() + static_cast<std::ptrdiff_t>(members)}
    );
    join_all(swarm, world, [](std::size_t) { return std::vector<std::size_t>{0}; });
    for (const std::size_t under_way : {std::size_t{1}, std::size_t{16}, std::size_t{100}}) {
        const std::size_t total = std::min<std::size_t>(2'000'000 / members, under_way * 100);
        const double cpu = server.cpu_seconds();
        const auto deliveries = static_cast<std::uint64_t>(total * members);
        const double took = send_many(
            swarm,
            world,
            total,
            under_way,
            [](std::size_t) { return std::size_t{0}; },
            [&](std::size_t i) { return i % members; },
            deliveries
        );
        const double million = static_cast<double>(deliveries) / 1e6;
        fmt::print(
            "fan-out: room of {}, {} under way: {:.0f} messages/s, {:.0f} deliveries/s, "
            "{:.2f} server CPU-s per million\n",
            members,
            under_way,
            static_cast<double>(total) / took,
            static_cast<double>(deliveries) / took,
            (server.cpu_seconds() - cpu) / million
        );
    }
}

void many_rooms(const PrivateContent& database, const World& world) {
    constexpr std::size_t rooms = 1'000;
    constexpr std::size_t users = 10'000;
    constexpr std::size_t total = 60'000;
    PrivateServer server{database};
    Swarm swarm{server.port()};
    swarm.connect({world.tokens.begin(), world.tokens.begin() + users});
    join_all(swarm, world, [](std::size_t i) { return std::vector{i % rooms, (i + 500) % rooms}; });
    const double cpu = server.cpu_seconds();
    const double took = send_many(
        swarm,
        world,
        total,
        1'000,
        [](std::size_t i) { return i * 7 % rooms; },
        [](std::size_t i) { return i * 7 % rooms; },
        total * 20
    );
    fmt::print(
        "rooms: {} of 20, {} users: {:.0f} durable messages/s, {:.0f} deliveries/s, server {:.2f} "
        "cores\n",
        rooms,
        users,
        static_cast<double>(total) / took,
        static_cast<double>(total) * 20 / took,
        (server.cpu_seconds() - cpu) / took
    );
}

void latency(const PrivateContent& database, const World& world) {
    constexpr std::size_t members = 100;
    PrivateServer server{database};
    Swarm swarm{server.port()};
    swarm.connect({world.tokens.begin(), world.tokens.begin() + members});
    join_all(swarm, world, [](std::size_t) { return std::vector<std::size_t>{1}; });
    paced(
        swarm,
        world,
        50,
        20s,
        [](std::size_t) { return std::size_t{1}; },
        [](std::size_t i) { return i % members; },
        "latency at 50/s into a room of 100"
    );
}

void joins(const PrivateContent& database, const World& world) {
    PrivateServer server{database};
    Swarm swarm{server.port()};
    const auto begun = Clock::now();
    swarm.connect(world.tokens);
    const double connected = seconds_since(begun);
    const double cold =
        join_all(swarm, world, [](std::size_t i) { return std::vector{i % 1'000}; });
    const auto users = static_cast<double>(world.tokens.size());
    fmt::print(
        "joins: {} users into 1000 rooms: {:.0f} sign-ins/s, {:.0f} joins/s\n",
        world.tokens.size(),
        users / connected,
        users / cold
    );
}

/// The published user model at a quarter of its size.
void model(const PrivateContent& database, const World& world) {
    const std::size_t users = world.tokens.size();
    PrivateServer server{database};
    Swarm swarm{server.port()};
    swarm.connect(world.tokens);
    // 8000 rooms of 30, 267 of 150, 2 of 16000.
    std::vector<std::vector<std::size_t>> rooms_of(users);
    std::vector<std::vector<std::size_t>> members(8'269);
    std::mt19937 random{1};
    const auto fill = [&](std::size_t room, std::size_t count) {
        const std::size_t first = random() % users;
        for (std::size_t i = 0; i < count; ++i) {
            const std::size_t user = (first + i * 7919) % users;
            rooms_of[user].push_back(room);
            members[room].push_back(user);
        }
    };
    for (std::size_t room = 0; room < 8'269; ++room)
        fill(room, room < 8'000 ? 30 : room < 8'267 ? 150 : std::min<std::size_t>(16'000, users));
    const double took = join_all(swarm, world, [&](std::size_t i) { return rooms_of[i]; });
    swarm.run(3s, [] { return false; });
    const double cpu = server.cpu_seconds();
    const auto room_of = [](std::size_t i) {
        // 22.22 to 1.67 to 0.15 messages a second.
        const std::size_t dice = i * 7919 % 2404;
        return dice < 2'222 ? i * 31 % 8'000 : dice < 2'389 ? 8'000 + i % 267 : 8'267 + i % 2;
    };
    paced(
        swarm,
        world,
        6,
        60s,
        room_of,
        [&](std::size_t i) { return members[room_of(i)][0]; },
        "model at a quarter"
    );
    fmt::print(
        "model: {} users joined 8269 rooms in {:.1f} s; CPU {:.1f} % of a core, {:.1f} KB a user\n",
        users,
        took,
        (server.cpu_seconds() - cpu) / 60 * 100,
        static_cast<double>(server.resident_kb()) / static_cast<double>(users)
    );
}

void last_50(PrivateContent& database, const World& world) {
    for (const std::int64_t length : {10'000, 100'000, 1'000'000}) {
        fill_room(database.content(), world, 2, length == 10'000 ? 10'000 : length / 10 * 9);
        PrivateServer server{database};
        Swarm swarm{server.port()};
        swarm.connect({world.tokens[0]});
        Latencies took;
        std::int64_t asked = 0;
        std::size_t answers = 0;
        std::size_t messages = 0;
        swarm.on_frame(
            [&](Swarm::Peer&, std::string_view text) {
                took.add(nanoseconds() - asked);
                for (std::size_t at = text.find("\"seq\":"); at != std::string_view::npos;
                     at = text.find("\"seq\":", at + 1))
                    ++messages;
                ++answers;
            },
            false
        );
        for (std::size_t i = 0; i < 3'000; ++i) {
            asked = nanoseconds();
            // Not the very last ones, which are in memory.
            swarm.send(
                swarm.peers()[0],
                fmt::format(
                    R"({{"type":"history","id":"h","room":"{}","before":{},"limit":50}})",
                    world.room_uuids[2],
                    length - static_cast<std::int64_t>(i % 1'000)
                )
            );
            swarm.run(5s, [&] { return answers > i; });
        }
        fmt::print(
            "last 50 of {}: p50 {:.2f} p99 {:.2f} ms, {} messages each\n",
            length,
            took.at(0.5),
            took.at(0.99),
            messages / answers
        );
    }
}

/// In a database of its own: the checker wants to know every message.
void kills(const std::string& engine) {
    PrivateContent database{engine};
    KillPlan plan;
    plan.kills = 200;
    const World world = make_world(database.content(), plan.clients, plan.rooms);
    PrivateServer server{database};
    const auto begun = Clock::now();
    const KillReport report = kill_under_load(server, database.content(), world, plan);
    for (const std::string& fault : report.faults)
        fmt::print("  FAULT: {}\n", fault);
    fmt::print(
        "kills: {} in {:.0f} s: {} acknowledged, {} stored, {} sent again, {} sessions, {} "
        "faults\n",
        plan.kills,
        seconds_since(begun),
        report.acknowledged,
        report.stored,
        report.sent_again,
        report.sessions,
        report.faults.size()
    );
}

int run(const std::string& engine, const std::vector<std::string>& scenarios) {
    PrivateContent database{engine};
    const auto begun = Clock::now();
    const World world = make_world(database.content(), 19'000, 8'300);
    fmt::print("{}: world made in {:.1f} s\n", engine, seconds_since(begun));
    const std::map<std::string, std::function<void()>> known{
        {"idle", [&] { idle(database, world); }},
        {"fan-out-1000", [&] { fan_out(database, world, 1'000); }},
        {"fan-out-5000", [&] { fan_out(database, world, 5'000); }},
        {"rooms", [&] { many_rooms(database, world); }},
        {"latency", [&] { latency(database, world); }},
        {"joins", [&] { joins(database, world); }},
        {"model", [&] { model(database, world); }},
        {"last-50", [&] { last_50(database, world); }},
        {"kills", [&] { kills(engine); }},
    };
    for (const std::string& scenario : scenarios) {
        const auto found = known.find(scenario);
        if (found == known.end()) {
            std::cerr << "bench: no scenario '" << scenario << "'\n";
            return 2;
        }
        found->second();
        std::cout << std::flush;
    }
    return 0;
}

}  // namespace
}  // namespace pchat::bench

int main(int argc, char** argv) {
    if (argc < 3) {
        std::cerr << "usage: bench_chat sqlite|postgresql SCENARIO...\n";
        return 2;
    }
    return pchat::bench::run(argv[1], {argv + 2, argv + argc});
}
