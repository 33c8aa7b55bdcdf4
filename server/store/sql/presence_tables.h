// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/presence.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Token> {
    static constexpr std::string_view table = "token";
    static constexpr auto columns = std::tuple{
        column("id", &Token::id, Part::key),
        column("uuid", &Token::uuid),
        column("secret_hash", &Token::secret_hash),
        column("user_id", &Token::user),
        column("parent_id", &Token::parent),
        column("kind", &Token::kind),
        column("role_mask", &Token::role_mask),
        column("scope", &Token::scope, Part::fixed, Letters::any),
        column("label", &Token::label, Part::fixed, Letters::any),
        column("created_at", &Token::created_at),
        column("expires_at", &Token::expires_at),
        column("used_at", &Token::used_at),
        column("revoked_at", &Token::revoked_at)};
};

template <>
struct Mapping<Connection> {
    static constexpr std::string_view table = "session";
    static constexpr auto columns = std::tuple{
        column("id", &Connection::id, Part::key),
        column("uuid", &Connection::uuid),
        column("server_id", &Connection::server),
        column("epoch", &Connection::epoch),
        column("user_id", &Connection::user),
        column("token_id", &Connection::token),
        column("protocol", &Connection::protocol),
        column("address", &Connection::address),
        column("agent", &Connection::agent, Part::fixed, Letters::any),
        column("connected_at", &Connection::connected_at)};
};

template <>
struct Mapping<Participant> {
    static constexpr std::string_view table = "participant";
    static constexpr auto columns = std::tuple{
        column("room_id", &Participant::room, Part::key),
        column("user_id", &Participant::user, Part::key),
        column("server_id", &Participant::server, Part::key),
        column("epoch", &Participant::epoch, Part::key),
        column("joined_at", &Participant::joined_at)};
};

}  // namespace pchat::sql
