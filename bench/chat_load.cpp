// SPDX-License-Identifier: Apache-2.0
#include "bench/chat_load.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <map>

namespace pchat::bench {
using namespace pchat::test;

using namespace std::chrono_literals;

double seconds_since(Clock::time_point begun) {
    return std::chrono::duration<double>(Clock::now() - begun).count();
}

std::int64_t nanoseconds() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(Clock::now().time_since_epoch())
        .count();
}

std::string join_text(const std::string& room) {
    return fmt::format(R"({{"type":"join","id":"j","room":"{}"}})", room);
}

std::string send_text(const std::string& room, std::uint64_t number) {
    // 300 bytes on the wire, the moment of sending among them.
    return fmt::format(
        R"({{"type":"send","id":"{}","room":"{}","key":"k{}","body":"t{:020d}{}"}})",
        number,
        room,
        number,
        nanoseconds(),
        std::string(80, 'x')
    );
}

/// When it was sent, of an event whose body begins with t and digits.
std::int64_t sent_at(std::string_view text) {
    const std::size_t at = text.find(R"("body":"t)");
    std::int64_t out = 0;
    if (at != std::string_view::npos)
        std::from_chars(text.data() + at + 9, text.data() + at + 29, out);
    return out;
}

bool is(std::string_view text, std::string_view type) {
    return text.substr(0, 24).find(type) != std::string_view::npos;
}

/// Joins peer i to the rooms that `rooms_of(i)` gives; returns how long it took.
double join_all(
    Swarm& swarm,
    const World& world,
    const std::function<std::vector<std::size_t>(std::size_t)>& rooms_of
) {
    std::size_t wanted = 0;
    std::size_t joined = 0;
    std::size_t refused = 0;
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            if (is(text, R"("ok")"))
                ++joined;
            else if (is(text, R"("err")") && ++refused == 1)
                std::cerr << "refused: " << text << '\n';
        },
        false
    );
    const auto begun = Clock::now();
    for (Swarm::Peer& peer : swarm.peers()) {
        for (const std::size_t room : rooms_of(peer.index)) {
            swarm.send(peer, join_text(world.room_uuids[room]));
            ++wanted;
        }
        if (wanted > joined + refused + 2'000)
            swarm.run(60s, [&] { return wanted <= joined + refused + 1'000; });
    }
    if (!swarm.run(120s, [&] { return joined + refused + swarm.lost() >= wanted; }))
        std::cerr << "only " << joined << " of " << wanted << " joins were answered\n";
    return seconds_since(begun);
}

/// Sends with so many messages under way until `total` are acknowledged; returns the seconds.
double send_many(
    Swarm& swarm,
    const World& world,
    std::size_t total,
    std::size_t under_way,
    const std::function<std::size_t(std::size_t)>& room_of,
    const std::function<std::size_t(std::size_t)>& sender_of,
    std::uint64_t deliveries
) {
    static std::uint64_t number = 0;
    std::size_t sent = 0;
    std::size_t acknowledged = 0;
    std::size_t refused = 0;
    const std::uint64_t before = swarm.messages();
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            if (is(text, R"("ok")"))
                ++acknowledged;
            else if (is(text, R"("err")") && ++refused == 1)
                std::cerr << "refused: " << text << '\n';
        },
        false
    );
    const auto begun = Clock::now();
    const bool done = swarm.run(300s, [&] {
        while (sent < total && sent < acknowledged + refused + under_way) {
            swarm.send(
                swarm.peers()[sender_of(sent)], send_text(world.room_uuids[room_of(sent)], ++number)
            );
            ++sent;
        }
        return acknowledged + refused >= total && swarm.messages() - before >= deliveries;
    });
    if (!done || refused > 0)
        fmt::print(
            "  NOT COMPLETE: {} acknowledged, {} refused, {} of {} deliveries, {} lost\n",
            acknowledged,
            refused,
            swarm.messages() - before,
            deliveries,
            swarm.lost()
        );
    return seconds_since(begun);
}

/// A paced stream; the latency of every delivery that is looked at.
void paced(
    Swarm& swarm,
    const World& world,
    double per_second,
    std::chrono::seconds length,
    const std::function<std::size_t(std::size_t)>& room_of,
    const std::function<std::size_t(std::size_t)>& sender_of,
    std::string_view name
) {
    Latencies deliveries;
    Latencies answers;
    std::map<std::uint64_t, std::int64_t> asked;
    std::uint64_t number = 1'000'000'000;
    swarm.on_frame(
        [&](Swarm::Peer&, std::string_view text) {
            if (const std::int64_t at = sent_at(text); at != 0)
                deliveries.add(nanoseconds() - at);
            else if (is(text, R"("ok")")) {
                const std::size_t id = text.find(R"("id":")");
                std::uint64_t which = 0;
                std::from_chars(text.data() + id + 6, text.data() + text.size(), which);
                answers.add(nanoseconds() - asked[which]);
            }
        },
        true
    );
    const auto begun = Clock::now();
    std::size_t sent = 0;
    swarm.run(length, [&] {
        while (static_cast<double>(sent) < seconds_since(begun) * per_second) {
            asked[++number] = nanoseconds();
            swarm.send(
                swarm.peers()[sender_of(sent)], send_text(world.room_uuids[room_of(sent)], number)
            );
            ++sent;
        }
        return false;
    });
    fmt::print(
        "{}: {} messages: answer p50 {:.2f} p99 {:.2f} ms; delivery p50 {:.2f} p99 {:.2f} max "
        "{:.2f} ms over {} deliveries\n",
        name,
        sent,
        answers.at(0.5),
        answers.at(0.99),
        deliveries.at(0.5),
        deliveries.at(0.99),
        deliveries.at(1),
        deliveries.values.size()
    );
}

}  // namespace pchat::bench
