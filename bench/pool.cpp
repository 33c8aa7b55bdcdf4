// SPDX-License-Identifier: Apache-2.0
// Several servers as one pool, over PostgreSQL and a bus. Usage: bench_pool SCENARIO...; see
// bench/RESULTS.md.
#include "bench/pool.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace pchat::bench {

using namespace pchat::test;
using namespace std::chrono_literals;

Pool::Pool(std::size_t servers, std::size_t users, std::size_t rooms)
    : database("postgresql"), world(make_world(database.content(), users, rooms)),
      bus(NatsServer::start()) {
    if (!bus) {
        std::cerr << "bench: nats-server is not installed\n";
        std::exit(1);
    }
    for (std::size_t i = 0; i < servers; ++i) {
        ServerOptions options;
        options.name = fmt::format("pc{}", i + 1);
        options.more = fmt::format(
            "bus: {{ nodes: [ {{ address: 127.0.0.1, port: {} }} ] }}\n", bus->address().port
        );
        running.push_back(std::make_unique<PrivateServer>(database, options));
    }
    std::this_thread::sleep_for(2s);  // until all have found the bus and each other
}

std::vector<std::uint16_t> Pool::ports() const {
    std::vector<std::uint16_t> out;
    for (const auto& server : running)
        out.push_back(server->port());
    return out;
}

double Pool::cpu_seconds() const {
    double out = cpu_seconds_of(bus->pid());
    for (const auto& server : running)
        out += server->cpu_seconds();
    return out;
}

