// SPDX-License-Identifier: Apache-2.0
#include "bench/chat/floor.h"

#include "tests/support/swarm.h"

#include <fmt/format.h>

#include <iostream>

namespace pchat::bench {
using namespace pchat::test;

using namespace std::chrono_literals;

namespace {

std::string floor_message(std::size_t room, std::uint64_t number = 0) {
    std::string out = fmt::format(
        R"({{"type":"msg","room":{},"body":"t{:020d}n{:012d})", room, nanoseconds(), number
    );
    out.resize(298, 'x');
    return out + "\"}";
}

std::vector<std::string> numbers(std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(std::to_string(i));
    return out;
}

}  // namespace

FloorFigures fan_out_floor(std::size_t members, std::size_t gather, std::size_t messages) {
    BarePlan plan;
    plan.gather = gather;
    const BareServer server{plan};
    Swarm swarm{server.port()};
    swarm.connect(numbers(members));
    const std::string message = floor_message(0);
    FloorFigures out;
    const double cpu = server.cpu_seconds();
    const auto begun = Clock::now();
    for (std::size_t sent = 0; sent < messages; sent += gather) {
        for (std::size_t i = 0; i < gather; ++i)
            swarm.send(swarm.peers()[sent % members], message);
        const std::uint64_t wanted = (sent + gather) * members;
        if (!swarm.run(30s, [&] { return swarm.messages() >= wanted; })) {
            std::cerr << "bench: the floor lost " << wanted - swarm.messages() << " deliveries\n";
            break;
        }
    }
    out.seconds = seconds_since(begun);
    out.cpu = server.cpu_seconds() - cpu;
    return out;
}

double rooms_floor(
    const BarePlan& plan,
    std::size_t users,
    std::size_t messages,
    std::size_t under_way,
    const Choose& room_of
) {
    constexpr std::size_t receivers = 20;
    const BareServer server{plan};
    Swarm swarm{server.port()};
    swarm.connect(numbers(users));
    std::size_t sent = 0;
    const auto begun = Clock::now();
    const bool done = swarm.run(300s, [&] {
        while (sent < messages && swarm.messages() + under_way * receivers > sent * receivers) {
            const std::size_t room = room_of(sent);
            swarm.send(swarm.peers()[room], floor_message(room));
            ++sent;
        }
        return swarm.messages() >= messages * receivers;
    });
    if (!done)
        std::cerr << "bench: the floor lost deliveries\n";
    return seconds_since(begun);
}

Delays paced_floor(const BarePlan& plan, std::size_t users, Pace pace) {
    const BareServer server{plan};
    Swarm swarm{server.port()};
    swarm.connect(numbers(users));
    pace.text_of = floor_message;
    pace.answered = false;
    return send_paced(swarm, pace);
}

}  // namespace pchat::bench
