// SPDX-License-Identifier: Apache-2.0
// Users and groups out of a private OpenLDAP. Usage: bench_directory [USERS GROUPS]; 20000 and 2000
// by themselves. See bench/RESULTS.md.
#include "base/time_text.h"
#include "bench/chat/load.h"
#include "tests/support/chat_client.h"
#include "tests/support/ldif.h"
#include "tests/support/private_server.h"
#include "tests/support/swarm.h"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <thread>

namespace pchat::bench {
namespace {

using namespace pchat::test;
using namespace std::chrono_literals;
using Json = nlohmann::json;

constexpr std::size_t members_of_group = 30;
constexpr std::size_t folders = 20;
constexpr std::size_t changes_at_once = 200;
constexpr std::size_t talkers = 100;
constexpr double messages_per_second = 50;

struct Size {
    std::size_t users = 20'000;
    std::size_t groups = 2'000;
};

std::string user(std::size_t i) {
    return fmt::format("user{}", i);
}

std::string folder(std::size_t i) {
    return fmt::format("Folder{}", i % folders);
}

/// Groups in chains of ten, each in the one before it.
std::string content(const Size& size) {
    std::string out = folder_ldif("Groups");
    for (std::size_t i = 0; i < folders; ++i)
        out += folder_ldif(folder(i));
    for (std::size_t i = 0; i < size.users; ++i)
        out += user_ldif(user(i), folder(i));
    for (std::size_t i = 0; i < size.groups; ++i) {
        std::vector<std::string> members;
        for (std::size_t k = 0; k < members_of_group; ++k) {
            const std::size_t one = (i * 7'919 + k * 31) % size.users;
            members.push_back(dn_of(user(one), folder(one)));
        }
        std::sort(members.begin(), members.end());
        members.erase(std::unique(members.begin(), members.end()), members.end());
        if (i % 10 != 9 && i + 1 < size.groups)
            members.push_back(group_dn(fmt::format("group{}", i + 1)));
        out += group_ldif(fmt::format("group{}", i), members);
    }
    return out;
}

/// pchatd.yaml's part about that directory.
std::string settings(const Slapd& slapd, const std::string& folder_of_server) {
    const std::string secret = folder_of_server + "/reader.secret";
    std::ofstream{secret} << Slapd::reader_password << '\n';
    std::filesystem::permissions(
        secret, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write
    );
    return fmt::format(
        "directory: {{ url: \"ldap://127.0.0.1:{}\", baseDn: \"{}\", bindDn: \"{}\", password: "
        "\"file:{}\", intervalMinutes: 1440 }}\n",
        slapd.port(),
        Slapd::root,
        Slapd::reader_dn,
        secret
    );
}

Json status_of(const PrivateServer& server, const World& world) {
    const HttpAnswer answer = http(server.port(), "GET", "/v1/directory", world.admin);
    if (answer.status != 200) {
        std::cerr << "bench: GET /v1/directory: " << answer.text << '\n';
        std::exit(1);
    }
    return answer.body;
}

double seconds_between(const Json& report) {
    const auto begun = parse_time(report.at("started_at").get<std::string>());
    const auto ended = parse_time(report.at("finished_at").get<std::string>());
    return begun && ended ? static_cast<double>(*ended - *begun) * 1e-6 : 0;
}

/// Waits for the run with this number; 0: for any.
Json wait_for_sync(const PrivateServer& server, const World& world, std::int64_t number) {
    for (;;) {
        const Json status = status_of(server, world);
        if (status.contains("problem")) {
            std::cerr << "bench: " << status.at("problem").dump() << '\n';
            std::exit(1);
        }
        const bool ended = status.value("ended", std::int64_t{0}) >= number;
        if (ended && !status.value("running", false) && status.contains("last"))
            return status.at("last");
        std::this_thread::sleep_for(50ms);
    }
}

void print(
    const std::string& what, const Json& report, const PrivateServer& server, double cpu_before
) {
    const auto count = [&](const char* key) { return report.value(key, std::int64_t{0}); };
    fmt::print(
        "{:<28} {:>7.2f} s {:>7.2f} s CPU, {:>4} MB at most; read {:>6}, added {:>6}, changed "
        "{:>4}, "
        "moved {:>4}, removed {:>4}, memberships {:>6} begun {:>6} ended\n",
        what,
        seconds_between(report),
        server.cpu_seconds() - cpu_before,
        server.peak_kb() / 1'000,
        count("read"),
        count("added"),
        count("changed"),
        count("moved"),
        count("removed"),
        count("memberships_begun"),
        count("memberships_ended")
    );
    std::fflush(stdout);
}

void sync(const std::string& what, const PrivateServer& server, const World& world, bool full) {
    const double cpu = server.cpu_seconds();
    const HttpAnswer asked = http(
        server.port(),
        "POST",
        fmt::format("/v1/directory/sync?full={}", full ? "true" : "false"),
        world.admin
    );
    if (asked.status != 202) {
        std::cerr << "bench: POST /v1/directory/sync: " << asked.text << '\n';
        std::exit(1);
    }
    print(
        what, wait_for_sync(server, world, asked.body.value("asked", std::int64_t{0})), server, cpu
    );
}

/// Each kind of change for users of its own.
std::string changes(
    const Size& size, std::size_t kind, const std::function<std::string(std::size_t)>& one
) {
    std::string out;
    const std::size_t count = std::min(changes_at_once, size.users / 5);
    for (std::size_t i = 0; i < count; ++i)
        out += one(kind * count + i);
    return out;
}

void synchronize(const Slapd& slapd, const Size& size) {
    PrivateContent database{"sqlite"};
    const World world = make_world(database.content(), 1, 1);
    ServerOptions options;
    options.more = settings(slapd, database.folder());
    PrivateServer server{database, options};
    print("first", wait_for_sync(server, world, 0), server, 0);
    sync("nothing has changed", server, world, false);
    sync("everything is read again", server, world, true);
    const auto dn = [](std::size_t i) { return dn_of(user(i), folder(i)); };
    slapd.modify(changes(size, 0, [&](std::size_t i) {
        return replace(dn(i), "displayName", fmt::format("Another {}", i));
    }));
    sync(fmt::format("{} changed", changes_at_once), server, world, false);
    slapd.modify(changes(size, 1, [&](std::size_t i) {
        return rename(dn(i), fmt::format("uid=renamed{}", i)) +
               replace(
                   dn_of(fmt::format("renamed{}", i), folder(i)),
                   "mail",
                   fmt::format("renamed{}@contoso.example", i)
               );
    }));
    sync(fmt::format("{} renamed", changes_at_once), server, world, false);
    slapd.modify(changes(size, 2, [&](std::size_t i) {
        return rename(dn(i), "uid=" + user(i), fmt::format("ou={},{}", folder(i + 1), Slapd::root));
    }));
    sync(fmt::format("{} moved", changes_at_once), server, world, false);
    slapd.modify(changes(size, 3, [&](std::size_t i) { return remove(dn(i)); }));
    sync(fmt::format("{} removed", changes_at_once), server, world, false);
    slapd.modify(rename(fmt::format("ou={},{}", folder(0), Slapd::root), "ou=Renamed"));
    sync("a folder renamed", server, world, false);
}

/// People talk for as long as `more` says so.
Delays talk(const PrivateServer& server, const World& world, const std::function<bool()>& more) {
    Swarm swarm{server.port()};
    swarm.connect(tokens_of(world, talkers));
    join_all(swarm, world, [](std::size_t) { return std::vector<std::size_t>{0}; });
    Pace pace = pace_into(world, 0, talkers);
    pace.per_second = messages_per_second;
    pace.length = 2s;
    Delays all;
    do {
        const Delays part = send_paced(swarm, pace);
        for (const std::int64_t one : part.answers.values)
            all.answers.add(one);
        for (const std::int64_t one : part.deliveries.values)
            all.deliveries.add(one);
    } while (more());
    return all;
}

double print_talk(const char* what, Delays delays) {
    fmt::print(
        "chat, {:<22} {:>6} messages: answer p50 {:.2f} p99 {:.2f} ms, delivery p50 {:.2f} p99 "
        "{:.2f} max {:.2f} ms\n",
        what,
        delays.answers.values.size(),
        delays.answers.at(0.5),
        delays.answers.at(0.99),
        delays.deliveries.at(0.5),
        delays.deliveries.at(0.99),
        delays.deliveries.at(1)
    );
    std::fflush(stdout);
    return delays.deliveries.at(0.99);
}

void talk_beside(const Slapd& slapd) {
    PrivateContent database{"sqlite"};
    const World world = make_world(database.content(), talkers, 1);
    double quiet = 0;
    {
        const PrivateServer server{database};
        const auto begun = Clock::now();
        quiet = print_talk("quiet", talk(server, world, [&] { return seconds_since(begun) < 20; }));
    }
    ServerOptions options;
    options.more = settings(slapd, database.folder());
    const PrivateServer server{database, options};
    const auto still_at_it = [&] { return !status_of(server, world).contains("last"); };
    const double beside = print_talk("beside the first sync", talk(server, world, still_at_it));
    fmt::print("chat: p99 of deliveries {:.1f} times the quiet one (goal: 2)\n", beside / quiet);
}

}  // namespace
}  // namespace pchat::bench

int main(int argc, char** argv) {
    using namespace pchat::bench;
    Size size;
    if (argc == 3)
        size = {std::strtoul(argv[1], nullptr, 10), std::strtoul(argv[2], nullptr, 10)};
    if ((argc != 1 && argc != 3) || size.users < 100 || size.groups < 1) {
        std::cerr << "usage: bench_directory [USERS GROUPS], 100 and 1 at least\n";
        return 2;
    }
    const auto begun = Clock::now();
    const auto slapd = pchat::test::Slapd::start({.ldif = content(size)});
    if (!slapd)
        return 1;
    fmt::print(
        "slapd: {} users, {} groups, loaded in {:.1f} s\n",
        size.users,
        size.groups,
        seconds_since(begun)
    );
    talk_beside(*slapd);
    synchronize(*slapd, size);
    return 0;
}
