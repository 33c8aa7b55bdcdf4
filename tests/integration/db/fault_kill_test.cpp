// SPDX-License-Identifier: Apache-2.0
// PostgreSQL is killed in the middle of the work. What was reported must be what is there.
#include "tests/integration/db/backend.h"
#include "tests/support/expect.h"
#include "tests/support/postgres.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <set>
#include <string>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using sql::Session;

namespace {

constexpr int transactions = 1000;
constexpr int workers = 4;
// Killed inside the transactions with these numbers. Odd ones have several statements.
constexpr std::array kills{250, 501, 750};

enum class Reported : std::uint8_t { nothing, committed, failed, unknown };

// Numbers the transactions, and keeps everybody waiting while the server is down, so that not all
// of them fail at once.
class Plan {
public:
    int next() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return !down_; });
        return next_++;
    }
    void kill() {
        {
            const std::lock_guard lock{mutex_};
            down_ = true;
        }
        Postgres::shared()->kill9();
        const std::lock_guard lock{mutex_};
        killed_ = true;
        changed_.notify_all();
    }
    void wait_until_killed() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return killed_; });
    }
    /// The server does not come back: the workers end, and nobody kills anything.
    void give_up() {
        const std::lock_guard lock{mutex_};
        next_ = transactions;
        down_ = false;
        changed_.notify_all();
    }
    void started() {
        const std::lock_guard lock{mutex_};
        down_ = false;
        killed_ = false;
        changed_.notify_all();
    }

private:
    std::mutex mutex_;
    std::condition_variable changed_;
    int next_ = 0;
    bool down_ = false;
    bool killed_ = false;
};

Result<void> insert(Session& session, int id, Plan& plan) {
    const bool kill_here = std::find(kills.begin(), kills.end(), id) != kills.end();
    if (kill_here && id % 2 == 0)
        plan.kill();
    session.raw() << fmt::format("insert into a values ({}, 0)", id);
    if (id % 2 == 0)
        return {};
    session.raw() << fmt::format("update a set steps = 1 where id = {}", id);
    if (kill_here)
        plan.kill();
    session.raw() << fmt::format("update a set steps = 2 where id = {}", id);
    return {};
}

void work(sql::Database& database, Plan& plan, std::vector<Reported>& reports) {
    for (int id = plan.next(); id < transactions; id = plan.next()) {
        const Result<void> done =
            database.write("insert", [&](Session& session) { return insert(session, id, plan); });
        Reported& report = reports[static_cast<std::size_t>(id)];
        if (done)
            report = Reported::committed;
        else
            report =
                done.error().code == Errc::unknown_outcome ? Reported::unknown : Reported::failed;
    }
}

std::set<int> rows(sql::Database& database, const std::string& query) {
    const Result<std::set<int>> found =
        database.read("look", [&](Session& session) -> Result<std::set<int>> {
            std::set<int> out;
            const soci::rowset<int> all = (session.raw().prepare << query);
            for (const int id : all)
                out.insert(id);
            return out;
        });
    REQUIRE_OK(found);
    return *found;
}

}  // namespace

TEST_CASE("kill faults: what was reported as committed is there, what failed is not", "[fault]") {
    if (Postgres::shared() == nullptr)
        return;
    const EmptyDatabase empty{sql::Engine::postgresql};
    sql::Database database{empty.target(), {.sessions = workers}};
    REQUIRE_OK(run(database, "create table a (id integer primary key, steps integer)"));

    Plan plan;
    std::vector<Reported> reports(transactions, Reported::nothing);
    std::vector<std::thread> threads;
    for (int i = 0; i < workers; ++i)
        threads.emplace_back([&] { work(database, plan, reports); });
    std::string no_start;
    for (std::size_t i = 0; i < kills.size(); ++i) {
        plan.wait_until_killed();
        // By this thread: the server dies with the one that started it.
        try {
            Postgres::shared()->start();
        } catch (const std::exception& error) {
            no_start = error.what();
            plan.give_up();
            break;
        }
        plan.started();
    }
    for (std::thread& thread : threads)
        thread.join();
    REQUIRE(no_start.empty());

    const std::set<int> there = rows(database, "select id from a");
    const std::set<int> whole = rows(database, "select id from a where steps = 2 or id % 2 = 0");
    CHECK(there == whole);
    int failed = 0;
    int unknown = 0;
    for (int id = 0; id < transactions; ++id) {
        INFO("transaction " << id);
        const Reported report = reports[static_cast<std::size_t>(id)];
        CHECK(report != Reported::nothing);
        if (report == Reported::committed)
            CHECK(there.count(id) == 1);
        if (report == Reported::failed)
            CHECK(there.count(id) == 0);
        failed += report == Reported::failed ? 1 : 0;
        unknown += report == Reported::unknown ? 1 : 0;
    }
    INFO(failed << " failed, " << unknown << " unknown");
    // Each kill costs what was under way and nothing more: the pool finds its way back by itself.
    CHECK(failed + unknown >= static_cast<int>(kills.size()));
    CHECK(failed + unknown <= static_cast<int>(kills.size()) * workers);
}
