// SPDX-License-Identifier: Apache-2.0
// The store beside loops over libpq and sqlite3 that do the same with nothing in between.
// Usage: bench_store [sqlite|postgresql]. Build: see bench/RESULTS.md.
#include "bench/bare.h"
#include "bench/store_work.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/content.h"
#include "tests/support/postgres.h"
#include "tests/support/temp_dir.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <limits>

namespace pchat::bench {
namespace {

constexpr int rounds = 5;
constexpr int commits = 150;
constexpr int reads = 5000;
constexpr std::int64_t history = 1'000'000;

void require(const Result<void>& done) {
    if (done)
        return;
    std::cerr << "bench: " << done.error().message << '\n';
    std::exit(1);
}

double seconds_of(const std::function<void()>& work) {
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string figures(std::vector<double> rates) {
    std::sort(rates.begin(), rates.end());
    return fmt::format(
        "{:>9.0f} ({:.0f}-{:.0f})", rates[rates.size() / 2], rates.front(), rates.back()
    );
}

double median(std::vector<double> rates) {
    std::sort(rates.begin(), rates.end());
    return rates[rates.size() / 2];
}

// Ours and the bare loop in turn, so that what else the machine does hits both.
void compare(
    const std::string& name,
    double units,
    const std::function<void()>& ours,
    const std::function<void()>& bare
) {
    std::vector<double> our_rates;
    std::vector<double> bare_rates;
    ours();
    bare();
    for (int round = 0; round < rounds; ++round) {
        our_rates.push_back(units / seconds_of(ours));
        bare_rates.push_back(units / seconds_of(bare));
    }
    fmt::print(
        "{:<46} {:>26} {:>26} {:>5.0f} %\n",
        name,
        figures(our_rates),
        figures(bare_rates),
        100 * median(our_rates) / median(bare_rates)
    );
}

void run(const std::string& engine, sql::Target target, Bare& bare) {
    require([&]() -> Result<void> {
        const auto migrated = sql::migrate_database(target, sql::Purpose::content, SystemClock{});
        return migrated ? Result<void>{} : pass(migrated.error());
    }());
    const auto content = sql::open_content(std::move(target));
    require(furnish(*content));
    bare.fill_history(history);

    fmt::print(
        "{:<46} {:>26} {:>26} {:>7}\n", engine + ", per second", "the store", "bare loop", ""
    );
    Feed ours{1};
    Feed theirs{2};
    compare(
        "messages in commits of 128, 8 rooms",
        commits * static_cast<double>(group),
        [&] {
            for (int i = 0; i < commits; ++i)
                require(commit(*content, ours.next()));
        },
        [&] {
            for (int i = 0; i < commits; ++i)
                bare.commit(theirs.next());
        }
    );
    compare(
        "messages in commits of 1",
        commits,
        [&] {
            for (int i = 0; i < commits; ++i)
                require(commit(*content, ours.next(1)));
        },
        [&] {
            for (int i = 0; i < commits; ++i)
                bare.commit(theirs.next(1));
        }
    );
    std::size_t seen = 0;
    compare(
        fmt::format("last 50 of a room, {} messages there", history),
        reads,
        [&] {
            require(content->read("reading", [&](ContentTransaction& tx) -> Result<void> {
                for (int i = 0; i < reads; ++i) {
                    const auto page = tx.messages().up_to(
                        RoomId{1 + i % 100}, std::numeric_limits<std::int64_t>::max(), 50
                    );
                    if (!page)
                        return pass(page.error());
                    seen += page->size();
                }
                return {};
            }));
        },
        [&] {
            for (int i = 0; i < reads; ++i)
                seen -= bare.last_50(1 + i % 100);
        }
    );
    if (seen != 0) {
        std::cerr << "bench: the two loops did not read the same rows\n";
        std::exit(1);
    }
}

}  // namespace
}  // namespace pchat::bench

int main(int argc, char** argv) {
    using namespace pchat;
    const std::string only = argc > 1 ? argv[1] : "";
    if (only.empty() || only == "sqlite") {
        const test::TempDir dir;
        sql::Target target;
        target.database = (dir.path() / "bench.db").string();
        target.create = true;
        const auto bare = bench::bare_sqlite(target.database);
        bench::run("sqlite", std::move(target), *bare);
    }
    if (only.empty() || only == "postgresql") {
        test::Postgres* server = test::Postgres::shared();
        if (server == nullptr)
            return 1;
        sql::Target target = server->superuser("postgres");
        const auto bare = bench::bare_postgresql(target);
        bench::run("postgresql", std::move(target), *bare);
    }
    return 0;
}