namespace {

constexpr std::size_t members = 20;

void print(const char* what, Latencies& list) {
    fmt::print("latency: {}: {} deliveries, {}\n", what, list.values.size(), list.text());
}

/// Rooms whose people are all at one server, and rooms whose sender is at another one than those
/// who listen.
void latency() {
    constexpr std::size_t servers = 2;
    constexpr std::size_t rooms = 100;  // the second half has its senders elsewhere
    constexpr double per_second = 1'000;
    Pool pool{servers, rooms * members, rooms};
    Swarm swarm{pool.ports()};
    swarm.connect(pool.world.tokens);
    // Client i is at server i % 2: of a room's people those who listen come in steps of two.
    const auto first_of = [](std::size_t room) { return room * members; };
    std::vector<std::vector<std::size_t>> rooms_of(pool.world.tokens.size());
    std::vector<std::size_t> sender(rooms);
    std::vector<std::size_t> listeners(rooms);
    for (std::size_t room = 0; room < rooms; ++room) {
        for (std::size_t m = 0; m < members; m += servers) {
            rooms_of[first_of(room) + m].push_back(room);
            ++listeners[room];
        }
        const bool elsewhere = room >= rooms / 2;
        sender[room] = first_of(room) + (elsewhere ? 1 : 0);
        if (elsewhere) {
            rooms_of[sender[room]].push_back(room);
            ++listeners[room];
        }
    }
    join_all(swarm, pool.world, [&](std::size_t i) { return rooms_of[i]; });
    Pace pace;
    pace.per_second = per_second;
    pace.length = 20s;
    pace.room_of = [](std::size_t i) { return i % rooms; };
    pace.sender_of = [&](std::size_t i) { return sender[i % rooms]; };
    pace.kind_of = [](std::size_t i) {
        return i % rooms < rooms / 2 ? std::size_t{0} : std::size_t{1};
    };
    pace.receivers_of = [&](std::size_t room) { return listeners[room]; };
    pace.text_of = requests_to(pool.world);
    const double cpu = pool.cpu_seconds();
    Delays delays = send_paced(swarm, pace);
    fmt::print(
        "latency: {}/s into {} rooms of {}, {} servers: {:.2f} cores for servers and bus\n",
        per_second,
        rooms,
        members / servers,
        servers,
        (pool.cpu_seconds() - cpu) / 20
    );
    print("at the sender's server", delays.kinds[0].deliveries);
    // The sender gets its own message at its own server: one of eleven.
    print("at another server", delays.kinds[1].deliveries);
    fmt::print(
        "latency: the other server is {:.2f} ms later in the middle and {:.2f} at p99\n",
        delays.kinds[1].deliveries.at(0.5) - delays.kinds[0].deliveries.at(0.5),
        delays.kinds[1].deliveries.at(0.99) - delays.kinds[0].deliveries.at(0.99)
    );
}

/// Durable messages with one, two and four servers. Everybody is spread over all servers.
void growth() {
    constexpr std::size_t rooms = 1'000;
    constexpr std::size_t users = 10'000;
    for (const std::size_t servers : {1U, 2U, 4U}) {
        Pool pool{servers, users, rooms};
        Swarm swarm{pool.ports()};
        swarm.connect(pool.world.tokens);
        std::vector<std::vector<std::size_t>> rooms_of(users);
        for (std::size_t room = 0; room < rooms; ++room)
            for (std::size_t m = 0; m < members; ++m)
                rooms_of[(room * members + m) % users].push_back(room);
        join_all(swarm, pool.world, [&](std::size_t i) { return rooms_of[i]; });
        Stream stream;
        stream.total = 60'000;
        stream.under_way = 2'000;
        stream.room_of = [](std::size_t i) { return i % rooms; };
        stream.sender_of = [](std::size_t i) {
            return (i % rooms * members + i / rooms % members) % users;
        };
        stream.receivers = members;
        const double cpu = pool.cpu_seconds();
        const double took = send_many(swarm, pool.world, stream);
        fmt::print(
            "growth: {} servers: {:.0f} durable messages/s, {:.0f} deliveries/s, {:.2f} cores for "
            "servers and bus\n",
            servers,
            static_cast<double>(stream.total) / took,
            static_cast<double>(stream.total * members) / took,
            (pool.cpu_seconds() - cpu) / took
        );
        std::fflush(stdout);
    }
}

/// One of four servers is killed while people talk: how long until each of its users is in its
/// room again, with all that was said meanwhile.
void loss() {
    constexpr std::size_t servers = 4;
    constexpr std::size_t users = 4'000;
    constexpr std::size_t rooms = 200;
    Pool pool{servers, users, rooms};
    const std::vector<std::uint16_t> ports = pool.ports();
    Swarm swarm{ports};
    swarm.connect(pool.world.tokens);
    join_all(swarm, pool.world, [](std::size_t i) { return std::vector{i / servers % rooms}; });
    // Talk that goes on: by people of the servers that stay.
    std::uint64_t said = 0;
    const auto talk = [&](std::uint64_t until) {
        for (; said < until; ++said)
            swarm.send(
                swarm.peers()[said * servers % users + 1],
                fmt::format(
                    R"({{"type":"send","id":"s","room":"{}","key":"l{}","body":"on and on"}})",
                    pool.world.room_uuids[said % rooms],
                    said
                )
            );
    };
    const auto begun = Clock::now();
    swarm.run(3s, [&] {
        talk(static_cast<std::uint64_t>(seconds_since(begun) * 200));
        return false;
    });
    pool.running[0]->kill9();
    const auto killed = Clock::now();
    // Its users come to the others, each after a moment of its own, as clients do.
    std::vector<std::string> lost;
    for (std::size_t i = 0; i < users; i += servers)
        lost.push_back(pool.world.tokens[i]);
    Swarm back{{ports[1], ports[2], ports[3]}};
    std::vector<double> times(lost.size(), 0);
    std::size_t caught_up = 0;
    back.on_frame(
        [&](Swarm::Peer& peer, std::string_view text) {
            if (text.substr(0, 24).find(R"("welcome")") != std::string_view::npos)
                back.send(
                    peer,
                    fmt::format(
                        R"({{"type":"join","id":"j","room":"{}","since":0}})",
                        pool.world.room_uuids[peer.index % rooms]
                    )
                );
            else if (text.substr(0, 24).find(R"("ok")") != std::string_view::npos) {
                times[peer.index] = seconds_since(killed);
                ++caught_up;
            }
        },
        false
    );
    std::mt19937 random{1};
    std::uniform_real_distribution<double> moment{0, 1'000};
    std::vector<double> jitter(lost.size());
    for (double& one : jitter)
        one = moment(random);
    std::sort(jitter.begin(), jitter.end());
    for (std::size_t i = 0; i < lost.size();) {
        std::vector<std::string> due;
        while (i < lost.size() && jitter[i] <= seconds_since(killed) * 1'000)
            due.push_back(lost[i++]);
        back.connect(due);
        swarm.run(2ms, [&] {
            talk(static_cast<std::uint64_t>(seconds_since(begun) * 200));
            return false;
        });
    }
    back.run(30s, [&] { return caught_up == lost.size(); });
    std::sort(times.begin(), times.end());
    fmt::print(
        "loss: {} of {} users were at the server that was killed; {} are back: in their room and "
        "caught up after {:.2f} s (median), {:.2f} s (all), a second of waiting before they "
        "come among it\n",
        lost.size(),
        users,
        caught_up,
        times[times.size() / 2],
        times.back()
    );
}

}  // namespace
}  // namespace pchat::bench

int main(int argc, char** argv) {
    const std::map<std::string_view, std::function<void()>> known{
        {"latency", pchat::bench::latency},
        {"growth", pchat::bench::growth},
        {"loss", pchat::bench::loss},
        {"crowd", pchat::bench::crowd},
    };
    if (argc < 2) {
        std::cerr << "usage: bench_pool latency|growth|loss|crowd...\n";
        return 2;
    }
    for (int i = 1; i < argc; ++i) {
        const auto found = known.find(argv[i]);
        if (found == known.end()) {
            std::cerr << "bench: no scenario '" << argv[i] << "'\n";
            return 2;
        }
        found->second();
        std::fflush(stdout);
    }
    return 0;
}
