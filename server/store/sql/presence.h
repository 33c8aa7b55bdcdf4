// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/presence_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog presence_catalog();

class SqlTokenStore : public TokenStore {
public:
    explicit SqlTokenStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> insert(const Token& token) override;
    Result<std::optional<Token>> find_secret(std::string_view secret_hash) override;
    Result<std::optional<Token>> find(TokenId id) override;
    Result<std::vector<Token>> in_force(PrincipalId user, TokenKind kind, Microseconds now)
        override;
    Result<void> used(TokenId id, Microseconds at) override;
    Result<std::int64_t> revoke(std::string_view uuid, Microseconds at) override;
    Result<std::int64_t> revoke_all(PrincipalId user, Microseconds at) override;
    Result<std::int64_t> forget_expired(Microseconds at, int limit) override;
    Result<std::int64_t> forget_tickets(Microseconds at, int limit) override;

private:
    Transaction& tx_;
};

class SqlPresenceStore : public PresenceStore {
public:
    explicit SqlPresenceStore(Transaction& transaction) : tx_(transaction) {}

    Result<void> connect(std::span<const Connection> connections) override;
    Result<void> disconnect(std::span<const SessionId> ids) override;
    Result<std::optional<Connection>> find_uuid(std::string_view uuid) override;
    Result<std::vector<Connection>> of_user(PrincipalId user) override;
    Result<std::int64_t> count() override;
    Result<void> join(std::span<const Participant> participants) override;
    Result<void> part(std::span<const Participant> participants) override;
    Result<std::vector<Participant>> in_room(RoomId room) override;
    Result<std::vector<Connection>> connections(std::string_view after, int limit) override;
    Result<std::vector<Participant>> joined_by_way_of(
        ServerId server, std::int64_t epoch, const ParticipantPosition& after, int limit
    ) override;
    Result<std::vector<Participant>> left_in_rooms(ServerId server, std::int64_t epoch, int limit)
        override;
    Result<std::int64_t> forget(ServerId server, std::int64_t epoch, int limit) override;

private:
    Transaction& tx_;
};

}  // namespace pchat::sql
