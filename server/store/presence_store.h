// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/presence.h"
#include "server/store/visit.h"

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace pchat {

class TokenStore {
public:
    virtual ~TokenStore() = default;

    virtual Result<void> insert(const Token& token) = 0;
    virtual Result<std::optional<Token>> find_secret(std::string_view secret_hash) = 0;
    /// Those of a kind that are in force, by number.
    virtual Result<std::vector<Token>> in_force(
        PrincipalId user, TokenKind kind, Microseconds now
    ) = 0;
    virtual Result<void> used(TokenId id, Microseconds at) = 0;
    /// Both: how many were in force until now.
    virtual Result<std::int64_t> revoke(std::string_view uuid, Microseconds at) = 0;
    virtual Result<std::int64_t> revoke_all(PrincipalId user, Microseconds at) = 0;
    /// Erases up to `limit` that expired before `at`; how many.
    virtual Result<std::int64_t> forget_expired(Microseconds at, int limit) = 0;
    /// The same of tickets alone.
    virtual Result<std::int64_t> forget_tickets(Microseconds at, int limit) = 0;
    virtual Result<std::optional<Token>> find(TokenId id) = 0;
};

/// Where a page of participants begins: after this one.
struct ParticipantPosition {
    RoomId room;
    PrincipalId user;
};

/// Who is connected to which server, and in which rooms.
class PresenceStore {
public:
    virtual ~PresenceStore() = default;

    virtual Result<void> connect(std::span<const Connection> connections) = 0;
    virtual Result<void> disconnect(std::span<const SessionId> ids) = 0;
    virtual Result<std::optional<Connection>> find_uuid(std::string_view uuid) = 0;
    virtual Result<std::vector<Connection>> of_user(PrincipalId user) = 0;
    virtual Result<std::int64_t> count() = 0;

    /// Those that are there already stay.
    virtual Result<void> join(std::span<const Participant> participants) = 0;
    virtual Result<void> part(std::span<const Participant> participants) = 0;
    virtual Result<std::vector<Participant>> in_room(RoomId room) = 0;

    /// Of all servers, in pages: those whose uuid comes behind `after`, in the order of the uuids.
    virtual Result<std::vector<Connection>> connections(std::string_view after, int limit) = 0;
    /// Of one life of a server, in pages: by room and user behind `after`.
    virtual Result<std::vector<Participant>> joined_by_way_of(
        ServerId server, std::int64_t epoch, const ParticipantPosition& after, int limit
    ) = 0;

    /// What the lives of a server up to that one left behind, up to `limit` at a time.
    virtual Result<std::vector<Participant>> left_in_rooms(
        ServerId server, std::int64_t epoch, int limit
    ) = 0;
    /// Erases up to `limit` connections of those lives; how many.
    virtual Result<std::int64_t> forget(ServerId server, std::int64_t epoch, int limit) = 0;
};

}  // namespace pchat
