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
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <limits>
#include <thread>

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

std::size_t last_50(ContentDatabase& content, std::int64_t room) {
    std::size_t rows = 0;
    require(content.read("reading", [&](ContentTransaction& tx) -> Result<void> {
        const auto page =
            tx.messages().up_to(RoomId{room}, std::numeric_limits<std::int64_t>::max(), 50);
        if (!page)
            return pass(page.error());
        rows = page->size();
        return {};
    }));
    return rows;
}

void in_threads(int count, const std::function<void(int)>& work) {
    std::vector<std::thread> threads;
    for (int i = 0; i < count; ++i)
        threads.emplace_back([&work, i] { work(i); });
    for (std::thread& thread : threads)
        thread.join();
}

using Bares = std::vector<std::unique_ptr<Bare>>;

void run(const std::string& engine, sql::Target target, Bares bare) {
    require([&]() -> Result<void> {
        const auto migrated = sql::migrate_database(target, sql::Purpose::content, SystemClock{});
        return migrated ? Result<void>{} : pass(migrated.error());
    }());
    const auto content = sql::open_content(std::move(target));
    require(furnish(*content));
    bare[0]->fill_history(history);

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
                bare[0]->commit(theirs.next());
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
                bare[0]->commit(theirs.next(1));
        }
    );
    std::atomic<std::size_t> ours_seen{0};
    std::atomic<std::size_t> theirs_seen{0};
    for (const int readers : {1, 4})
        compare(
            fmt::format("last 50 of a room, of {}, {} session(s)", history, readers),
            reads,
            [&] {
                in_threads(readers, [&](int) {
                    for (int i = 0; i < reads / readers; ++i)
                        ours_seen += last_50(*content, 1 + i % 100);
                });
            },
            [&] {
                in_threads(readers, [&](int reader) {
                    for (int i = 0; i < reads / readers; ++i)
                        theirs_seen += bare[static_cast<std::size_t>(reader)]->last_50(1 + i % 100);
                });
            }
        );
    if (ours_seen != theirs_seen || ours_seen == 0) {
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
        bench::Bares bare;
        for (int i = 0; i < 4; ++i)
            bare.push_back(bench::bare_sqlite(target.database));
        bench::run("sqlite", std::move(target), std::move(bare));
    }
    if (only.empty() || only == "postgresql") {
        test::Postgres* server = test::Postgres::shared();
        if (server == nullptr)
            return 1;
        sql::Target target = server->superuser("postgres");
        bench::Bares bare;
        for (int i = 0; i < 4; ++i)
            bare.push_back(bench::bare_postgresql(target));
        bench::run("postgresql", std::move(target), std::move(bare));
    }
    return 0;
}
