// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <optional>
#include <string>

namespace pchat {

enum class TokenKind : std::uint8_t { sign_in = 1, api, ticket };

/// A sign-in, an API token or a ticket; of its secret only the hash.
struct Token {
    TokenId id;
    std::string uuid;
    std::string secret_hash;
    PrincipalId user;
    std::optional<TokenId> parent;  // the sign-in that a ticket belongs to
    TokenKind kind = TokenKind::sign_in;
    std::optional<std::int64_t> role_mask;  // narrows the user's roles
    std::optional<std::string> scope;       // JSON, narrows further
    std::string label;
    Microseconds created_at = 0;
    std::optional<Microseconds> expires_at;
    std::optional<Microseconds> used_at;
    std::optional<Microseconds> revoked_at;
};

enum class Protocol : std::uint8_t { websocket = 1, sip };

/// One connection of a user to one life of a server.
struct Connection {
    SessionId id;
    std::string uuid;  // made at connected_at, whose millisecond it begins with
    ServerId server;
    std::int64_t epoch = 0;
    PrincipalId user;
    std::optional<TokenId> token;
    Protocol protocol = Protocol::websocket;
    std::string address;
    std::string agent;
    Microseconds connected_at = 0;
};

/// A user in a room by way of one life of a server, however many devices.
struct Participant {
    RoomId room;
    PrincipalId user;
    ServerId server;
    std::int64_t epoch = 0;
    Microseconds joined_at = 0;
};

}  // namespace pchat
