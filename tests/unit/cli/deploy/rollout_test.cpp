// SPDX-License-Identifier: Apache-2.0
// The roll-out, over machines that only play their part; tests/deploy has real ones.
#include "cli/deploy/follow.h"
#include "cli/deploy/result_table.h"
#include "tests/unit/cli/deploy/played_machines.h"

#include <nlohmann/json.hpp>

using namespace pchat;
using namespace pchat::test;

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
    pool.tasks[0].local_databases = "rooms";
    pool.tasks[0].topology = "kind: Topology\n";
    const auto fed = [&](const std::string& line) {
        return pool.stage.fed.with([&](auto& all) { return all[line]; });
    };
    SECTION("without anybody") {
        CHECK(ends_of(pool.roll()) == "done");
        CHECK(fed("a provision 0.2.0-bbbbbbbbbbbb rooms - ann") == "kind: Topology\n");
    }
    SECTION("and who administers them") {
        const FirstAdministrator ann{
            {PrincipalKind::user, "ann@contoso.example"}, Secret{"annes-password"}};
        pool.wish.admin = &ann;
        CHECK(ends_of(pool.roll()) == "done");
        CHECK(
            fed("a provision 0.2.0-bbbbbbbbbbbb rooms " + ann.name.written() + " ann") ==
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
    pool.stage.cuts["a activate"] = 1;
    pool.stage.progress["a"] = {
        "change\told\tolder\trun6\tann\nended\tok\nstate\tended\n", ended("ok")};
    CHECK(ends_of(pool.roll()) == "done");
    CHECK(pool.stage.times("a activate") == 2);
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
    SECTION("in the middle of a file") {
        pool.wish.stop = [&] { return pool.stage.times("a upload") > 0; };
        CHECK(ends_of(pool.roll()) == "not begun, not begun");
        CHECK(pool.stage.times("a unpack") == 0);
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

TEST_CASE("roll-back: machines that are there are left alone", "[deploy]") {
    Pool pool{{"a", "b", "c"}};
    const std::string older = "0.1.0-aaaaaaaaaaaa";
    const std::string newer = "0.2.0-bbbbbbbbbbbb";
    const std::vector<BackTask> tasks{
        {pool.tasks[0].way, {"a", newer, older, "old", true}},
        {pool.tasks[1].way, {"b", older, older, "", false}},
        {pool.tasks[2].way, {"c", newer, older, "oldest", false}}};
    RolloutView view{pool.ctx, {"a", "b", "c"}};
    SECTION("each by its own way") {
        const auto results = roll_back(pool.wish, tasks, view);
        CHECK(ends_of(results) == "done, no changes, done");
        for (const NodeResult& one : results)
            CHECK(one.release == older);
        CHECK((pool.stage.times("a rollback") == 1 && pool.stage.times("c activate") == 1));
        CHECK(pool.stage.times("b progress") == 0);
    }
    SECTION("one that fails ends it") {
        pool.stage.progress["a"] = {ended("undone")};
        const auto results = roll_back(pool.wish, tasks, view);
        CHECK(ends_of(results) == "undone, no changes, not begun");
        CHECK((results[0].release == newer && results[2].release == newer));
        CHECK(pool.stage.times("c activate") == 0);
    }
}

TEST_CASE("roll-out: what a machine has heard when the link broke is not said again", "[deploy]") {
    Pool pool{{"a"}};
    SECTION("an activation that is under way") {
        pool.stage.cuts["a activate"] = 1;
        CHECK(ends_of(pool.roll()) == "done");
        CHECK(pool.stage.times("a activate") == 1);
    }
    SECTION("going back, which would be undone") {
        pool.stage.cuts["a rollback"] = 1;
        CHECK(ends_of(pool.roll_it_back()) == "done");
        CHECK(pool.stage.times("a rollback") == 1);
    }
    SECTION("or is, and is known to be ours") {
        pool.stage.answers["a activate"] = {3, "running\tnew\trun7\tann\n", {}};
        CHECK(ends_of(pool.roll()) == "done");
    }
    SECTION("and is another's") {
        pool.stage.answers["a activate"] = {3, "running\tnew\trun8\tbob\n", {}};
        const auto results = pool.roll();
        CHECK(ends_of(results) == "failed");
        CHECK(results[0].text == "a: bob has begun a roll-out");
    }
}

TEST_CASE("roll-out: a run that another one has replaced is not begun again", "[deploy]") {
    Pool pool{{"a", "b"}};
    pool.stage.progress["a"] = {"change\tother\told\trun8\tbob\nended\tok\nstate\tended\n"};
    CHECK(ends_of(pool.roll()) == "failed, not begun");
    CHECK(pool.stage.times("a activate") == 1);
}

TEST_CASE("roll-out: whose lock another one has is stopped by the machine", "[deploy]") {
    Pool pool{{"a", "b"}};
    const Ran taken{3, "held\tbob@elsewhere 1 2\t3\n", {}};
    SECTION("before anything is in force") {
        pool.stage.answers["b stage"] = taken;
        const auto results = pool.roll();
        CHECK(ends_of(results) == "not begun, failed");
        CHECK(results[1].text == "b: bob@elsewhere 1 2 has taken over");
    }
    SECTION("between two machines") {
        pool.stage.answers["b activate"] = taken;
        CHECK(ends_of(pool.roll()) == "done, failed");
    }
    SECTION("on the way back") {
        pool.stage.answers["a rollback"] = {3, "free\n", {}};
        CHECK(ends_of(pool.roll_it_back()) == "failed, not begun");
    }
    for (const char* verb : {"prepare", "unpack", "stage", "activate", "rollback", "prune"}) {
        CAPTURE(verb);
        const auto words = pool.stage.call(fmt::format("a {}", verb)).words;
        CHECK((words.empty() || words.back() == "ann"));
    }
}

TEST_CASE("roll-out: a lock that is lost ends a pause and the roll-out", "[deploy]") {
    Pool pool{{"a", "b", "c"}};
    pool.wish.pause = std::chrono::hours{1};
    pool.wish.locked = [&]() -> Result<void> {
        if (pool.stage.times("a activate") > 0)
            return fail(Errc::conflict, "b: bob has taken over");
        return {};
    };
    const auto results = pool.roll();
    CHECK(ends_of(results) == "done, failed, not begun");
    CHECK(results[1].text == "b: bob has taken over");
}

TEST_CASE("roll-out: a machine that starts anew may refuse who signs in", "[deploy]") {
    Pool pool{{"a"}};
    pool.stage.cut_is = GENERATE(Errc::denied, Errc::timeout);
    pool.stage.cuts["a progress"] = 1;
    CHECK(ends_of(pool.roll()) == "done");
}

TEST_CASE("roll-out: a machine whose host key changes is not waited for", "[deploy]") {
    Pool pool{{"a"}};
    pool.stage.cut_is = Errc::conflict;
    pool.stage.cuts["a progress"] = 1000;
    CHECK(ends_of(pool.roll()) == "failed");
}

TEST_CASE("roll-out: who asks to end twice does not wait for a machine", "[deploy]") {
    Pool pool{{"a", "b"}};
    pool.wish.stop = [&] { return pool.stage.times("a activate") > 0; };
    pool.wish.stop_at_once = pool.wish.stop;
    SECTION("that goes on") {
        pool.stage.progress["a"] = {"change\tnew\told\trun7\tann\nstate\trunning\n"};
    }
    SECTION("that does not answer") {
        pool.stage.cuts["a progress"] = 1000;
    }
    CHECK(ends_of(pool.roll()) == "left, not begun");
    CHECK_THAT(pool.err.str(), Catch::Contains("waiting for this machine"));
}

namespace {

constexpr const char* not_back =
    "change\tnew\told\trun7\tann\nwhy\tnot ready within 60 s\nstep\t2\tback\nwhy\tno MANIFEST\n"
    "ended\tfailed\told cannot be put back: no MANIFEST\tput that right\nstate\tgone\n";

}  // namespace

TEST_CASE("roll-out: what cannot be taken back says so, and is not tried again", "[deploy]") {
    Pool pool{{"a", "b"}};
    pool.stage.progress["a"] = {not_back};
    const auto results = pool.roll();
    CHECK(ends_of(results) == "failed, not begun");
    CHECK(results[0].text == "old cannot be put back: no MANIFEST");
    CHECK(results[0].hint == "put that right");
    CHECK(pool.stage.times("a recover") == 0);
}

TEST_CASE("roll-out: the next one first tries again to take back what could not be", "[deploy]") {
    Pool pool{{"a"}};
    NodeWay& way = *pool.tasks[0].way;
    std::string account = not_back;
    account.resize(account.rfind("state"));
    pool.stage.progress["a"] = {not_back, account + "note\tmade good\nstate\trunning\n"};
    const auto settled = [&](const std::string& end) {
        pool.stage.progress["a"].push_back(account + "note\tmade good\n" + end);
        RolloutView view{pool.ctx, pool.names()};
        return settle(way, pool.wish.within, view);
    };
    SECTION("and it is") {
        REQUIRE_OK(settled("ended\tundone\tit was cut off\nstate\tended\n"));
    }
    SECTION("and still it cannot be: the new one may be the way out") {
        REQUIRE_OK(settled(
            "why\tstill none\nended\tfailed\told cannot be put back: still none\nstate\tgone\n"
        ));
        CHECK_THAT(pool.err.str(), Catch::Contains("failed: old cannot be put back: still none"));
    }
    CHECK(pool.stage.times("a recover") == 1);
    CHECK_THAT(pool.err.str(), !Catch::Contains("not ready within 60 s"));  // told to another
}

TEST_CASE("roll-out: a machine that is not reached cannot be settled", "[deploy]") {
    Pool pool{{"a"}};
    pool.stage.cut_is = Errc::conflict;
    pool.stage.cuts["a progress"] = 1000;
    RolloutView view{pool.ctx, pool.names()};
    REQUIRE_ERR(settle(*pool.tasks[0].way, pool.wish.within, view), Errc::io, "a: the link is cut");
}

TEST_CASE("roll-out: what takes long may take long", "[deploy]") {
    Pool pool{{"a"}};
    pool.tasks[0].local_databases = "rooms";
    pool.roll();
    CHECK(pool.stage.call("a provision").limit >= std::chrono::hours{1});
    CHECK(pool.stage.call("a unpack").limit > pool.stage.call("a progress").limit);
}

TEST_CASE("roll-out: whoever stops it gets one account, and what it means beside it", "[deploy]") {
    Pool pool{{"a", "b"}};
    pool.ctx.global.output = "json";
    pool.wish.stop = [&] { return pool.stage.times("a activate") > 0; };
    const Result<void> told = print_results(pool.ctx, pool.roll(), "run it again");
    REQUIRE_FALSE(told);
    CHECK((told.error().code == Errc::interrupted && told.error().silent));
    CHECK(nlohmann::json::parse(pool.out.str()).size() == 2);
    CHECK_THAT(pool.err.str(), Catch::Contains("machines that were not begun are as before"));
    CHECK_THAT(pool.err.str(), Catch::Contains("hint: run it again\n"));
}
