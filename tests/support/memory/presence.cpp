// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/presence.h"

namespace pchat::test {
namespace {

bool is_in_force(const Token& token, Microseconds now) {
    return !token.revoked_at && (!token.expires_at || *token.expires_at > now);
}

/// Revokes those that fit and are in force; how many.
template <class Fits>
std::int64_t revoke_where(MemoryState& state, Microseconds at, Fits fits) {
    std::int64_t revoked = 0;
    for (auto& [id, token] : state.tokens)
        if (fits(token) && is_in_force(token, at)) {
            token.revoked_at = at;
            ++revoked;
        }
    return revoked;
}

/// Erases up to `limit` of those that fit, the oldest first; how many.
template <class Fits>
std::int64_t forget_where(MemoryState& state, int limit, Fits fits) {
    auto expired = values_of(state.tokens, fits);
    std::stable_sort(expired.begin(), expired.end(), [](const Token& a, const Token& b) {
        return a.expires_at < b.expires_at;
    });
    if (expired.size() > static_cast<std::size_t>(limit))
        expired.resize(static_cast<std::size_t>(limit));
    for (const Token& token : expired)
        state.tokens.erase(token.id);
    return static_cast<std::int64_t>(expired.size());
}

auto key_of(const Participant& one) {
    return std::tuple{one.room, one.user, one.server, one.epoch};
}

}  // namespace

Result<void> MemoryTokenStore::insert(const Token& token) {
    if (!state_.principals.contains(token.user))
        return refuse(state_, "there is no such user");
    const bool taken = value_of(state_.tokens, [&](const Token& one) {
                           return one.uuid == token.uuid || one.secret_hash == token.secret_hash;
                       }).has_value();
    if (taken || !state_.tokens.emplace(token.id, token).second)
        return refuse(state_, "that token is there");
    return {};
}

Result<std::optional<Token>> MemoryTokenStore::find_secret(std::string_view secret_hash) {
    return value_of(state_.tokens, [&](const Token& one) {
        return one.secret_hash == secret_hash;
    });
}

Result<std::optional<Token>> MemoryTokenStore::find(TokenId id) {
    return value_of(state_.tokens, [&](const Token& one) { return one.id == id; });
}

Result<std::vector<Token>> MemoryTokenStore::in_force(
    PrincipalId user, TokenKind kind, Microseconds now
) {
    return values_of(state_.tokens, [&](const Token& one) {
        return one.user == user && one.kind == kind && is_in_force(one, now);
    });
}

Result<void> MemoryTokenStore::used(TokenId id, Microseconds at) {
    if (const auto token = state_.tokens.find(id); token != state_.tokens.end())
        token->second.used_at = at;
    return {};
}

Result<std::int64_t> MemoryTokenStore::revoke(std::string_view uuid, Microseconds at) {
    return revoke_where(state_, at, [&](const Token& one) { return one.uuid == uuid; });
}

Result<std::int64_t> MemoryTokenStore::revoke_all(PrincipalId user, Microseconds at) {
    return revoke_where(state_, at, [&](const Token& one) { return one.user == user; });
}

Result<std::int64_t> MemoryTokenStore::forget_expired(Microseconds at, int limit) {
    return forget_where(state_, limit, [&](const Token& one) {
        return one.expires_at && *one.expires_at < at;
    });
}

Result<std::int64_t> MemoryTokenStore::forget_tickets(Microseconds at, int limit) {
    return forget_where(state_, limit, [&](const Token& one) {
        return one.expires_at && *one.expires_at < at && one.kind == TokenKind::ticket;
    });
}

Result<void> MemoryPresenceStore::connect(std::span<const Connection> connections) {
    for (const Connection& connection : connections) {
        const bool taken = find_uuid(connection.uuid)->has_value();
        if (taken || !state_.connections.emplace(connection.id, connection).second)
            return refuse(state_, "that session is there");
    }
    return {};
}

Result<void> MemoryPresenceStore::disconnect(std::span<const SessionId> ids) {
    for (const SessionId id : ids)
        state_.connections.erase(id);
    return {};
}

Result<std::optional<Connection>> MemoryPresenceStore::find_uuid(std::string_view uuid) {
    return value_of(state_.connections, [&](const Connection& one) { return one.uuid == uuid; });
}

Result<std::vector<Connection>> MemoryPresenceStore::of_user(PrincipalId user) {
    return values_of(state_.connections, [&](const Connection& one) { return one.user == user; });
}

Result<std::int64_t> MemoryPresenceStore::count() {
    return static_cast<std::int64_t>(state_.connections.size());
}

Result<void> MemoryPresenceStore::join(std::span<const Participant> participants) {
    for (const Participant& participant : participants)
        state_.participants.emplace(key_of(participant), participant);
    return {};
}

Result<void> MemoryPresenceStore::part(std::span<const Participant> participants) {
    for (const Participant& participant : participants)
        state_.participants.erase(key_of(participant));
    return {};
}

Result<std::vector<Participant>> MemoryPresenceStore::in_room(RoomId room) {
    return values_of(state_.participants, [&](const Participant& one) { return one.room == room; });
}

Result<std::vector<Connection>> MemoryPresenceStore::connections(
    std::string_view after, int limit
) {
    auto out =
        values_of(state_.connections, [&](const Connection& one) { return after < one.uuid; });
    std::sort(out.begin(), out.end(), [](const Connection& a, const Connection& b) {
        return a.uuid < b.uuid;
    });
    if (out.size() > static_cast<std::size_t>(limit))
        out.resize(static_cast<std::size_t>(limit));
    return out;
}

Result<std::vector<Participant>> MemoryPresenceStore::joined_by_way_of(
    ServerId server, std::int64_t epoch, const ParticipantPosition& after, int limit
) {
    return values_of(
        state_.participants,
        [&](const Participant& one) {
            return one.server == server && one.epoch == epoch &&
                   std::tie(after.room, after.user) < std::tie(one.room, one.user);
        },
        static_cast<std::size_t>(limit)
    );
}

Result<std::vector<Participant>> MemoryPresenceStore::left_in_rooms(
    ServerId server, std::int64_t epoch, int limit
) {
    return values_of(
        state_.participants,
        [&](const Participant& one) { return one.server == server && one.epoch <= epoch; },
        static_cast<std::size_t>(limit)
    );
}

Result<std::int64_t> MemoryPresenceStore::forget(ServerId server, std::int64_t epoch, int limit) {
    const auto left = values_of(
        state_.connections,
        [&](const Connection& one) { return one.server == server && one.epoch <= epoch; },
        static_cast<std::size_t>(limit)
    );
    for (const Connection& connection : left)
        state_.connections.erase(connection.id);
    return static_cast<std::int64_t>(left.size());
}

}  // namespace pchat::test
