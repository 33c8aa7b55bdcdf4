// SPDX-License-Identifier: Apache-2.0
// The roll-out, over machines that only play their part; tests/deploy has real ones.
#include "base/guarded.h"
#include "cli/deploy/follow.h"
#include "cli/deploy/pool_lock.h"
#include "cli/deploy/rollout.h"
#include "tests/support/expect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>
#include <iostream>
#include <sstream>

using namespace pchat;
using namespace pchat::cli;
using End = NodeResult::End;

namespace {

/// What the machines were asked, in order, and how they answer.
struct Stage {
    Guarded<std::vector<std::string>> asked;
    Guarded<std::map<std::string, std::string>> fed;          // "machine verb word...": its input
    std::map<std::string, std::deque<std::string>> progress;  // machine -> what it says in turn
    std::map<std::string, Ran> answers;                       // "machine verb"
    std::map<std::string, int> cuts;                          // "machine verb": links that break

    void note(const std::string& line) {
        asked.with([&](auto& all) { all.push_back(line); });
    }
    [[nodiscard]] std::size_t times(const std::string& line) {
        return asked.with([&](auto& all) {
            return static_cast<std::size_t>(std::count(all.begin(), all.end(), line));
        });
    }
    [[nodiscard]] std::size_t place(const std::string& line) {
        return asked.with([&](auto& all) {
            return static_cast<std::size_t>(std::find(all.begin(), all.end(), line) - all.begin());
        });
    }
};

class PlayedLink : public MachineLink {
public:
    PlayedLink(Stage& stage, std::string name) : stage_(stage), name_(std::move(name)) {}

    Result<Ran> run(
        const std::string& /*script*/,
        const std::vector<std::string>& words,
        std::string_view input,
        std::chrono::seconds /*limit*/
    ) override {
        const std::string line = name_ + " " + words[0];
        stage_.note(line);
        stage_.fed.with([&](auto& all) {
            all[fmt::format("{} {}", name_, fmt::join(words, " "))] = input;
        });
        if (const auto cut = stage_.cuts.find(line); cut != stage_.cuts.end() && cut->second-- > 0)
            return fail(Errc::unreachable, "the link is cut");
        if (words[0] == "progress") {
            auto& said = stage_.progress[name_];
            std::string now = said.front();
            if (said.size() > 1)
                said.pop_front();
            return Ran{0, now, {}};
        }
        const auto answer = stage_.answers.find(line);
        return answer == stage_.answers.end() ? Ran{} : answer->second;
    }
    Result<void> upload(
        const std::string& /*local*/, const std::string& /*remote*/, const UploadSeen& seen
    ) override {
        stage_.note(name_ + " upload");
        if (!seen(1, 2))
            return fail(Errc::interrupted, "stopped");
        return {};
    }
    [[nodiscard]] const std::string& user() const override { return user_; }

private:
    Stage& stage_;
    std::string name_;
    std::string user_ = "root";
};

std::string ended(const std::string& how) {
    return "change\tnew\told\trun7\tann\nstep\t1\tbegin\nended\t" + how + "\nstate\tended\n";
}

/// Some machines, all to be changed.
struct Pool {
    Stage stage;
    std::deque<topology::Machine> machines;
    MachineLinks links = [this](const topology::Machine& machine) {
        return Result<std::unique_ptr<MachineLink>>{
            std::make_unique<PlayedLink>(stage, *machine.fqdn)};
    };
    std::deque<NodeWay> ways;
    std::vector<NodeTask> tasks;
    Bundle bundle;
    RolloutWish wish;
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    Context ctx{
        out, err, in, {}, {}, [](const std::string&) { return std::nullopt; }, {2026, 1, 1}};

    explicit Pool(const std::vector<std::string>& names) {
        bundle.release = "0.2.0-bbbbbbbbbbbb";
        wish.bundle = &bundle;
        wish.run = "run7";
        wish.stop = [] { return false; };
        wish.alive = [] {};
        for (const std::string& name : names) {
            machines.emplace_back().fqdn.value = name;
            NodeTask& task = tasks.emplace_back();
            task.way = &ways.emplace_back(machines.back(), links);
            task.plan.node = name;
            task.plan.release = bundle.release;
            task.plan.old_release = "0.1.0-aaaaaaaaaaaa";
            task.plan.upload = true;
            task.change.id = "new";
            stage.progress[name] = {ended("ok")};
        }
    }
    std::vector<NodeResult> roll() {
        std::vector<std::string> names;
        for (const NodeTask& task : tasks)
            names.push_back(task.way->name());
        RolloutView view{ctx, names};
        return roll_out(wish, tasks, view);
    }
};

std::string ends_of(const std::vector<NodeResult>& results) {
    std::vector<std::string_view> out;
    for (const NodeResult& one : results)
        out.push_back(to_string(one.end));
    return fmt::format("{}", fmt::join(out, ", "));
}

}  // namespace

