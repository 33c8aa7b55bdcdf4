// SPDX-License-Identifier: Apache-2.0
// The chat server under load. Usage: bench_chat ENGINE SCENARIO...; see bench/RESULTS.md.
#include "bench/chat/load.h"
#include "bench/chat/scenarios.h"
#include "tests/support/kill_run.h"

#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pchat::bench {
using namespace pchat::test;

std::unique_ptr<Bare> Scene::bare() const {
    return engine == "sqlite" ? bare_sqlite(database.target().database)
                              : bare_postgresql(database.target());
}

std::int64_t Scene::id_of_room(std::size_t room) {
    std::int64_t out = 0;
    const Result<void> read =
        database.content().read("looking", [&](ContentTransaction& tx) -> Result<void> {
            const auto found = tx.rooms().find_uuid(world.room_uuids[room]);
            out = found && *found ? (*found)->id.value : 0;
            return {};
        });
    if (!read || out == 0) {
        std::cerr << "bench: room " << room << " is not there\n";
        std::exit(1);
    }
    return out;
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

namespace {

int run(const std::string& engine, const std::vector<std::string>& scenarios) {
    std::optional<Scene> made;
    const auto scene = [&]() -> Scene& {
        if (!made) {
            const auto begun = Clock::now();
            made.emplace(engine);
            made->world = make_world(made->database.content(), 19'000, 8'300);
            fmt::print("{}: world made in {:.1f} s\n", engine, seconds_since(begun));
        }
        return *made;
    };
    const std::map<std::string, std::function<void()>> known{
        {"idle", [&] { idle(scene()); }},
        {"fan-out-1000", [&] { fan_out(scene(), 1'000); }},
        {"fan-out-5000", [&] { fan_out(scene(), 5'000); }},
        {"rooms", [&] { many_rooms(scene()); }},
        {"latency", [&] { latency(scene()); }},
        {"joins", [&] { joins(scene()); }},
        {"model", [&] { model(scene()); }},
        {"last-50", [&] { last_50(scene()); }},
        {"curves",
         [&] {
             history_curve(scene());
             idle_rooms_curve(engine);
         }},
        {"search-1m", [&] { search(engine); }},
        {"kills", [&] { kills(engine); }},
    };
    for (const std::string& scenario : scenarios) {
        const auto found = known.find(scenario);
        if (found == known.end()) {
            std::cerr << "bench: no scenario '" << scenario << "'\n";
            return 2;
        }
        found->second();
        std::fflush(stdout);
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
