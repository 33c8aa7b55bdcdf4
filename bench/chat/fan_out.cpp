// SPDX-License-Identifier: Apache-2.0
#include "bench/chat/floor.h"
#include "bench/chat/load.h"
#include "bench/chat/scenarios.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ctime>
#include <memory>

namespace pchat::bench {
using namespace pchat::test;

namespace {

struct Cost {
    double per_second = 0;
    double cpu_per_million = 0;
};

Cost cost_of(double deliveries, double seconds, double cpu) {
    return {deliveries / seconds, cpu / deliveries * 1e6};
}

Cost ours(
    Swarm& swarm,
    const World& world,
    const PrivateServer& server,
    std::size_t members,
    std::size_t under_way
) {
    Stream stream;
    stream.total = std::min<std::size_t>(2'000'000 / members, under_way * 100);
    stream.under_way = under_way;
    stream.one_by_one = under_way == 1;
    stream.room_of = [](std::size_t) { return std::size_t{0}; };
    stream.sender_of = [members](std::size_t i) { return i % members; };
    stream.receivers = members;
    if (stream.one_by_one)
        stream.total = std::max<std::size_t>(200, 1'000'000 / members);
    const double cpu = server.cpu_seconds();
    const double took = send_many(swarm, world, stream);
    return cost_of(static_cast<double>(stream.total * members), took, server.cpu_seconds() - cpu);
}

/// What the engine's own commits take of this process, one message each.
double bare_commit_cpu(Scene& scene) {
    constexpr int commits = 1'000;
    const std::unique_ptr<Bare> bare = scene.bare();
    Feed feed{77};
    const RoomId room{scene.id_of_room(2)};
    const std::clock_t before = std::clock();
    for (int i = 0; i < commits; ++i) {
        Group& one = feed.next(1);
        one.messages[0].room = room;
        one.outbox.clear();
        bare->commit(one);
    }
    return static_cast<double>(std::clock() - before) / CLOCKS_PER_SEC / commits;
}

void print(std::size_t members, std::string_view what, const Cost& cost) {
    fmt::print(
        "fan-out: room of {}, {}: {:.0f} deliveries/s, {:.2f} server CPU-s per million\n",
        members,
        what,
        cost.per_second,
        cost.cpu_per_million
    );
}

}  // namespace

void fan_out(Scene& scene, std::size_t members) {
    constexpr std::size_t million = 1'000'000;
    Cost single;
    {
        PrivateServer server{scene.database};
        Swarm swarm{server.port()};
        swarm.connect(tokens_of(scene.world, members));
        join_all(swarm, scene.world, [](std::size_t) { return std::vector<std::size_t>{0}; });
        single = ours(swarm, scene.world, server, members, 1);
        print(members, "one after the other", single);
        for (const std::size_t under_way : {std::size_t{16}, std::size_t{100}})
            print(
                members,
                fmt::format("{} under way", under_way),
                ours(swarm, scene.world, server, members, under_way)
            );
    }
    for (const std::size_t gather : {std::size_t{1}, std::size_t{4}, std::size_t{10}}) {
        const std::size_t messages = million / members * gather;
        const FloorFigures floor = fan_out_floor(members, gather, messages);
        const Cost cost =
            cost_of(static_cast<double>(messages * members), floor.seconds, floor.cpu);
        print(members, fmt::format("the floor, {} in one write", gather), cost);
        if (gather != 1)
            continue;
        const double commit = bare_commit_cpu(scene);
        fmt::print(
            "fan-out: room of {}: {:.2f} times the floor at one message in one write; with the "
            "{:.2f} CPU-ms of a bare commit {:.2f} times\n",
            members,
            single.cpu_per_million / cost.cpu_per_million,
            commit * 1e3,
            single.cpu_per_million /
                (cost.cpu_per_million + commit / static_cast<double>(members) * 1e6)
        );
    }
}

void many_rooms(Scene& scene) {
    constexpr std::size_t rooms = 1'000;
    constexpr std::size_t users = 10'000;
    constexpr std::size_t total = 60'000;
    const auto room_of = [](std::size_t i) { return i * 7 % rooms; };
    const auto rooms_of = [](std::size_t i) { return std::vector{i % rooms, (i + 500) % rooms}; };
    double rate = 0;
    {
        PrivateServer server{scene.database};
        Swarm swarm{server.port()};
        swarm.connect(tokens_of(scene.world, users));
        join_all(swarm, scene.world, rooms_of);
        Stream stream;
        stream.total = total;
        stream.under_way = 1'000;
        stream.room_of = stream.sender_of = room_of;
        stream.receivers = 20;
        const double cpu = server.cpu_seconds();
        const double took = send_many(swarm, scene.world, stream);
        rate = total / took;
        fmt::print(
            "rooms: {} of 20, {} users: {:.0f} durable messages/s, {:.0f} deliveries/s, server "
            "{:.2f} cores\n",
            rooms,
            users,
            rate,
            rate * 20,
            (server.cpu_seconds() - cpu) / took
        );
    }
    BarePlan plan;
    plan.rooms_of = rooms_of;
    plan.store = [&scene] { return scene.bare(); };
    plan.first_room = scene.id_of_room(0);
    const double floor = total / rooms_floor(plan, users, total, 1'000, room_of);
    fmt::print(
        "rooms: the floor: {:.0f} durable messages/s; ours {:.2f} of it\n", floor, rate / floor
    );
}

}  // namespace pchat::bench
