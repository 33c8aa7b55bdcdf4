// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "topology/capacity.h"
#include "topology/parse.h"
#include "topology/rules/rules.h"
#include "topology/thousands.h"

#include <algorithm>
#include <string>

using namespace pchat;
using namespace pchat::topology;

namespace {

std::vector<CapacityRow> rows_of(const std::string& spec) {
    const Parsed parsed = parse("t.yaml", "spec:\n" + spec);
    return capacity_rows(parsed.model, judge(parsed, {.today = {2026, 11, 21}}));
}

CapacityRow row(const std::vector<CapacityRow>& rows, const std::string& rule) {
    const auto found = std::find_if(rows.begin(), rows.end(), [&](const CapacityRow& candidate) {
        return candidate.rule == rule;
    });
    REQUIRE(found != rows.end());
    return *found;
}

std::string pool(int active, const std::string& more = "") {
    std::string text = "  pools:\n    - fqdn: p.x.example\n" + more + "      machines:\n";
    for (int i = 0; i < active; ++i)
        text += "        - {fqdn: m" + std::to_string(i) + ".x.example}\n";
    return text;
}

}  // namespace

TEST_CASE("capacity: figures are shared out over the active machines, rounded up", "[capacity]") {
    const auto rows = rows_of("  capacity: {concurrentUsers: 60001}\n" + pool(4));
    CHECK(row(rows, "CAP-01").planned == 15'001);
    CHECK(row(rows, "CAP-01").verdict == "ok");
    CHECK(row(rows, "CAP-05").planned == 20'001);
    CHECK(row(rows, "CAP-05").verdict == "warning");
    CHECK(row(rows, "CAP-05").warn_above == 20'000);
    CHECK_FALSE(row(rows, "CAP-05").limit.has_value());
    CHECK(row(rows, "CAP-02").planned == 60'001);
}

TEST_CASE("capacity: what breaks a limit is over, and only that", "[capacity]") {
    const auto rows = rows_of(
        "  capacity: {provisionedUsers: 150000, concurrentUsers: 80001, endpoints: 120001, "
        "aclEntries: 2000001, invitations: 1500000}\n" +
        pool(4)
    );
    CHECK(row(rows, "CAP-01").verdict == "over");
    CHECK(row(rows, "CAP-02").verdict == "over");
    CHECK(row(rows, "CAP-03").verdict == "over");
    CHECK(row(rows, "CAP-04").verdict == "ok");
    CHECK(row(rows, "CAP-06").verdict == "warning");
    CHECK(row(rows, "CAP-07").verdict == "over");
    CHECK(row(rows, "CAP-08").verdict == "warning");
}

TEST_CASE("capacity: a figure that nobody stated is said to be so", "[capacity]") {
    const auto rows = rows_of(pool(2));
    CHECK(rows.size() == 8);
    for (const CapacityRow& each : rows) {
        INFO(each.rule);
        CHECK_FALSE(each.planned.has_value());
        CHECK(each.verdict == "not stated");
    }
}

TEST_CASE("capacity: with one active machine there is none to lose", "[capacity]") {
    const auto rows = rows_of("  capacity: {concurrentUsers: 100}\n" + pool(1));
    CHECK(row(rows, "CAP-05").verdict == "not applicable");
    CHECK(row(rows, "CAP-01").planned == 100);
}

TEST_CASE("capacity: the sum of the pools counts where the deployment states less", "[capacity]") {
    const auto rows = rows_of(
        "  capacity: {concurrentUsers: 10}\n" +
        pool(4, "      capacity: {concurrentUsers: 70000}\n")
    );
    CHECK(row(rows, "CAP-03").planned == 70'000);
}

TEST_CASE("capacity: an accepted warning is no warning", "[capacity]") {
    const auto rows = rows_of(
        "  capacity: {concurrentUsers: 80000}\n"
        "  accept: [{rule: CAP-05, on: p.x.example, reason: spare parts in the cellar}]\n" +
        pool(4)
    );
    CHECK(row(rows, "CAP-05").verdict == "accepted");
}

TEST_CASE("capacity: a figure is over even where a closer rule speaks for it", "[capacity]") {
    const auto rows = rows_of(
        "  capacity: {concurrentUsers: 25000}\n"
        "  frontEnds: [{fqdn: se.x.example, edition: standard}]\n" +
        pool(1, "      nextHop: se.x.example\n")
    );
    CHECK(row(rows, "CAP-01").verdict == "over");
}

TEST_CASE("capacity: the published model adds up", "[capacity]") {
    for (const UserModelRow& each : published_user_model()) {
        if (each.what == "rooms" || each.what == "entries in membership lists" ||
            each.what == "invitations") {
            const auto value = [](std::string_view text) {
                std::string digits{text};
                digits.erase(std::remove(digits.begin(), digits.end(), ','), digits.end());
                return std::stoll(digits);
            };
            INFO(each.what);
            CHECK(value(each.small) + value(each.medium) + value(each.large) == value(each.total));
        }
    }
}

TEST_CASE("thousands: groups of three, also of negative numbers", "[capacity]") {
    CHECK(with_thousands(0) == "0");
    CHECK(with_thousands(999) == "999");
    CHECK(with_thousands(1000) == "1,000");
    CHECK(with_thousands(1'160'000) == "1,160,000");
    CHECK(with_thousands(-1000) == "-1,000");
}
