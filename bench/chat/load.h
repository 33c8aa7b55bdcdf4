// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/private_server.h"
#include "tests/support/swarm.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::bench {

using Clock = std::chrono::steady_clock;
double seconds_since(Clock::time_point begun);
std::int64_t nanoseconds();

struct Latencies {
    std::vector<std::int64_t> values;  // nanoseconds
    void add(std::int64_t nanoseconds) { values.push_back(nanoseconds); }
    /// Milliseconds that this share stays within.
    double at(double share);
    /// "p50 1.20 p99 4.51 max 9.00 ms".
    std::string text();
};

using Choose = std::function<std::size_t(std::size_t)>;

/// The first users of a world.
std::vector<std::string> tokens_of(const test::World& world, std::size_t users);

/// Stored messages for the rooms from `first` on, as if they had been said and indexed. `body`
/// makes the text of a message; all are a microsecond apart.
struct History {
    std::size_t first = 0;
    std::size_t rooms = 1;
    std::int64_t messages = 0;  // of each
    std::function<std::string(std::uint64_t)> body = {};
    bool indexed = true;
};
void write_history(ContentDatabase& content, const test::World& world, const History& history);

std::string join_text(const std::string& room);

/// Joins peer i to the rooms that `rooms_of(i)` gives; returns how long it took.
double join_all(
    test::Swarm& swarm,
    const test::World& world,
    const std::function<std::vector<std::size_t>(std::size_t)>& rooms_of
);

/// A stream of messages as fast as `under_way` allows.
struct Stream {
    std::size_t total = 0;
    std::size_t under_way = 1;
    Choose room_of;
    Choose sender_of;
    std::uint64_t receivers = 0;  // of each message
    bool one_by_one = false;      // the next one leaves when everybody has the one before
};
/// Seconds until all are acknowledged and delivered.
double send_many(test::Swarm& swarm, const test::World& world, const Stream& stream);

/// Writes out what the file system holds back: what it took to get here is not what is measured,
/// and the next commit's sync would wait for it.
void settle_disk();

/// What is sent into a room as the message of that number.
using Text = std::function<std::string(std::size_t room, std::uint64_t number)>;
Text requests_to(const test::World& world);

/// A paced stream.
struct Pace {
    double per_second = 1;
    std::chrono::seconds length{1};
    Choose room_of;
    Choose sender_of;
    Choose kind_of;       // which part of Delays::kinds a message counts for
    Choose receivers_of;  // of a room
    Text text_of;
    bool answered = true;  // the floor answers nobody
};
/// Into one room, by its members in turn.
Pace pace_into(const test::World& world, std::size_t room, std::size_t members);
struct Delays {
    std::size_t sent = 0;
    Latencies answers;     // send to answer
    Latencies deliveries;  // send to each receiver
    struct Kind {
        Latencies deliveries;
        Latencies messages;  // send to the last receiver
    };
    std::map<std::size_t, Kind> kinds;
    Latencies messages;  // of all kinds
    struct Message {
        std::size_t kind = 0;
        std::int64_t at = 0;
        std::int64_t answer = 0;  // both after `at`
        std::int64_t last = 0;
    };
    std::vector<Message> all;  // that reached everybody
};
Delays send_paced(test::Swarm& swarm, const Pace& pace);

}  // namespace pchat::bench
