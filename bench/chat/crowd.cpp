// SPDX-License-Identifier: Apache-2.0
#include "bench/chat/load.h"
#include "bench/chat/scenarios.h"

#include <fmt/format.h>

namespace pchat::bench {
using namespace pchat::test;

using namespace std::chrono_literals;

void idle(Scene& scene) {
    PrivateServer server{scene.database};
    const std::size_t before = server.resident_kb();
    Swarm swarm{server.port()};
    swarm.connect(scene.world.tokens);
    const std::size_t connected = server.resident_kb();
    join_all(swarm, scene.world, [](std::size_t i) { return std::vector{i % 1'000}; });
    swarm.run(1s, [] { return false; });
    const std::size_t joined = server.resident_kb();
    const double cpu = server.cpu_seconds();
    swarm.run(10s, [] { return false; });
    const auto users = static_cast<double>(scene.world.tokens.size());
    fmt::print(
        "idle: {} connections: {:.2f} KB each signed in, {:.2f} KB each joined to a room ({} "
        "lost); doing nothing costs {:.2f} % of a core\n",
        scene.world.tokens.size(),
        static_cast<double>(connected - before) / users,
        static_cast<double>(joined - before) / users,
        swarm.lost(),
        (server.cpu_seconds() - cpu) * 10
    );
}

void joins(Scene& scene) {
    constexpr std::size_t rooms = 1'000;
    constexpr std::size_t first = 4'000;
    constexpr std::int64_t stored = 30;
    write_history(scene.database.content(), scene.world, {first, rooms, stored});
    PrivateServer server{scene.database};
    Swarm swarm{server.port()};
    swarm.connect(scene.world.tokens);
    const double cpu = server.cpu_seconds();
    const std::uint64_t bytes = swarm.bytes();
    const double took =
        join_all(swarm, scene.world, [](std::size_t i) { return std::vector{first + i % rooms}; });
    const auto users = static_cast<double>(scene.world.tokens.size());
    fmt::print(
        "joins: {} users into {} rooms of {} stored messages: {:.0f} joins/s, {:.1f} KB an answer, "
        "server {:.2f} cores\n",
        scene.world.tokens.size(),
        rooms,
        stored,
        users / took,
        static_cast<double>(swarm.bytes() - bytes) / users / 1024,
        (server.cpu_seconds() - cpu) / took
    );
}

}  // namespace pchat::bench
