// SPDX-License-Identifier: Apache-2.0
#include "server/service/invitation_list.h"

#include "server/service/fetch.h"

#include <utility>

namespace pchat {
namespace {

constexpr int portion = 500;

Result<InvitationPage> read_page(Chat& chat, ContentTransaction& tx, const InvitationQuery& query) {
    InvitationPage out;
    for (std::int64_t at = query.after;;) {
        const auto found = tx.invitations().after(query.user, at, portion);
        if (!found)
            return pass(found.error());
        for (const Invitation& one : *found) {
            const bool wanted =
                (!query.room || one.room == *query.room) && chat.see(query.user, one.room);
            if (wanted && out.invitations.size() == static_cast<std::size_t>(query.limit)) {
                out.next = at;
                return out;
            }
            if (wanted)
                out.invitations.push_back(one);
            at = one.sequence;
        }
        if (found->size() < static_cast<std::size_t>(portion))
            return out;
    }
}

}  // namespace

Result<InvitationPage> list_invitations(Chat& chat, const InvitationQuery& query) {
    return fetch(chat.content(), "listing invitations", [&](ContentTransaction& tx) {
        return read_page(chat, tx, query);
    });
}

}  // namespace pchat
