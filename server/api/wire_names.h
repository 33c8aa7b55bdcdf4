// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/access.h"
#include "server/domain/message.h"
#include "server/service/directory.h"
#include "server/wire/reply.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::api {

// How things of the domain are called on the wire.

/// What message_fields gives, with the sender's names as they are now.
std::string message_text(const DirectoryState& state, const Message& message);
wire::RoomFacts room_facts(const DirectoryState& state, const KnownRoom& room, Rights rights);
wire::Participant participant(const DirectoryState& state, PrincipalId user);
/// "sip:ann@contoso.example"; empty for a number nobody has.
std::string written(const DirectoryState& state, PrincipalId user);
/// "join", "chat" ...: literals.
std::vector<std::string_view> words(Rights rights);

MessageKind domain_kind(wire::MessageKind kind);
MessageFormat domain_format(wire::MessageFormat format);

}  // namespace pchat::api
