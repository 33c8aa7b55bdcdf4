// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/wire/reply.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::wire {

// What the server says unasked. Rooms are named by id; each `event` gives the whole text frame.

struct ServerLimits {
    std::int64_t message = 0;  // code points
    std::int64_t story = 0;
    std::int64_t file_kb = 0;
    std::int64_t search = 0;        // messages in one answer
    std::int64_t participants = 0;  // rooms with more are not told who comes and goes
    std::int64_t history = 0;       // messages at joining
};

/// The first after signing in.
struct Welcome {
    std::string session;
    std::string user;
    std::string display;
    std::string server;
    std::vector<std::string> servers;  // where to go when this one is lost
    ServerLimits limits;
    Microseconds time = 0;
};

/// Made from what message_fields gave.
struct MessageEvent {
    std::string_view room;
    std::string_view fields;
};

/// Who came and went since the last one.
struct RosterEvent {
    std::string room;
    std::vector<Participant> joined;
    std::vector<std::string> left;  // users
    std::int64_t count = 0;
    bool count_only = false;  // too many to name: only the count is written
};

struct InvitedEvent {
    std::string room;
    std::string name;
    std::string by;
    std::int64_t sequence = 0;
};

struct RemovedEvent {
    std::string room;
    Removal removal;
};

struct ClearedEvent {
    std::string room;
    std::int64_t rev = 0;
    std::int64_t first = 1;
};

/// Only what changed is set.
struct RoomEvent {
    std::string room;
    std::optional<std::string> name;
    std::optional<RoomType> type;
    std::optional<RoomPrivacy> privacy;
    std::optional<std::string> description;
    std::optional<std::string> category;
    std::optional<std::optional<AddinFacts>> addin;  // set and empty: taken away, written as null
    std::optional<std::vector<std::string_view>> may;
    std::optional<bool> disabled;
};

struct GoneEvent {
    enum class Reason : std::uint8_t { access, disabled, deleted };
    std::string room;
    Reason reason = Reason::access;
};

struct NoticeEvent {
    std::string room;
    std::int64_t seq = 0;
    std::string keyword;
};

struct MovedEvent {
    enum class Reason : std::uint8_t { drain, shutdown, full, standby };
    Reason reason = Reason::drain;
    std::vector<std::string> servers;
};

std::string event(const Welcome& welcome);
std::string event(const MessageEvent& message);
std::string event(const RosterEvent& roster);
std::string event(const InvitedEvent& invited);
std::string event(const RemovedEvent& removed);
std::string event(const ClearedEvent& cleared);
std::string event(const RoomEvent& room);
std::string event(const GoneEvent& gone);
std::string event(const NoticeEvent& notice);
std::string event(const MovedEvent& moved);

}  // namespace pchat::wire
