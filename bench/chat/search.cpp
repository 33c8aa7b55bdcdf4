// SPDX-License-Identifier: Apache-2.0
#include "bench/chat/load.h"
#include "bench/chat/scenarios.h"

#include <fmt/format.h>

#include <cmath>
#include <random>

namespace pchat::bench {
using namespace pchat::test;

using namespace std::chrono_literals;

namespace {

constexpr std::size_t rooms = 100;
constexpr std::int64_t messages_a_room = 10'000;
constexpr std::size_t words_a_message = 12;
constexpr std::size_t vocabulary = 20'000;
constexpr std::uint64_t rare_every = 50'000;  // messages

/// A text whose words come as often as in people's: the n-th 1/n times the first.
std::string a_text(std::uint64_t number) {
    static std::mt19937_64 random{7};
    std::uniform_real_distribution<double> share{0, std::log(static_cast<double>(vocabulary))};
    std::string out;
    for (std::size_t i = 0; i < words_a_message; ++i)
        out += fmt::format("w{} ", static_cast<std::size_t>(std::exp(share(random))));
    if (number % rare_every == 0)
        out += "needle";
    return out;
}

/// Whether the index lacks nothing.
bool is_indexed(ContentDatabase& content) {
    bool out = false;
    const Result<void> read = content.read("looking", [&](ContentTransaction& tx) -> Result<void> {
        const auto behind = tx.search().behind({}, 1'000'000'000, 1);
        out = behind && behind->empty();
        return {};
    });
    return read && out;
}

Delays chat_beside(const PrivateServer& server, const World& world, std::chrono::seconds length) {
    constexpr std::size_t members = 100;
    Swarm swarm{server.port()};
    swarm.connect(tokens_of(world, members));
    join_all(swarm, world, [](std::size_t) { return std::vector{rooms}; });
    Pace pace = pace_into(world, rooms, members);
    pace.per_second = 50;
    pace.length = length;
    return send_paced(swarm, pace);
}

void print_search(
    const PrivateServer& server, const World& world, std::string_view what, std::string_view words
) {
    Swarm swarm{server.port()};
    swarm.connect({world.tokens[0]});
    Latencies took;
    std::int64_t asked = 0;
    std::size_t answers = 0;
    std::size_t found = 0;
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            took.add(nanoseconds() - asked);
            found = 0;
            for (std::size_t at = text.find("\"seq\":"); at != std::string_view::npos;
                 at = text.find("\"seq\":", at + 1))
                ++found;
            ++answers;
        },
        false
    );
    for (std::size_t i = 0; i < 300; ++i) {
        asked = nanoseconds();
        swarm.send(
            swarm.peers()[0],
            fmt::format(R"({{"type":"search","id":"s","text":"{}","limit":50}})", words)
        );
        swarm.run(10s, [&] { return answers > i; });
    }
    fmt::print(
        "search in {} messages, {}: p50 {:.2f} p99 {:.2f} ms, {} found\n",
        rooms * messages_a_room,
        what,
        took.at(0.5),
        took.at(0.99),
        found
    );
}

void print_chat(std::string_view when, Delays delays) {
    fmt::print(
        "search: chat at 50/s into a room of 100 {}: answer p50 {:.2f} p99 {:.2f} ms, delivery p50 "
        "{:.2f} p99 {:.2f} ms\n",
        when,
        delays.answers.at(0.5),
        delays.answers.at(0.99),
        delays.deliveries.at(0.5),
        delays.deliveries.at(0.99)
    );
}

}  // namespace

void search(const std::string& engine) {
    PrivateContent database{engine};
    const World world = make_world(database.content(), 100, rooms + 1);
    History history;
    history.rooms = rooms;
    history.messages = messages_a_room;
    history.body = a_text;
    history.indexed = false;
    write_history(database.content(), world, history);
    PrivateServer server{database};
    const auto begun = Clock::now();
    const double cpu = server.cpu_seconds();
    print_chat("while all of it is indexed", chat_beside(server, world, 10s));
    Swarm pause{server.port()};
    while (!is_indexed(database.content()) && seconds_since(begun) < 1'800)
        pause.run(200ms, [] { return false; });
    const double took = seconds_since(begun);
    fmt::print(
        "search: {} messages of {} words indexed in {:.0f} s: {:.0f}/s, server {:.2f} cores\n",
        rooms * messages_a_room,
        words_a_message,
        took,
        static_cast<double>(rooms * messages_a_room) / took,
        (server.cpu_seconds() - cpu) / took
    );
    print_chat("afterwards", chat_beside(server, world, 10s));
    print_search(server, world, "a rare word", "needle");
    print_search(server, world, "a common word", "w1");
    print_search(server, world, "two common words", "w1 w2");
    print_search(server, world, "a common and a rare word", "w1 needle");
}

}  // namespace pchat::bench
