// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/id.h"
#include "server/service/peers.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::pool {

// What the servers of a pool tell each other over the bus.

/// What was said in one room.
struct Said {
    RoomId room;
    std::vector<Remembered> messages;
};

/// An entry of a server's log, and whom it concerns who may not be in its rooms.
struct Entry {
    ServerId server;
    LogNews logged;
    std::vector<Told> told;
};

std::string write_said(RoomId room, std::span<const Remembered> messages);
Result<Said> read_said(std::string_view bytes);

std::string write_entry(ServerId server, const LogNews& entry, std::span<const Told> told);
Result<Entry> read_entry(std::string_view bytes);

}  // namespace pchat::pool