TEST_CASE(
    "roll-out: all is sent before the first change, then one machine after the other", "[deploy]"
) {
    Pool pool{{"a", "b", "c"}};
    const auto results = pool.roll();
    CHECK(ends_of(results) == "done, done, done");
    CHECK(results[0].release == "0.2.0-bbbbbbbbbbbb");
    for (const char* name : {"a", "b", "c"}) {
        CHECK(pool.stage.times(fmt::format("{} upload", name)) == 1);
        CHECK(pool.stage.place(fmt::format("{} stage", name)) < pool.stage.place("a activate"));
        CHECK(pool.stage.times(fmt::format("{} prune", name)) == 1);
    }
    CHECK(pool.stage.place("a progress") < pool.stage.place("b activate"));
    CHECK(pool.stage.place("b progress") < pool.stage.place("c activate"));
}

TEST_CASE("roll-out: a machine that goes back stops it, and the rest is left alone", "[deploy]") {
    Pool pool{{"a", "b", "c"}};
    pool.stage.progress["b"] = {"change\tnew\told\trun7\tann\nwhy\tnot ready within 60 "
                                "s\nlog\tpchatd\tsegfault\nended\tundone\nstate\tended\n"};
    const auto results = pool.roll();
    CHECK(ends_of(results) == "done, undone, not begun");
    CHECK(results[1].release == "0.1.0-aaaaaaaaaaaa");
    CHECK(results[1].text == "not ready within 60 s");
    CHECK(results[1].log == std::vector<std::string>{"pchatd: segfault"});
    CHECK(pool.stage.times("c activate") == 0);
}

TEST_CASE("roll-out: where one cannot be made ready, no machine is changed", "[deploy]") {
    Pool pool{{"a", "b"}};
    pool.stage.answers["b unpack"] = {1, {}, "error\t/opt is full\tdf /opt\n"};
    const auto results = pool.roll();
    CHECK(ends_of(results) == "not begun, failed");
    CHECK((results[1].text == "/opt is full" && results[1].hint == "df /opt"));
    CHECK(pool.stage.times("a activate") == 0);
}

TEST_CASE("roll-out: databases of its own are made before a machine changes", "[deploy]") {
    Pool pool{{"a"}};
    pool.wish.pool = "rooms";
    pool.tasks[0].local_database = "kind: Topology\n";
    const auto fed = [&](const std::string& line) {
        return pool.stage.fed.with([&](auto& all) { return all[line]; });
    };
    SECTION("without anybody") {
        CHECK(ends_of(pool.roll()) == "done");
        CHECK(fed("a provision 0.2.0-bbbbbbbbbbbb rooms") == "kind: Topology\n");
    }
    SECTION("and who administers them") {
        const FirstAdministrator ann{
            {PrincipalKind::user, "ann@contoso.example"}, Secret{"annes-password"}};
        pool.wish.admin = &ann;
        CHECK(ends_of(pool.roll()) == "done");
        CHECK(
            fed("a provision 0.2.0-bbbbbbbbbbbb rooms " + ann.name.written()) ==
            "annes-password\nkind: Topology\n"
        );
    }
    CHECK(pool.stage.place("a upload") < pool.stage.place("a provision"));
    CHECK(pool.stage.place("a provision") < pool.stage.place("a activate"));
}

TEST_CASE("roll-out: a link that breaks while a machine changes is made again", "[deploy]") {
    Pool pool{{"a"}};
    pool.stage.cuts["a progress"] = 3;
    CHECK(ends_of(pool.roll()) == "done");
    CHECK(pool.stage.times("a activate") == 1);
}

