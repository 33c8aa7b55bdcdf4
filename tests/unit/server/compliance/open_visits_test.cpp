// SPDX-License-Identifier: Apache-2.0
#include "server/compliance/open_visits.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

using namespace pchat;
using Numbers = std::vector<std::int64_t>;

namespace {

ArchivedEvent event(std::int64_t n, std::int64_t kind, const std::string& user) {
    ArchivedEvent out;
    out.uuid = fmt::format("{}", n);
    out.n = n;
    out.kind = kind;
    out.room_uuid = "Lobby";
    out.user_uuid = user;
    out.body = user;
    return out;
}

ArchivedEvent join(std::int64_t n, const std::string& user) {
    return event(n, compliance_join, user);
}

ArchivedEvent part(std::int64_t n, const std::string& user) {
    return event(n, compliance_part, user);
}

std::vector<std::string> left(OpenVisits& visits) {
    return visits.take(1'000'000);
}

/// As somebody sees it who begins at the mark.
OpenVisits from(const VisitMark& mark, const std::vector<ArchivedEvent>& story) {
    OpenVisits out;
    for (const std::int64_t n : mark.joins)
        out.add(story[static_cast<std::size_t>(n) - 1]);
    for (std::size_t i = static_cast<std::size_t>(mark.n); i < story.size(); ++i)
        out.add(story[i]);
    return out;
}

}  // namespace

TEST_CASE("open visits: who came and has not left, as often as that", "[former]") {
    OpenVisits visits;
    CHECK(visits.empty());
    visits.add(part(1, "dan"));  // whose join is long gone
    visits.add(join(2, "ann"));
    visits.add(join(3, "bob"));
    visits.add(join(4, "ann"));  // with another device
    visits.add(part(5, "bob"));
    visits.add(join(6, "dan"));
    ArchivedEvent again = part(7, "ann");
    visits.add(again);
    again.n = 8;  // the answer to its COMMIT was lost
    visits.add(again);
    visits.add(event(9, compliance_chat, "bob"));
    CHECK(visits.take(1) == std::vector<std::string>{"ann"});
    CHECK_FALSE(visits.empty());
    CHECK(left(visits) == std::vector<std::string>{"dan"});
    CHECK(visits.empty());
}

TEST_CASE("open visits: a mark is text and back", "[former]") {
    for (const Numbers& joins : {Numbers{}, Numbers{7}, Numbers{7, 311}}) {
        const VisitMark mark = read_visit_mark(write_visit_mark({12'034, joins}));
        CHECK(mark.n == 12'034);
        CHECK(mark.joins == joins);
    }
    CHECK(write_visit_mark({12, {3, 5}}) == "12 3 5");
    for (const char* text : {"", "x", "12 x", " 12", "12  3"}) {
        INFO(text);
        CHECK(read_visit_mark(text).n == 0);
        CHECK(read_visit_mark(text).joins.empty());
    }
}

TEST_CASE("open visits: a mark moves on although somebody stays for ever", "[former]") {
    OpenVisits visits;
    visits.add(join(1, "bot"));
    std::int64_t n = 1;
    Numbers marks;
    for (int day = 0; day < 3; ++day) {
        for (int i = 0; i < 500; ++i)
            visits.add(join(++n, fmt::format("{}", i)));
        CHECK_FALSE(visits.settle(n));  // too many are there
        for (int i = 0; i < 500; ++i)
            visits.add(part(++n, fmt::format("{}", i)));
        const auto mark = visits.settle(n);
        REQUIRE(mark);
        CHECK(mark->joins == Numbers{1});
        marks.push_back(mark->n);
    }
    CHECK(marks == Numbers{501, 1'501, 2'501});
}

TEST_CASE("open visits: from whichever mark, it comes to the same end", "[former]") {
    const unsigned seed = GENERATE(range(1U, 21U));
    INFO(seed);
    std::mt19937 dice{seed};
    // Enough people that many points have too many of them to become a mark at once.
    const int people = seed % 2 == 0 ? 12 : 600;
    std::map<std::string, int> inside;
    std::vector<ArchivedEvent> story;
    while (story.size() < 4'000) {
        const auto n = static_cast<std::int64_t>(story.size()) + 1;
        const std::string user = fmt::format("{}", dice() % static_cast<unsigned>(people));
        int& devices = inside[user];
        const bool comes = devices == 0 || (devices < 3 && dice() % 4 == 0);
        devices += comes ? 1 : -1;
        story.push_back(comes ? join(n, user) : part(n, user));
    }
    OpenVisits visits;
    std::vector<VisitMark> marks;
    for (const ArchivedEvent& one : story) {
        visits.add(one);
        if (one.n % 50 == 0)
            if (const auto mark = visits.settle(one.n))
                marks.push_back(*mark);
    }
    CHECK(marks.size() > 3);
    const auto expected = left(visits);
    for (const VisitMark& mark : marks) {
        OpenVisits other = from(mark, story);
        REQUIRE(left(other) == expected);
    }
}
