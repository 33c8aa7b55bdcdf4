// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/id.h"
#include "server/service/room_book.h"
#include "server/service/touched.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pchat {

/// Something about a message that a user is to be told wherever it is.
struct Told {
    PrincipalId user;
    RoomId room;
    std::int64_t seq = 0;
    std::string text;  // as it goes to its sessions
};

/// An entry of this server's log once it is in the database.
struct LogNews {
    std::int64_t n = 0;  // 0: some other entry tells of it
    LogBody body;
};

/// The other servers of the pool, as far as something quicker than the database reaches them.
/// Nothing here waits, and everything may get lost.
class Peers {
public:
    virtual ~Peers() = default;
    /// Messages of one room, rising; before the entry that tells of them.
    virtual void said(RoomId room, std::span<const Remembered> messages) = 0;
    virtual void logged(const LogNews& entry, std::span<const Told> told) = 0;
    /// Messages of the room up to that one are in the database, and could not be shown here yet.
    virtual void behind(RoomId room, std::int64_t last) = 0;
    /// Somebody here is in the room now, or nobody any more.
    virtual void uses(RoomId room, bool used) = 0;
};

}  // namespace pchat
