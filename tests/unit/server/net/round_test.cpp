// SPDX-License-Identifier: Apache-2.0
#include "server/net/round.h"
#include "server/net/web_socket_stage.h"
#include "tests/support/catch.h"

#include <random>
#include <set>
#include <vector>

using namespace pchat;
using net::Round;

namespace {

/// As connections are kept.
struct Crowd {
    std::vector<int> people;
    int next = 0;

    void come(std::size_t count) {
        for (; count > 0; --count)
            people.push_back(next++);
    }
    void leave(std::size_t place) {
        people[place] = people.back();
        people.pop_back();
    }
};

}  // namespace

TEST_CASE("round: each has one turn, and a part is short", "[net]") {
    const std::size_t size = GENERATE(as<std::size_t>{}, 0, 1, 127, 128, 129, 9'500);
    Crowd crowd;
    crowd.come(size);
    Round round;
    for (int i = 0; i < 3; ++i) {
        std::multiset<int> seen;
        for (std::size_t part = 0; part < Round::parts(size); ++part) {
            const Round::Part now = round.next(size);
            CHECK(now.end - now.first <= Round::portion);
            for (std::size_t place = now.first; place < now.end; ++place)
                seen.insert(crowd.people[place]);
        }
        CHECK(seen == std::multiset<int>(crowd.people.begin(), crowd.people.end()));
    }
}

TEST_CASE("round: whoever stays for a round has a turn, whoever comes and goes", "[net]") {
    std::mt19937 random{GENERATE(1U, 2U, 3U, 4U)};
    Crowd crowd;
    crowd.come(2'000);
    Round round;
    (void)round.next(crowd.people.size());
    const std::set<int> there{crowd.people.begin(), crowd.people.end()};
    std::set<int> seen;
    // As many come as leave.
    for (std::size_t part = 0; part < 2 * Round::parts(there.size()); ++part) {
        const Round::Part now = round.next(crowd.people.size());
        for (std::size_t place = now.end; place-- > now.first;) {
            if (place >= crowd.people.size())
                continue;
            seen.insert(crowd.people[place]);
            if (random() % 10 == 0)
                crowd.leave(place);
        }
        for (std::size_t gone = random() % 40; gone > 0; --gone)
            crowd.leave(random() % crowd.people.size());
        crowd.come(random() % 60);
    }
    for (const int one : crowd.people)
        if (there.contains(one))
            CHECK(seen.contains(one));
}

TEST_CASE("round: more leave than a round has", "[net]") {
    Round round;
    CHECK(round.next(300).end == 300);
    const Round::Part rest = round.next(100);
    CHECK(rest.first == 0);
    CHECK(rest.end == 100);
    CHECK(round.next(100).end == 100);
    CHECK(round.next(0).end == 0);
}

TEST_CASE("round: those who were heard within a millisecond are not asked within one", "[net]") {
    using std::chrono::nanoseconds;
    const net::SteadyTime::duration interval = std::chrono::seconds{30};
    std::vector<int> seconds(31);
    for (int i = 0; i < 1'000; ++i) {
        const auto wait =
            net::patience(net::SteadyTime{nanoseconds{7'000'000'000 + i * 997}}, interval);
        CHECK(wait <= interval);
        CHECK(wait > interval * 3 / 4);
        ++seconds[static_cast<std::size_t>(wait / std::chrono::seconds{1})];
    }
    for (std::size_t second = 23; second < 30; ++second)
        CHECK(seconds[second] < 200);
}
