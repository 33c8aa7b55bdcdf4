// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/id.h"
#include "server/domain/room.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// Messages without history up to `last` are gone from a room; `first` is the first one left.
struct Expiry {
    RoomId room;
    std::int64_t last = 0;
    std::int64_t first = 1;
};

/// What a commit changed besides messages, by number: whoever keeps it in memory reads it again.
struct Touched {
    std::vector<PrincipalId> principals;  // themselves, their parents or their admin roles
    std::vector<CategoryId> categories;   // with their lists
    std::vector<RoomId> rooms;            // with their lists
    std::vector<PrincipalId> signed_out;  // users whose tokens were revoked, all of them
    std::vector<TokenId> revoked;         // tokens that were revoked alone
    std::vector<RoomId> revised;          // their rev rose: messages changed, or were cleared
    std::vector<PrincipalId> watching;    // users whose keywords were replaced
    std::vector<Invitation> invited;      // to be told
    std::vector<Expiry> expired;
    std::vector<std::string> ended;         // sessions, wherever they are
    std::vector<PrincipalId> disconnected;  // users: their sessions that are open by then
    bool policies = false;                  // policies and grants
    bool config = false;
    bool addins = false;
    bool walls = false;
    bool topology = false;     // a version was published
    bool anybody_out = false;  // whoever is signed in may have been signed out; never in a log

    [[nodiscard]] bool empty() const {
        return principals.empty() && categories.empty() && rooms.empty() && signed_out.empty() &&
               revoked.empty() && revised.empty() && watching.empty() && invited.empty() &&
               expired.empty() && ended.empty() && disconnected.empty() && !policies && !config &&
               !addins && !walls && !topology && !anybody_out;
    }
    /// Who somebody is, what they may at all, or which walls stand between them.
    [[nodiscard]] bool concerns_people() const {
        return !principals.empty() || policies || walls || topology;
    }
};

/// Where a commit left a room.
struct Head {
    RoomId room;
    std::int64_t last = 0;   // number
    std::int64_t count = 1;  // of the commit's messages, which end with it
};

/// Who came into a room by way of a server, and who left it, all devices of a user together.
struct RoomVisits {
    RoomId room;
    std::vector<PrincipalId> joined;
    std::vector<PrincipalId> left;
};

/// What a server tells of who is there. Saying it twice does no harm.
struct PresenceNews {
    bool begins = false;  // whatever it told before is void
    std::vector<RoomVisits> rooms;

    [[nodiscard]] bool empty() const { return !begins && rooms.empty(); }
};

/// One entry of the origin log: where rooms stand now, and what else changed.
struct LogBody {
    std::vector<Head> heads;
    Touched touched;
    PresenceNews presence = {};
};

// LogEntry::kind; grows.
constexpr std::int64_t log_commit = 1;

std::string log_text(const LogBody& body);
Result<LogBody> read_log_text(std::string_view text);

}  // namespace pchat
