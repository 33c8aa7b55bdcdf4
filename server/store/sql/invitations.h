// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/room_store.h"
#include "server/store/sql/transaction.h"

namespace pchat::sql {

Catalog invitation_catalog();

class SqlInvitationStore : public InvitationStore {
public:
    explicit SqlInvitationStore(Transaction& transaction) : tx_(transaction) {}

    Result<std::vector<Invitation>> add(std::span<const Invitation> invitations) override;
    Result<std::vector<Invitation>> after(PrincipalId user, std::int64_t sequence, int limit)
        override;
    Result<void> withdraw(RoomId room) override;
    Result<void> withdraw(RoomId room, PrincipalId user) override;

private:
    Result<std::int64_t> next_sequence(PrincipalId user);

    Transaction& tx_;
};

}  // namespace pchat::sql
