// SPDX-License-Identifier: Apache-2.0
#include "bench/chat/floor.h"
#include "bench/chat/load.h"
#include "bench/chat/scenarios.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <fstream>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>

namespace pchat::bench {
using namespace pchat::test;

using namespace std::chrono_literals;

namespace {

/// One message in a commit, as often and as long as the messages come: what the disk takes.
Latencies bare_commits(Scene& scene, std::size_t room, double per_second, int count) {
    const std::unique_ptr<Bare> bare = scene.bare();
    Feed feed{77};
    Latencies out;
    const auto begun = Clock::now();
    const RoomId id{scene.id_of_room(room)};
    for (int i = 0; i < count; ++i) {
        Group& one = feed.next(1);
        one.messages[0].room = id;
        one.outbox.clear();
        std::this_thread::sleep_until(
            begun + std::chrono::duration_cast<Clock::duration>(
                        std::chrono::duration<double>(i / per_second)
                    )
        );
        const std::int64_t at = nanoseconds();
        bare->commit(one);
        out.add(nanoseconds() - at);
    }
    return out;
}

}  // namespace

void latency(Scene& scene) {
    constexpr std::size_t members = 100;
    constexpr double per_second = 50;
    // Around and not beside it: the disk would have to serve both.
    Latencies disk = bare_commits(scene, 2, per_second, 500);
    Delays delays;
    {
        PrivateServer server{scene.database};
        Swarm swarm{server.port()};
        swarm.connect(tokens_of(scene.world, members));
        join_all(swarm, scene.world, [](std::size_t) { return std::vector<std::size_t>{1}; });
        Pace pace = pace_into(scene.world, 1, members);
        pace.per_second = per_second;
        pace.length = 20s;
        settle_disk();
        delays = send_paced(swarm, pace);
    }
    for (const std::int64_t one : bare_commits(scene, 2, per_second, 500).values)
        disk.add(one);
    fmt::print(
        "latency at {}/s into a room of {}: answer p50 {:.2f} p99 {:.2f} ms; delivery p50 {:.2f} "
        "p99 {:.2f} max {:.2f} ms; to the last receiver p50 {:.2f} p99 {:.2f} ms\n",
        per_second,
        members,
        delays.answers.at(0.5),
        delays.answers.at(0.99),
        delays.deliveries.at(0.5),
        delays.deliveries.at(0.99),
        delays.deliveries.at(1),
        delays.messages.at(0.5),
        delays.messages.at(0.99)
    );
    fmt::print(
        "latency: the engine's bare commit p50 {:.2f} p99 {:.2f} ms; deliveries are {:.2f} and "
        "{:.2f} ms on top of it\n",
        disk.at(0.5),
        disk.at(0.99),
        delays.deliveries.at(0.5) - disk.at(0.5),
        delays.deliveries.at(0.99) - disk.at(0.99)
    );
}

namespace {

// The published user model at a quarter of its size: how many rooms of which size, and the messages
// a second in all rooms of a size.
struct RoomKind {
    std::size_t rooms;
    std::size_t members;
    double per_second;
};
constexpr std::array<RoomKind, 3> kinds{{{8'000, 30, 22.22}, {267, 150, 1.67}, {2, 16'000, 0.15}}};

std::size_t first_room(std::size_t kind) {
    std::size_t out = 0;
    for (std::size_t i = 0; i < kind; ++i)
        out += kinds[i].rooms;
    return out;
}

/// The kinds in turn, each as often as its share says, however short the run.
std::vector<std::size_t> schedule(std::size_t messages) {
    double sum = 0;
    for (const RoomKind& kind : kinds)
        sum += kind.per_second;
    std::array<double, kinds.size()> due{};
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < messages; ++i) {
        for (std::size_t kind = 0; kind < kinds.size(); ++kind)
            due[kind] += kinds[kind].per_second / sum;
        const auto next =
            static_cast<std::size_t>(std::max_element(due.begin(), due.end()) - due.begin());
        due[next] -= 1;
        out.push_back(next);
    }
    return out;
}

struct Places {
    std::vector<std::vector<std::size_t>> rooms_of;  // a user
    std::vector<std::vector<std::size_t>> members;   // of a room
};

Places spread(std::size_t users) {
    Places out;
    out.rooms_of.resize(users);
    std::mt19937 random{1};
    for (const RoomKind& kind : kinds)
        for (std::size_t i = 0; i < kind.rooms; ++i) {
            const std::size_t first = random() % users;
            auto& members = out.members.emplace_back();
            for (std::size_t m = 0; m < std::min(kind.members, users); ++m) {
                members.push_back((first + m * 7919) % users);
                out.rooms_of[members.back()].push_back(out.members.size() - 1);
            }
        }
    return out;
}

void print(const char* what, Latencies& list) {
    fmt::print(
        "model: {}: {} messages, to the last receiver {}\n", what, list.values.size(), list.text()
    );
}

/// When they were sent: a rhythm in it is somebody's clock, and the same moments in two runs are
/// those beside the messages to 16,000, 26.7 seconds apart.
void print_slowest(std::vector<Delays::Message> all, std::size_t count) {
    if (all.empty())
        return;
    const std::int64_t begin = all.front().at;
    std::erase_if(all, [](const Delays::Message& one) { return one.kind != 0; });
    count = std::min(count, all.size());
    std::partial_sort(
        all.begin(),
        all.begin() + static_cast<std::ptrdiff_t>(count),
        all.end(),
        [](const Delays::Message& a, const Delays::Message& b) { return a.last > b.last; }
    );
    fmt::print("model: the slowest into rooms of 30, second sent: answer, last receiver in ms:");
    for (std::size_t i = 0; i < count; ++i)
        fmt::print(
            " {:.2f}: {:.2f}, {:.2f};",
            static_cast<double>(all[i].at - begin) / 1e9,
            static_cast<double>(all[i].answer) / 1e6,
            static_cast<double>(all[i].last) / 1e6
        );
    fmt::print("\n");
}

void print(Delays& delays) {
    for (auto& [kind, delay] : delays.kinds)
        print(fmt::format("rooms of {}", kinds[kind].members).c_str(), delay.messages);
    print_slowest(delays.all, 8);
}

/// Seconds for which the host had our cores do something else.
double stolen_seconds() {
    std::ifstream file{"/proc/stat"};
    std::string cpu;
    std::array<double, 8> ticks{};  // user nice system idle iowait irq softirq steal
    file >> cpu;
    for (double& one : ticks)
        file >> one;
    return ticks.back() / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

/// At a moment when nothing else that we know of is under way.
Delays send_in_peace(const char* whom, const std::function<Delays()>& send) {
    settle_disk();
    const double before = stolen_seconds();
    const auto begun = Clock::now();
    Delays out = send();
    fmt::print(
        "model: {}; the host took {:.2f} % of a core meanwhile\n",
        whom,
        (stolen_seconds() - before) / seconds_since(begun) * 100
    );
    return out;
}

}  // namespace

void model(Scene& scene) {
    constexpr std::chrono::seconds length = 120s;
    constexpr double per_second = 6;
    const std::size_t users = scene.world.tokens.size();
    const Places places = spread(users);
    auto running = std::make_unique<PrivateServer>(scene.database);
    PrivateServer& server = *running;
    Swarm swarm{server.port()};
    swarm.connect(scene.world.tokens);
    const double took =
        join_all(swarm, scene.world, [&](std::size_t i) { return places.rooms_of[i]; });
    swarm.run(3s, [] { return false; });
    const double idle = server.cpu_seconds();
    swarm.run(10s, [] { return false; });
    const double cpu = server.cpu_seconds();
    const std::vector<std::size_t> kind_of =
        schedule(static_cast<std::size_t>(per_second * length.count()) + 100);
    Pace pace;
    pace.per_second = per_second;
    pace.length = length;
    pace.room_of = [&](std::size_t i) {
        return first_room(kind_of[i]) + i * 31 % kinds[kind_of[i]].rooms;
    };
    pace.sender_of = [&](std::size_t i) { return places.members[pace.room_of(i)][0]; };
    pace.kind_of = [&](std::size_t i) { return kind_of[i]; };
    pace.receivers_of = [&](std::size_t room) { return places.members[room].size(); };
    pace.text_of = requests_to(scene.world);
    Delays delays = send_in_peace("ours", [&] { return send_paced(swarm, pace); });
    const auto seconds = static_cast<double>(length.count());
    fmt::print(
        "model: {} users joined {} rooms in {:.1f} s; CPU {:.1f} % of a core, {:.1f} % of it "
        "without messages; {:.1f} KB a user; answer p50 {:.2f} p99 {:.2f} ms; delivery p50 {:.2f} "
        "p99 {:.2f} ms\n",
        users,
        places.members.size(),
        took,
        (server.cpu_seconds() - cpu) / seconds * 100,
        (cpu - idle) * 10,
        static_cast<double>(server.resident_kb()) / static_cast<double>(users),
        delays.answers.at(0.5),
        delays.answers.at(0.99),
        delays.deliveries.at(0.5),
        delays.deliveries.at(0.99)
    );
    print("all", delays.messages);
    print(delays);
    swarm.disconnect();
    running.reset();
    BarePlan plan;
    plan.rooms_of = [&places](std::size_t i) { return places.rooms_of[i]; };
    plan.store = [&scene] { return scene.bare(); };
    plan.first_room = scene.id_of_room(0);
    Delays floor = send_in_peace("the floor, the same rooms at the same pace", [&] {
        return paced_floor(plan, users, pace);
    });
    print(floor);
    fmt::print(
        "model: rooms of 30: {:.2f} and {:.2f} times the floor's p50 and p99\n",
        delays.kinds[0].messages.at(0.5) / floor.kinds[0].messages.at(0.5),
        delays.kinds[0].messages.at(0.99) / floor.kinds[0].messages.at(0.99)
    );
}

}  // namespace pchat::bench
