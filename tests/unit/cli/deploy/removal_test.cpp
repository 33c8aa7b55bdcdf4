// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/removal.h"
#include "cli/deploy/result_table.h"
#include "tests/support/expect.h"

#include <nlohmann/json.hpp>

#include <deque>
#include <map>
#include <sstream>

using namespace pchat;
using namespace pchat::cli;
using End = NodeResult::End;

namespace {

/// Machines that say what they are told to say, and count how often they were asked.
struct Machines {
    std::map<std::string, Ran> answers;
    int asked = 0;
    std::deque<topology::Machine> machines;
    MachineLinks links = [this](const topology::Machine& machine) {
        return Result<std::unique_ptr<MachineLink>>{std::make_unique<Link>(*this, *machine.fqdn)};
    };
    std::deque<NodeWay> ways;
    std::vector<NodeWay*> all;

    struct Link : MachineLink {
        Link(Machines& of, std::string named) : machines(of), name(std::move(named)) {}
        Result<Ran> run(
            const std::string& /*script*/,
            const std::vector<std::string>& /*words*/,
            std::string_view /*input*/,
            std::chrono::seconds /*limit*/
        ) override {
            ++machines.asked;
            return machines.answers[name];
        }
        Result<void> upload(
            const std::string& /*local*/, const std::string& /*remote*/, const UploadSeen& /*seen*/
        ) override {
            return {};
        }
        [[nodiscard]] const std::string& user() const override { return name; }

        Machines& machines;
        std::string name;
    };

    explicit Machines(const std::vector<std::string>& names) {
        for (const std::string& name : names) {
            machines.emplace_back().fqdn.value = name;
            all.push_back(&ways.emplace_back(machines.back(), links));
            answers[name] = {0, "removed\t/opt/pchat\n", {}};
        }
    }
};

/// What a person and a program are told of results.
struct Told {
    std::ostringstream out;
    std::ostringstream err;
    std::istringstream in;
    Context ctx{
        out, err, in, {}, {}, [](const std::string&) { return std::nullopt; }, {2026, 1, 1}};
};

NodeResult result(const std::string& node, End end) {
    NodeResult out;
    out.node = node;
    out.end = end;
    return out;
}

}  // namespace

TEST_CASE("removal: whoever stops it stops it before the next machine", "[deploy]") {
    Machines pool{{"a", "b", "c"}};
    const auto results =
        remove_all(pool.all, "ann@desk run7", cli::Purge::no, [&] { return pool.asked > 0; });
    REQUIRE(results.size() == 3);
    CHECK((results[0].end == End::done && results[1].end == End::not_begun));
    CHECK((results[2].end == End::not_begun && results[2].node == "c"));
    CHECK(pool.asked == 1);
    Told told;
    CHECK(error_class(print_results(told.ctx, results).error().code).exit_code == 130);
}

TEST_CASE("removal: a machine that fails does not keep the others", "[deploy]") {
    Machines pool{{"a", "b", "c", "d"}};
    pool.answers["a"] = {1, {}, "error\tit is a mount\tempty it\n"};
    pool.answers["b"] = {3, "running\tc1\trun7\tann\n", {}};
    pool.answers["c"] = {0, "removed\t/var/lib/pchat-deploy\n", {}};
    const auto results =
        remove_all(pool.all, "ann@desk run7", cli::Purge::yes, [] { return false; });
    CHECK((results[0].end == End::failed && results[0].text == "it is a mount"));
    CHECK((results[0].hint == "empty it" && results[1].end == End::failed));
    CHECK((results[2].end == End::unchanged && results[3].end == End::done));
}

TEST_CASE("results: machines that have it already count as brought there", "[deploy]") {
    const auto code = [](const std::vector<End>& ends) {
        std::vector<NodeResult> results;
        for (const End end : ends)
            results.push_back(result("a", end));
        Told told;
        const Result<void> printed = print_results(told.ctx, results);
        return printed ? 0 : error_class(printed.error().code).exit_code;
    };
    CHECK(code({End::done, End::unchanged}) == 0);
    CHECK(code({End::unchanged, End::failed, End::not_begun}) == 5);
    CHECK(code({End::done, End::undone}) == 5);
    CHECK(code({End::failed, End::not_begun}) == 1);
    CHECK(code({End::done, End::not_begun}) == 130);
    CHECK(code({End::done, End::left_out}) == 0);
}

TEST_CASE("results: a refusal is one document with its checks", "[deploy]") {
    const Error error{Errc::conflict, "a check failed", "put it right", {}, false, {}, {}};
    const nlohmann::ordered_json document{
        {"checks", findings_json({{"pc1", "disk", Verdict::bad, "full", "make room"}})}};
    Told told;
    SECTION("for programs") {
        told.ctx.global.output = "json";
        const Result<void> refused = refuse(told.ctx, "deploy pool", document, error);
        REQUIRE_FALSE(refused);
        CHECK((refused.error().silent && refused.error().code == Errc::conflict));
        const auto said = nlohmann::json::parse(told.out.str());
        CHECK(said["error"]["message"] == "a check failed");
        CHECK(said["checks"][0]["check"] == "disk");
        CHECK_THAT(told.err.str(), Catch::Contains("deploy pool: a check failed"));
    }
    SECTION("for people") {
        REQUIRE_ERR(refuse(told.ctx, "deploy pool", document, error), Errc::conflict, "a check");
        CHECK(told.out.str().empty());
    }
}
