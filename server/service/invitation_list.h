// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"

#include <optional>
#include <vector>

namespace pchat {

/// The invitations of one user, and where the page begins.
struct InvitationQuery {
    PrincipalId user;
    std::optional<RoomId> room;
    std::int64_t after = 0;  // sequence
    int limit = 100;
};
struct InvitationPage {
    std::vector<Invitation> invitations;  // to rooms that the user may still see; rising
    std::optional<std::int64_t> next;     // where the next page begins
};
/// Waits.
Result<InvitationPage> list_invitations(Chat& chat, const InvitationQuery& query);

}  // namespace pchat
