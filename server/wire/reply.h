// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/wire/message.h"
#include "server/wire/room_facts.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace pchat::wire {

class FieldWriter;

// What requests are answered with. Each `reply` gives the whole text frame.

/// Messages of a room that were taken away or got another text.
struct Removal {
    std::int64_t rev = 0;
    std::vector<std::int64_t> seqs;
    std::optional<std::string> replacement;
};

struct JoinReply {
    RoomFacts room;
    std::int64_t head = 0;   // the last seq
    std::int64_t first = 1;  // the first that still exists
    std::int64_t rev = 0;
    std::vector<MessageText> messages;  // rising
    bool more = false;                  // there is more after the last of them
    std::vector<Removal> removed;       // since the rev that the client has
    bool gap = false;                   // some of what the client missed no longer exists
    std::optional<std::vector<Participant>> participants;  // none: too many to name
    std::int64_t participant_count = 0;
};

/// One room of a join that asked for several.
struct JoinRefused {
    std::string room;  // as it was asked for
    Error error;
};
struct JoinSeveralReply {
    std::vector<std::variant<JoinReply, JoinRefused>> rooms;  // in the order of the request
};

struct SendReply {
    std::int64_t seq = 0;
    Microseconds at = 0;
};

struct HistoryReply {
    std::vector<MessageText> messages;  // rising
    bool more = false;
};

struct SearchReply {
    struct Found {
        std::string room;  // its id
        MessageText message;
    };
    std::vector<Found> messages;
    std::optional<std::string> cursor;
};

struct RoomsReply {
    std::vector<RoomFacts> rooms;
    std::optional<std::string> cursor;
};

struct RosterReply {
    std::vector<Participant> participants;
};

struct InvitationsReply {
    struct Item {
        std::int64_t sequence = 0;
        std::string room;  // its id
        std::string name;
        std::string by;
        Microseconds at = 0;
    };
    std::vector<Item> invitations;
    std::int64_t last = 0;  // the highest sequence there is
};

struct UnreadReply {
    struct Item {
        std::string room;  // its id
        std::int64_t head = 0;
        std::int64_t read = 0;
        std::int64_t unread = 0;
        std::int64_t mentions = 0;
    };
    std::vector<Item> rooms;
};

struct Pong {
    Microseconds time = 0;
};

struct Done {};  // nothing to say but ok

std::string reply(std::string_view id, const JoinReply& body);
std::string reply(std::string_view id, const JoinSeveralReply& body);
std::string reply(std::string_view id, const SendReply& body);
std::string reply(std::string_view id, const HistoryReply& body);
std::string reply(std::string_view id, const SearchReply& body);
std::string reply(std::string_view id, const RoomsReply& body);
std::string reply(std::string_view id, const RosterReply& body);
std::string reply(std::string_view id, const InvitationsReply& body);
std::string reply(std::string_view id, const UnreadReply& body);
std::string reply(std::string_view id, const Pong& body);
std::string reply(std::string_view id, const Done& body);

void write(FieldWriter& fields, const Removal& removal);

/// `id` is null for a request whose id could not be read.
std::string refusal(std::string_view id, const Error& error);

/// `"code":...,"message":...` with hint and field when there are any, without braces.
std::string error_fields(const Error& error);

}  // namespace pchat::wire
