// SPDX-License-Identifier: Apache-2.0
// 76,000 users on four servers. Each server's clients live in a process of their own, for one may
// not hold so many sockets.
#include "bench/pool.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace pchat::bench {
namespace {

using namespace pchat::test;
using namespace std::chrono_literals;

constexpr std::size_t servers = 4;
constexpr std::size_t users = 76'000;
constexpr std::chrono::seconds arriving{180};
constexpr std::chrono::seconds talking{120};
constexpr double per_second = 24;

struct RoomKind {
    std::size_t rooms;
    std::size_t members;
    std::size_t share;  // of a hundred messages
};
constexpr std::array<RoomKind, 3> kinds{{{32'000, 30, 92}, {1'068, 150, 7}, {8, 16'000, 1}}};

std::size_t all_rooms() {
    std::size_t out = 0;
    for (const RoomKind& kind : kinds)
        out += kind.rooms;
    return out;
}

/// Who is in which room: the same in every process.
struct Places {
    std::vector<std::vector<std::uint32_t>> rooms_of{users};
    std::vector<std::size_t> first;  // member of a room

    Places() {
        std::mt19937 random{1};
        std::uint32_t room = 0;
        for (const RoomKind& kind : kinds)
            for (std::size_t i = 0; i < kind.rooms; ++i, ++room) {
                first.push_back(random() % users);
                for (std::size_t m = 0; m < kind.members; ++m)
                    rooms_of[(first.back() + m * 7919) % users].push_back(room);
            }
    }
    static std::size_t kind_of(std::size_t room) {
        std::size_t kind = 0;
        for (; room >= kinds[kind].rooms; ++kind)
            room -= kinds[kind].rooms;
        return kind;
    }
};

/// A message's room within its kind is told by its body: "t<nanoseconds>k<kind>".
std::string send_text(const std::string& room, std::size_t kind, std::uint64_t number) {
    return fmt::format(
        R"({{"type":"send","id":"s","room":"{}","key":"c{}","body":"t{:020d}k{}{}"}})",
        room,
        number,
        nanoseconds(),
        kind,
        std::string(80, 'x')
    );
}

/// The clients of one server. What they measured goes through the pipe: for each kind the number of
/// deliveries and their latencies.
class Clients {
public:
    Clients(const World& world, const Places& places, std::size_t server, std::uint16_t port)
        : world_(world), places_(places), server_(server), swarm_(port) {}

    void arrive() {
        std::vector<std::string> tokens;
        for (std::size_t i = server_; i < users; i += servers)
            tokens.push_back(world_.tokens[i]);
        swarm_.on_frame(
            [&](Swarm::Peer&, std::string_view text) {
                answered_ += text.substr(0, 24).find(R"("ok")") != std::string_view::npos ? 1 : 0;
            },
            false
        );
        const auto begun = Clock::now();
        constexpr std::size_t portion = 50;
        for (std::size_t i = 0; i < tokens.size(); i += portion) {
            const std::size_t end = std::min(i + portion, tokens.size());
            swarm_.connect(
                {tokens.begin() + static_cast<std::ptrdiff_t>(i),
                 tokens.begin() + static_cast<std::ptrdiff_t>(end)}
            );
            for (std::size_t k = i; k < end; ++k)
                join(k);
            const auto due = begun + arriving * static_cast<std::int64_t>(end) /
                                         static_cast<std::int64_t>(tokens.size());
            swarm_.run(
                std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now()),
                [] { return false; }
            );
        }
        swarm_.run(60s, [&] { return answered_ >= wanted_; });
    }

    /// Until `end`; sends its share.
    void talk(std::int64_t begin, std::int64_t end) {
        swarm_.on_frame([&](Swarm::Peer&, std::string_view text) { hear(text); }, true);
        std::uint64_t number = 0;
        swarm_.run(std::chrono::milliseconds{(end - nanoseconds()) / 1'000'000}, [&] {
            const double passed = static_cast<double>(nanoseconds() - begin) / 1e9;
            while (static_cast<double>(number) < passed * per_second / servers)
                say(number++);
            return false;
        });
        swarm_.run(3s, [] { return false; });
    }

    void report(int pipe) {
        std::string out = fmt::format("{} {} {}\n", wanted_ - answered_, swarm_.lost(), sent_);
        for (Latencies& one : heard_)
            out += fmt::format(
                "{} {} {} {}\n", one.values.size(), one.at(0.5), one.at(0.99), one.at(1)
            );
        (void)!::write(pipe, out.data(), out.size());
    }
    [[nodiscard]] std::size_t missing() const { return wanted_ - answered_ + swarm_.lost(); }

private:
    void join(std::size_t client) {
        const auto& rooms = places_.rooms_of[client * servers + server_];
        for (const std::uint32_t room : rooms)
            swarm_.send(swarm_.peers()[client], join_text(world_.room_uuids[room]));
        wanted_ += rooms.size();
    }
    void say(std::uint64_t number) {
        // Each server's people speak in turn, in rooms whose first member is one of them.
        for (;;) {
            const std::size_t dice = random_() % 100;
            const std::size_t kind = dice < kinds[0].share                    ? 0
                                     : dice < kinds[0].share + kinds[1].share ? 1
                                                                              : 2;
            std::size_t room = random_() % kinds[kind].rooms;
            for (std::size_t i = 0; i < kind; ++i)
                room += kinds[i].rooms;
            const std::size_t user = places_.first[room];
            if (user % servers != server_)
                continue;
            swarm_.send(
                swarm_.peers()[user / servers],
                send_text(world_.room_uuids[room], kind, number * servers + server_)
            );
            ++sent_;
            return;
        }
    }
    void hear(std::string_view text) {
        const std::int64_t now = nanoseconds();
        const std::size_t body = text.find(R"("body":"t)");
        if (body == std::string_view::npos)
            return;
        std::int64_t at = 0;
        std::from_chars(text.data() + body + 9, text.data() + body + 29, at);
        const auto kind = static_cast<std::size_t>(text[body + 30] - '0');
        if (kind < heard_.size())
            heard_[kind].add(now - at);
    }

    const World& world_;
    const Places& places_;
    std::size_t server_;
    Swarm swarm_;
    std::size_t wanted_ = 0;
    std::size_t answered_ = 0;
    std::size_t sent_ = 0;
    std::array<Latencies, kinds.size()> heard_;
    std::mt19937 random_{7};
};

}  // namespace

void crowd() {
    Pool pool{servers, users, all_rooms()};
    const Places places;
    const std::vector<std::uint16_t> ports = pool.ports();
    const double before = pool.cpu_seconds();
    const std::int64_t begin = nanoseconds();
    // All clients talk at the same time, however long each took to arrive.
    const std::int64_t talk = begin + std::chrono::nanoseconds{arriving + 60s}.count();
    const std::int64_t end = talk + std::chrono::nanoseconds{talking}.count();
    std::array<std::array<int, 2>, servers> pipes{};
    std::vector<pid_t> children;
    for (std::size_t i = 0; i < servers; ++i) {
        if (::pipe(pipes[i].data()) != 0)
            std::exit(1);
        const pid_t child = ::fork();
        if (child == 0) {
            Clients clients{pool.world, places, i, ports[i]};
            clients.arrive();
            std::cerr << fmt::format(
                "clients of server {}: {:.0f} s, {} missing\n",
                i + 1,
                static_cast<double>(nanoseconds() - begin) / 1e9,
                clients.missing()
            );
            clients.talk(std::max(talk, nanoseconds()), end);
            clients.report(pipes[i][1]);
            ::_exit(0);
        }
        ::close(pipes[i][1]);
        children.push_back(child);
    }
    std::this_thread::sleep_until(Clock::time_point{std::chrono::nanoseconds{talk}});
    const double joined = pool.cpu_seconds();
    std::this_thread::sleep_until(Clock::time_point{std::chrono::nanoseconds{end}});
    const double talked = pool.cpu_seconds();
    std::size_t resident = 0;
    for (const auto& server : pool.running)
        resident += server->resident_kb();
    fmt::print(
        "crowd: {} users in {} rooms on {} servers, arriving over {} s: {:.0f} CPU-s; then {:.1f} "
        "% "
        "of a core for servers and bus at {}/s; {:.1f} KB a user\n",
        users,
        all_rooms(),
        servers,
        arriving.count(),
        joined - before,
        (talked - joined) / static_cast<double>(talking.count()) * 100,
        per_second,
        static_cast<double>(resident) / users
    );
    for (std::size_t i = 0; i < servers; ++i) {
        std::string text(4'096, '\0');
        const ssize_t got = ::read(pipes[i][0], text.data(), text.size());
        text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        fmt::print(
            "crowd: server {}: unanswered joins, lost clients, messages sent; then deliveries, "
            "p50, p99 and max in ms for rooms of 30, 150 and 16,000:\n{}",
            i + 1,
            text
        );
        ::close(pipes[i][0]);
        ::waitpid(children[i], nullptr, 0);
    }
}

}  // namespace pchat::bench