TEST_CASE("roll-out: an activation that was never begun is begun again", "[deploy]") {
    Pool pool{{"a"}};
    pool.stage.cuts["a activate"] = 2;  // the call, and its second attempt
    pool.stage.progress["a"] = {
        "change\told\tolder\trun6\tann\nended\tok\nstate\tended\n", ended("ok")};
    CHECK(ends_of(pool.roll()) == "done");
    CHECK(pool.stage.times("a activate") == 3);
}

TEST_CASE("roll-out: what was cut off on the machine is brought to its end", "[deploy]") {
    Pool pool{{"a"}};
    pool.stage.progress["a"] = {
        "change\tnew\told\trun7\tann\nstep\t1\tbegin\nstate\tgone\n", ended("undone")};
    CHECK(ends_of(pool.roll()) == "undone");
    CHECK(pool.stage.times("a recover") == 1);
}

TEST_CASE("roll-out: what stays cut off ends the waiting", "[deploy]") {
    Pool pool{{"a"}};
    pool.stage.progress["a"] = {"change\tnew\told\trun7\tann\nstate\tgone\n"};
    SECTION("each time") {
        CHECK(ends_of(pool.roll()) == "failed");
    }
    SECTION("since there is nothing to recover") {
        pool.stage.answers["a recover"] = {0, "none\n", {}};
        CHECK(ends_of(pool.roll()) == "failed");
        CHECK(pool.stage.times("a recover") == 1);
    }
}

TEST_CASE("roll-out: whoever stops it stops it before the next machine", "[deploy]") {
    Pool pool{{"a", "b"}};
    SECTION("while it is sent") {
        pool.wish.stop = [] { return true; };
        CHECK(ends_of(pool.roll()) == "not begun, not begun");
        CHECK(pool.stage.times("a activate") == 0);
    }
    SECTION("while one is sent") {
        pool.wish.stop = [&] { return pool.stage.times("b upload") > 0; };
        CHECK(ends_of(pool.roll()) == "not begun, not begun");
        CHECK(pool.stage.times("a activate") == 0);
    }
    SECTION("while the first one changes") {
        pool.wish.stop = [&] { return pool.stage.times("a activate") > 0; };
        CHECK(ends_of(pool.roll()) == "done, not begun");
        CHECK(pool.stage.times("b activate") == 0);
    }
}

TEST_CASE("roll-out: machines without changes are not touched", "[deploy]") {
    Pool pool{{"a", "b"}};
    pool.tasks[0].plan.upload = false;
    pool.tasks[0].plan.old_release = pool.tasks[0].plan.release;
    CHECK(ends_of(pool.roll()) == "no changes, done");
    CHECK(pool.stage.place("a activate") > pool.stage.place("b prune"));
}

TEST_CASE("lock: all machines or none, and only from whom is gone", "[deploy]") {
    Pool pool{{"a", "b"}};
    const std::vector<NodeWay*> ways{pool.tasks[1].way, pool.tasks[0].way};
    SECTION("free") {
        REQUIRE_OK(PoolLock::take(ways, lock_owner(), false));
        CHECK(pool.stage.place("a lock") < pool.stage.place("b lock"));
        CHECK((pool.stage.times("a unlock") == 1 && pool.stage.times("b unlock") == 1));
    }
    SECTION("held by another desk") {
        pool.stage.answers["b lock"] = {3, "held\tbob@elsewhere 1 2\t300\n", {}};
        const auto taken = PoolLock::take(ways, lock_owner(), false);
        REQUIRE_ERR(taken, Errc::conflict, "bob@elsewhere 1 2, last heard of 5 min ago");
        CHECK(pool.stage.times("a unlock") == 1);
        CHECK(pool.stage.times("b unlock") == 0);
        CHECK(pool.stage.times("b lock") == 1);
    }
    SECTION("held by this desk, by a process that is gone") {
        std::string owner = lock_owner();
        CHECK_FALSE(is_gone(owner));
        owner += "0";  // the number is in use, by one that began at another time
        CHECK(is_gone(owner));
        pool.stage.answers["a lock"] = {3, "held\t" + owner + "\t300\n", {}};
        REQUIRE_ERR(PoolLock::take(ways, lock_owner(), false), Errc::conflict, "being deployed");
        CHECK(pool.stage.times("a lock") == 2);  // it was tried to take over
    }
    CHECK_FALSE(is_gone("bob@elsewhere 1 2"));
    CHECK_FALSE(is_gone(""));
}
