// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/invitations.h"

#include "server/store/sql/room_tables.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace pchat::sql {
namespace {

/// The last number of a user.
struct InvitationHead {
    PrincipalId user;
    std::int64_t last_sequence = 0;
};

const Statement sequence_raise{
    "invitation number",
    "update invitation_head set last_sequence = last_sequence + 1 {output last_sequence} "
    "where user_id = :user {returning last_sequence}"};

const Statement invitations_after{
    "invitations after",
    "select {columns invitation} from invitation where user_id = :user and sequence > :sequence "
    "order by sequence {limit :n}"};

const Statement invited_to{
    "invited to a room", "select user_id from invitation where room_id = :room order by user_id"};

const Statement withdraw_room{
    "invitations withdraw", "delete from invitation where room_id = :room"};

const Statement withdraw_one{
    "invitation withdraw", "delete from invitation where room_id = :room and user_id = :user"};

}  // namespace

template <>
struct Mapping<InvitationHead> {
    static constexpr std::string_view table = "invitation_head";
    static constexpr auto columns = std::tuple{
        column("user_id", &InvitationHead::user, Part::key),
        column("last_sequence", &InvitationHead::last_sequence)};
};

Catalog invitation_catalog() {
    return {
        {&table_of<Invitation>(), &table_of<InvitationHead>()},
        {&sequence_raise, &invitations_after, &invited_to, &withdraw_room, &withdraw_one}};
}

Result<std::vector<Invitation>> SqlInvitationStore::add(std::span<const Invitation> invitations) {
    std::vector<Invitation> wanted{invitations.begin(), invitations.end()};
    // By user: two transactions that invite the same people lock them in the same order.
    std::sort(wanted.begin(), wanted.end(), [](const Invitation& a, const Invitation& b) {
        return std::tie(a.user, a.room) < std::tie(b.user, b.room);
    });
    std::set<std::pair<RoomId, PrincipalId>> there;
    std::set<RoomId> rooms;
    for (const Invitation& one : wanted)
        if (rooms.insert(one.room).second) {
            const auto users = tx_.list<PrincipalId>(invited_to, one.room);
            if (!users)
                return pass(users.error());
            for (const PrincipalId user : *users)
                there.emplace(one.room, user);
        }
    std::vector<Invitation> out;
    for (Invitation& one : wanted) {
        if (!there.emplace(one.room, one.user).second)
            continue;
        const Result<std::int64_t> sequence = next_sequence(one.user);
        if (!sequence)
            return pass(sequence.error());
        one.sequence = *sequence;
        out.push_back(one);
    }
    if (Result<void> inserted = tx_.insert(std::span<const Invitation>{out}, Race::again);
        !inserted)
        return pass(inserted.error());
    return out;
}

Result<std::int64_t> SqlInvitationStore::next_sequence(PrincipalId user) {
    const auto raised = tx_.one<std::int64_t>(sequence_raise, user);
    if (!raised)
        return pass(raised.error());
    if (*raised)
        return **raised;
    const InvitationHead head{user, 1};
    if (Result<void> begun = tx_.insert(std::span<const InvitationHead>{&head, 1}, Race::again);
        !begun)
        return pass(begun.error());
    return 1;
}

Result<std::vector<Invitation>> SqlInvitationStore::after(
    PrincipalId user, std::int64_t sequence, int limit
) {
    return tx_.list<Invitation>(invitations_after, user, sequence, limit);
}

Result<void> SqlInvitationStore::withdraw(RoomId room) {
    return tx_.run(withdraw_room, room);
}

Result<void> SqlInvitationStore::withdraw(RoomId room, PrincipalId user) {
    return tx_.run(withdraw_one, room, user);
}

}  // namespace pchat::sql
