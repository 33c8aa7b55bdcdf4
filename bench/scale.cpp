// SPDX-License-Identifier: Apache-2.0
// A server with as much content as the published user model has. Usage: bench_scale [SHARE]; 1 is
// the whole model. See bench/RESULTS.md.
#include "bench/large_world.h"
#include "server/service/directory.h"
#include "tests/support/private_server.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <random>
#include <string>
#include <vector>

namespace pchat::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t persons = 2'000;
constexpr std::size_t decisions = 5'000'000;
constexpr int rounds = 5;
constexpr int rooms_to_create = 100;

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

/// Of this thread: what else the machine does is not counted.
double cpu_seconds() {
    timespec time{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

/// The median, and from where to where.
std::string figures(std::vector<double> values, const char* format) {
    std::sort(values.begin(), values.end());
    return fmt::format(
        "{} ({}-{})",
        fmt::format(fmt::runtime(format), values[values.size() / 2]),
        fmt::format(fmt::runtime(format), values.front()),
        fmt::format(fmt::runtime(format), values.back())
    );
}

/// Random people ask about random rooms, as sessions do: a person is made up once and asked about
/// often.
void decide(const DirectoryState& state) {
    std::vector<PrincipalId> users;
    std::vector<const KnownRoom*> rooms;
    state.each_principal([&](const KnownPrincipal& one) {
        if (one.kind == PrincipalKind::user)
            users.push_back(one.id);
    });
    state.each_room([&](const KnownRoom& room) { rooms.push_back(&room); });
    std::mt19937_64 random{2};
    std::shuffle(users.begin(), users.end(), random);
    std::shuffle(rooms.begin(), rooms.end(), random);
    std::vector<double> making;
    std::vector<double> deciding;
    std::size_t let_in = 0;
    for (int round = 0; round < rounds; ++round) {
        double begun = cpu_seconds();
        std::vector<Person> asking;
        for (std::size_t i = 0; i < std::min(persons, users.size()); ++i)
            asking.push_back(state.person(users[i]));
        making.push_back(static_cast<double>(asking.size()) / (cpu_seconds() - begun));
        begun = cpu_seconds();
        for (std::size_t i = 0; i < decisions; ++i) {
            const KnownRoom& room = *rooms[(i * 7'919) % rooms.size()];
            let_in += state.rights(asking[i % asking.size()], room).has(Right::join) ? 1U : 0U;
        }
        deciding.push_back(static_cast<double>(decisions) / (cpu_seconds() - begun));
    }
    fmt::print(
        "decisions on one core: {} a second, {:.2f} % let in; people made up: {} a second\n",
        figures(deciding, "{:.0f}"),
        100.0 * static_cast<double>(let_in) / (rounds * static_cast<double>(decisions)),
        figures(making, "{:.0f}")
    );
}

/// One command as a process: what it took on the clock, and of the processor.
struct Cost {
    double wall = 0;
    double cpu = 0;
};
Cost cost_of(const std::vector<std::string>& words) {
    std::vector<std::string> copies = words;
    std::vector<char*> argv;
    for (std::string& word : copies)
        argv.push_back(word.data());
    argv.push_back(nullptr);
    const int nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    const auto begun = Clock::now();
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(nowhere, STDOUT_FILENO);
        ::execv(argv[0], argv.data());
        ::_exit(127);
    }
    int status = 0;
    rusage used{};
    ::wait4(child, &status, 0, &used);
    const double wall = seconds_since(begun);
    ::close(nowhere);
    if (status != 0) {
        std::cerr << "bench: " << words[1] << " " << words[2] << " failed\n";
        std::exit(1);
    }
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
    };
    return {wall, seconds(used.ru_utime) + seconds(used.ru_stime)};
}

void create_rooms(const test::PrivateServer& server, const LargeWorld& world) {
    const std::string program =
        std::filesystem::read_symlink("/proc/self/exe").parent_path() / "pchatctl";
    ::setenv("PCHATCTL_SERVER", fmt::format("http://127.0.0.1:{}", server.port()).c_str(), 1);
    ::setenv("PCHATCTL_TOKEN", world.admin.c_str(), 1);
    std::vector<double> wall;
    std::vector<double> cpu;
    for (int i = 0; i < rooms_to_create; ++i) {
        const Cost cost = cost_of(
            {program,
             "room",
             "create",
             fmt::format("New room {}", i),
             "--member",
             "sip:user7@bench.example",
             "--manager",
             "sip:user8@bench.example"}
        );
        wall.push_back(1'000 * cost.wall);
        cpu.push_back(1'000 * cost.cpu);
    }
    fmt::print(
        "pchatctl room create: {} ms until it has ended, {} ms of CPU, {} runs\n",
        figures(wall, "{:.1f}"),
        figures(cpu, "{:.1f}"),
        rooms_to_create
    );
}

void run(double share) {
    test::PrivateContent database{"sqlite"};
    auto begun = Clock::now();
    const LargeWorld world = make_large_world(database.content(), share);
    fmt::print(
        "{} users, {} groups, {} rooms, {} entries: written in {:.1f} s, {} MB\n",
        world.users,
        world.groups,
        world.rooms,
        world.entries,
        seconds_since(begun),
        std::filesystem::file_size(database.target().database) / 1'000'000
    );
    {
        Directory directory{Home{"", "bench.example"}};
        begun = Clock::now();
        if (const Result<void> loaded = directory.load(database.content()); !loaded) {
            std::cerr << "bench: " << loaded.error().message << '\n';
            std::exit(1);
        }
        fmt::print("read into memory in {:.2f} s\n", seconds_since(begun));
        directory.read([](const DirectoryState& state) {
            decide(state);
            return 0;
        });
    }
    begun = Clock::now();
    test::PrivateServer server{database};
    const double started = seconds_since(begun);
    fmt::print(
        "pchatd: {:.2f} s until it takes connections, {:.2f} s of CPU, {} MB resident\n",
        started,
        server.cpu_seconds(),
        server.resident_kb() / 1'000
    );
    create_rooms(server, world);
    std::fflush(stdout);
}

}  // namespace
}  // namespace pchat::bench

int main(int argc, char** argv) {
    const double share = argc > 1 ? std::atof(argv[1]) : 1;
    if (argc > 2 || share <= 0 || share > 1) {
        std::cerr << "usage: bench_scale [SHARE], of the model, above 0 to 1\n";
        return 2;
    }
    std::signal(SIGPIPE, SIG_IGN);
    pchat::bench::run(share);
    return 0;
}
