// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/way_back.h"
#include "tests/support/expect.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <deque>
#include <utility>

using namespace pchat;
using namespace pchat::cli;

namespace {

const std::string v1 = "0.1.0-aaaaaaaaaaaa";
const std::string v2 = "0.2.0-bbbbbbbbbbbb";
const std::string v3 = "0.3.0-cccccccccccc";

/// Machines, each with the releases that it got, the last one in force.
struct Pool {
    std::deque<NodeFound> founds;
    std::vector<BackNode> nodes;

    void add(const std::vector<std::string>& releases) {
        NodeFound& found = founds.emplace_back();
        for (const std::string& release : releases) {
            const std::string id = fmt::format("change{}", found.changes.size() + 1);
            found.changes.insert(found.changes.begin(), {id, release});
            found.releases.push_back(release);
            found.previous = std::exchange(found.active, id);
            found.current = release;
        }
        found.schemas = {{v1, {5, 2}}, {v2, {5, 2}}, {v3, {7, 2}}};
        nodes.push_back({fmt::format("pc{}", nodes.size() + 1), &found});
    }
    /// Puts the one before in force.
    void go_back(std::size_t at) {
        NodeFound& found = founds[at];
        std::swap(found.active, found.previous);
        found.current = found.release_of(found.active);
    }
    /// "change1 -": what is put in force on each machine.
    [[nodiscard]] std::string plan(const std::string& to = {}) const {
        const Result<std::vector<BackStep>> steps = plan_back(nodes, to);
        if (!steps)
            return steps.error().message;
        std::vector<std::string> out;
        for (const BackStep& step : *steps)
            out.push_back(step.change.empty() ? "-" : step.change);
        return fmt::format("{}", fmt::join(out, " "));
    }
};

}  // namespace

TEST_CASE("way back: all machines go to what all of them had", "[deploy]") {
    Pool pool;
    pool.add({v1, v2});
    pool.add({v1, v1, v2});
    CHECK(pool.plan() == "change1 change2");
    pool.go_back(0);
    CHECK(pool.plan() == "- change2");  // the rest of a roll-back that was cut off
    pool.go_back(1);
    CHECK(pool.plan() == "change2 change3");  // and forward again
}

TEST_CASE("way back: a canary alone goes to what the others have", "[deploy]") {
    Pool pool;
    pool.add({v1, v2, v3});
    pool.add({v1, v2});
    pool.add({v1, v2});
    CHECK(pool.plan() == "change2 - -");
    const Result<std::vector<BackStep>> steps = plan_back(pool.nodes, "");
    REQUIRE_OK(steps);
    CHECK((steps->at(0).release == v2 && steps->at(0).before && steps->at(1).release == v2));
    CHECK(
        back_text(*steps) == fmt::format(
                                 "pc1\n  ~ release {0} -> {1}\npc2\n  no changes ({1})\npc3\n  no "
                                 "changes ({1})\n\n1 machine changes of 3\n",
                                 v3,
                                 v2
                             )
    );
}

TEST_CASE("way back: a machine that was cut off is no finished one", "[deploy]") {
    Pool pool;
    pool.add({v1, v2});
    pool.add({v1, v2});
    pool.go_back(0);
    pool.founds[0].activation.state = FoundActivation::State::gone;
    pool.founds[0].current = v2;  // half of another one is still there
    CHECK(pool.plan() == "change1 change1");
}

TEST_CASE("way back: one release is named for all, and all must keep it", "[deploy]") {
    Pool pool;
    pool.add({v1, v2, v3});
    pool.add({v1, v3});
    REQUIRE_ERR(plan_back(pool.nodes, ""), Errc::conflict, "different releases before: pc1 " + v2);
    CHECK(pool.plan(v1) == "change1 change1");
    const Result<std::vector<BackStep>> steps = plan_back(pool.nodes, v1);
    REQUIRE_OK(steps);
    CHECK((!steps->at(0).before && steps->at(1).before));
    CHECK(pool.plan(v3) == "- -");
    REQUIRE_ERR(plan_back(pool.nodes, v2), Errc::not_found, "pc2 keeps no " + v2);
    pool.founds[1].releases = {v3};
    REQUIRE_ERR(plan_back(pool.nodes, v1), Errc::not_found, "pc2 keeps no " + v1);
}

TEST_CASE("way back: what does not come together is refused", "[deploy]") {
    Pool pool;
    pool.add({v1, v3});
    SECTION("machines on three ways") {
        pool.add({v1, v2});
        REQUIRE_ERR(plan_back(pool.nodes, ""), Errc::conflict, "run different releases: pc1 " + v3);
        CHECK(plan_back(pool.nodes, "").error().hint.find("--to") != std::string::npos);
    }
    SECTION("a machine that has nothing before") {
        pool.add({v3});
        REQUIRE_ERR(plan_back(pool.nodes, ""), Errc::not_found, "pc2: there is nothing before");
    }
    SECTION("a machine that has nothing") {
        pool.add({});
        REQUIRE_ERR(plan_back(pool.nodes, ""), Errc::not_found, "pc2: nothing was deployed");
    }
}

TEST_CASE("way back: settings go back where the release stays", "[deploy]") {
    Pool pool;
    pool.add({v1, v1});
    pool.add({v1, v1});
    CHECK(pool.plan() == "change1 change1");
    pool.go_back(0);
    CHECK(pool.plan() == "- change1");
    pool.go_back(1);
    CHECK(pool.plan() == "change2 change2");
}

TEST_CASE("way back: a release that does not know the databases is no way", "[deploy]") {
    Pool pool;
    pool.add({v1, v2, v3});
    pool.add({v1, v2});
    const auto judged = [&](const std::string& to) {
        const Result<std::vector<BackStep>> steps = plan_back(pool.nodes, to);
        REQUIRE_OK(steps);
        return judge_way_back(pool.nodes, *steps);
    };
    // The others are on it, and cannot start either: that is for the one that moves to say.
    const Finding finding = judged("");
    CHECK((finding.verdict == Verdict::bad && finding.node == "pc1"));
    CHECK_THAT(finding.message, Catch::Contains("knows schema 5 of the content database"));
    CHECK_THAT(finding.hint, Catch::Contains("db restore"));
    pool.founds[0].schemas[v3] = {5, 2};
    CHECK(judged("").verdict == Verdict::good);
    pool.founds[0].schemas[v3] = {5, 3};
    CHECK_THAT(judged("").message, Catch::Contains("compliance"));
    pool.founds[0].schemas.clear();  // of a program that does not say it
    CHECK(judged("").verdict == Verdict::good);
}
