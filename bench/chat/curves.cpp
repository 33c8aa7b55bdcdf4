// SPDX-License-Identifier: Apache-2.0
#include "bench/chat/load.h"
#include "bench/chat/scenarios.h"

#include <fmt/format.h>

#include <array>

namespace pchat::bench {
using namespace pchat::test;

using namespace std::chrono_literals;

namespace {

constexpr std::size_t members = 100;

/// Joins and sends in one room; the figures that must not depend on what else is stored.
void print_costs(
    const std::string& what, const PrivateContent& database, const World& world, std::size_t room
) {
    const auto begun = Clock::now();
    PrivateServer server{database};
    const double ready = seconds_since(begun);
    Swarm swarm{server.port()};
    swarm.connect(tokens_of(world, members));
    Latencies joining;
    std::size_t answers = 0;
    std::int64_t asked = 0;
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            if (text.find(R"("type":"ok")") == std::string_view::npos)
                return;
            joining.add(nanoseconds() - asked);
            ++answers;
        },
        false
    );
    double cpu = server.cpu_seconds();
    for (std::size_t i = 0; i < members; ++i) {
        asked = nanoseconds();
        swarm.send(swarm.peers()[i], join_text(world.room_uuids[room]));
        swarm.run(5s, [&] { return answers > i; });
    }
    const double join_cpu = server.cpu_seconds() - cpu;
    const double first_join = static_cast<double>(joining.values.front()) / 1e6;
    cpu = server.cpu_seconds();
    Pace pace = pace_into(world, room, members);
    pace.per_second = 100;
    pace.length = 10s;
    Delays delays = send_paced(swarm, pace);
    fmt::print(
        "{}: ready in {:.2f} s, {:.1f} MB; first join {:.2f} ms, join p50 {:.2f} ms {:.2f} CPU-ms; "
        "a message to {} {:.2f} CPU-ms, answer p50 {:.2f} p99 {:.2f} ms, delivery p50 {:.2f} p99 "
        "{:.2f} ms\n",
        what,
        ready,
        static_cast<double>(server.resident_kb()) / 1024,
        first_join,
        joining.at(0.5),
        join_cpu * 1e3 / members,
        members,
        (server.cpu_seconds() - cpu) * 1e3 / static_cast<double>(delays.sent),
        delays.answers.at(0.5),
        delays.answers.at(0.99),
        delays.deliveries.at(0.5),
        delays.deliveries.at(0.99)
    );
    std::fflush(stdout);
}

void print_last_50(Scene& scene, std::size_t room, std::int64_t length) {
    PrivateServer server{scene.database};
    Swarm swarm{server.port()};
    swarm.connect({scene.world.tokens[0]});
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
                scene.world.room_uuids[room],
                length - static_cast<std::int64_t>(i % 1'000)
            )
        );
        swarm.run(5s, [&] { return answers > i; });
    }
    fmt::print(
        "last 50 of {}: p50 {:.2f} p99 {:.2f} max {:.2f} ms ({} messages an answer)\n",
        length,
        took.at(0.5),
        took.at(0.99),
        took.at(1),
        messages / answers
    );
    std::fflush(stdout);
}

}  // namespace

void last_50(Scene& scene) {
    constexpr std::size_t room = 10;
    std::int64_t stored = 0;
    for (const std::int64_t length : {10'000, 100'000, 1'000'000}) {
        write_history(scene.database.content(), scene.world, {room, 1, length - stored});
        stored = length;
        print_last_50(scene, room, length);
    }
}

void history_curve(Scene& scene) {
    std::size_t room = 11;
    for (const std::int64_t length : {1'000, 100'000, 1'000'000}) {
        write_history(scene.database.content(), scene.world, {room, 1, length});
        print_costs(
            fmt::format("a room of {} stored messages", length), scene.database, scene.world, room++
        );
    }
}

void idle_rooms_curve(const std::string& engine) {
    for (const std::size_t rooms : std::array<std::size_t, 3>{1'000, 10'000, 100'000}) {
        PrivateContent database{engine};
        const World world = make_world(database.content(), members, rooms);
        print_costs(fmt::format("a room beside {} idle ones", rooms), database, world, rooms / 2);
    }
}

}  // namespace pchat::bench
