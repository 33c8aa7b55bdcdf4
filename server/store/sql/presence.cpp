// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/presence.h"

#include "server/store/sql/presence_tables.h"

#include <map>
#include <tuple>

namespace pchat::sql {
namespace {

const Statement token_by_secret{
    "token by secret", "select {columns token} from token where secret_hash = :secret_hash"};

const Statement token_by_id{"token by id", "select {columns token} from token where id = :id"};

const Statement tokens_in_force{
    "tokens of a user in force",
    "select {columns token} from token where user_id = :user_id and kind = :kind "
    "and revoked_at is null and (expires_at is null or expires_at > :now) order by id"};

const Statement token_used{"token used", "update token set used_at = :at where id = :id"};

const Statement token_revoke{
    "token revoke",
    "update token set revoked_at = :at where uuid = :uuid and revoked_at is null "
    "and (expires_at is null or expires_at > :now)"};

const Statement tokens_revoke{
    "tokens of a user revoke",
    "update token set revoked_at = :at where user_id = :user_id and revoked_at is null "
    "and (expires_at is null or expires_at > :now)"};

const Statement portion_of_expired{
    "tokens expired, end of a portion",
    "select coalesce(max(p.expires_at), -1) from (select expires_at from token "
    "where expires_at < :at order by expires_at {limit :n}) p"};

// By the index of expiry: nearly all that have expired of late are tickets.
const Statement portion_of_tickets{
    "tickets expired, end of a portion",
    "select coalesce(max(p.expires_at), -1) from (select expires_at from token "
    "where expires_at < :at and kind = :kind order by expires_at {limit :n}) p"};

const Statement tickets_erase{
    "tickets erase", "delete from token where expires_at <= :at and kind = :kind"};

const Statement tokens_erase{"tokens erase", "delete from token where expires_at <= :at"};

const Statement connection_erase{"session erase", "delete from session where id = :id"};

const Statement connection_by_uuid{
    "session by uuid", "select {columns session} from session where uuid = :uuid"};

const Statement connections_of_user{
    "sessions of a user",
    "select {columns session} from session where user_id = :user_id order by id"};

const Statement connections_count{"sessions count", "select count(*) from session"};

const Statement connections_after{
    "sessions after",
    "select {columns session} from session where uuid > :uuid order by uuid {limit :n}"};

const Statement portion_of_lives{
    "sessions of lives, end of a portion",
    "select coalesce(max(p.id), 0) from (select id from session where server_id = :server_id "
    "and epoch <= :epoch order by id {limit :n}) p"};

const Statement connections_erase{
    "sessions erase",
    "delete from session where server_id = :server_id and epoch <= :epoch and id <= :id"};

// Of a room only the part of the key where those that are wanted can be.
const Statement participants_between{
    "participants between",
    "select {columns participant} from participant where room_id = :room_id "
    "and user_id >= :lowest and user_id <= :highest"};

const Statement participant_erase{
    "participant erase",
    "delete from participant where room_id = :room_id and user_id = :user_id "
    "and server_id = :server_id and epoch = :epoch"};

const Statement participants_in_room{
    "participants of a room",
    "select {columns participant} from participant where room_id = :room_id "
    "order by user_id, server_id, epoch"};

const Statement participants_of_life{
    "participants of a life",
    "select {columns participant} from participant where server_id = :server_id "
    "and epoch = :epoch and (room_id > :room_id or (room_id = :same_room and user_id > :user_id)) "
    "order by room_id, user_id {limit :n}"};

// In any order: by the columns of the index, no engine sorts what half a million rows may be.
const Statement participants_of_lives{
    "participants of lives",
    "select {columns participant} from participant where server_id = :server_id "
    "and epoch <= :epoch order by server_id, epoch {limit :n}"};

auto key_of(const Participant& participant) {
    return std::tuple{participant.user, participant.server, participant.epoch};
}

}  // namespace

Catalog presence_catalog() {
    return {
        {&table_of<Token>(), &table_of<Connection>(), &table_of<Participant>()},
        {&token_by_secret,      &token_by_id,          &tokens_in_force,    &token_used,
         &token_revoke,         &tokens_revoke,        &portion_of_expired, &tokens_erase,
         &portion_of_tickets,   &tickets_erase,        &connection_erase,   &connection_by_uuid,
         &connections_of_user,  &connections_count,    &connections_after,  &portion_of_lives,
         &connections_erase,    &participants_between, &participant_erase,  &participants_in_room,
         &participants_of_life, &participants_of_lives}};
}

Result<void> SqlTokenStore::insert(const Token& token) {
    return tx_.insert(std::span<const Token>{&token, 1});
}

Result<std::optional<Token>> SqlTokenStore::find_secret(std::string_view secret_hash) {
    return tx_.one<Token>(token_by_secret, secret_hash);
}

Result<std::optional<Token>> SqlTokenStore::find(TokenId id) {
    return tx_.one<Token>(token_by_id, id);
}

Result<std::vector<Token>> SqlTokenStore::in_force(
    PrincipalId user, TokenKind kind, Microseconds now
) {
    return tx_.list<Token>(tokens_in_force, user, kind, now);
}

Result<void> SqlTokenStore::used(TokenId id, Microseconds at) {
    return tx_.run(token_used, at, id);
}

Result<std::int64_t> SqlTokenStore::revoke(std::string_view uuid, Microseconds at) {
    return tx_.change(token_revoke, at, uuid, at);
}

Result<std::int64_t> SqlTokenStore::revoke_all(PrincipalId user, Microseconds at) {
    return tx_.change(tokens_revoke, at, user, at);
}

Result<std::int64_t> SqlTokenStore::forget_expired(Microseconds at, int limit) {
    const auto end = tx_.one<std::int64_t>(portion_of_expired, at, limit);
    if (!end)
        return pass(end.error());
    return tx_.change(tokens_erase, **end);
}

Result<std::int64_t> SqlTokenStore::forget_tickets(Microseconds at, int limit) {
    const auto end = tx_.one<std::int64_t>(portion_of_tickets, at, TokenKind::ticket, limit);
    if (!end)
        return pass(end.error());
    return tx_.change(tickets_erase, **end, TokenKind::ticket);
}

Result<void> SqlPresenceStore::connect(std::span<const Connection> connections) {
    return tx_.insert(connections);
}

Result<void> SqlPresenceStore::disconnect(std::span<const SessionId> ids) {
    for (const SessionId id : ids)
        if (Result<void> gone = tx_.run(connection_erase, id); !gone)
            return gone;
    return {};
}

Result<std::optional<Connection>> SqlPresenceStore::find_uuid(std::string_view uuid) {
    return tx_.one<Connection>(connection_by_uuid, uuid);
}

Result<std::vector<Connection>> SqlPresenceStore::of_user(PrincipalId user) {
    return tx_.list<Connection>(connections_of_user, user);
}

Result<std::int64_t> SqlPresenceStore::count() {
    const auto count = tx_.one<std::int64_t>(connections_count);
    if (!count)
        return pass(count.error());
    return count->value_or(0);
}

Result<void> SqlPresenceStore::join(std::span<const Participant> participants) {
    using Key = decltype(key_of(Participant{}));
    std::map<RoomId, std::map<Key, Participant>> wanted;
    for (const Participant& participant : participants)
        wanted[participant.room].try_emplace(key_of(participant), participant);
    std::vector<Participant> missing;
    for (auto& [room, joining] : wanted) {
        const auto there = tx_.list<Participant>(
            participants_between, room, joining.begin()->second.user, joining.rbegin()->second.user
        );
        if (!there)
            return pass(there.error());
        for (const Participant& participant : *there)
            joining.erase(key_of(participant));
        for (const auto& [key, participant] : joining)
            missing.push_back(participant);
    }
    return tx_.insert(std::span<const Participant>{missing}, Race::again);
}

Result<void> SqlPresenceStore::part(std::span<const Participant> participants) {
    for (const Participant& one : participants)
        if (Result<void> gone =
                tx_.run(participant_erase, one.room, one.user, one.server, one.epoch);
            !gone)
            return gone;
    return {};
}

Result<std::vector<Participant>> SqlPresenceStore::in_room(RoomId room) {
    return tx_.list<Participant>(participants_in_room, room);
}

Result<std::vector<Connection>> SqlPresenceStore::connections(std::string_view after, int limit) {
    return tx_.list<Connection>(connections_after, after, limit);
}

Result<std::vector<Participant>> SqlPresenceStore::joined_by_way_of(
    ServerId server, std::int64_t epoch, const ParticipantPosition& after, int limit
) {
    return tx_.list<Participant>(
        participants_of_life, server, epoch, after.room, after.room, after.user, limit
    );
}

Result<std::vector<Participant>> SqlPresenceStore::left_in_rooms(
    ServerId server, std::int64_t epoch, int limit
) {
    return tx_.list<Participant>(participants_of_lives, server, epoch, limit);
}

Result<std::int64_t> SqlPresenceStore::forget(ServerId server, std::int64_t epoch, int limit) {
    const auto end = tx_.one<std::int64_t>(portion_of_lives, server, epoch, limit);
    if (!end)
        return pass(end.error());
    return tx_.change(connections_erase, server, epoch, **end);
}

}  // namespace pchat::sql
