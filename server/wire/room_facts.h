// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::wire {

enum class RoomType : std::uint8_t { normal, auditorium };
enum class RoomPrivacy : std::uint8_t { open, closed, secret };

struct AddinFacts {
    std::string name;
    std::string url;
};

/// What the user is told of a room.
struct RoomFacts {
    std::string id;
    std::string name;
    RoomType type = RoomType::normal;
    RoomPrivacy privacy = RoomPrivacy::closed;
    std::string description;
    std::optional<AddinFacts> addin;
    std::vector<std::string_view> may;  // what this user may do there: literals
    std::string category;               // its name; left out when empty
    bool disabled = false;              // written only when it is so
};

/// A user in a room, however many devices.
struct Participant {
    std::string user;  // "sip:alice@contoso.example"
    std::string display;
};

std::string_view word(RoomType type);
std::string_view word(RoomPrivacy privacy);

void append(std::string& out, const RoomFacts& room);
void append(std::string& out, const AddinFacts& addin);
void append(std::string& out, const Participant& participant);

}  // namespace pchat::wire
