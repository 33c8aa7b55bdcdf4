// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/directory.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pchat {

/// Who asks for a change, and how it is to be made.
struct AdminCall {
    Actor actor;    // for the audit log
    Person person;  // with the roles that count: a token may have fewer than its user
    bool dry_run = false;
    std::optional<std::int64_t> revision = {};  // the change is refused when it is another by now
};

/// An entry of a list that went because it no longer fits, though nobody asked for that.
struct Purged {
    std::string room;  // uuid; empty: of the category itself
    std::string room_name;
    std::string_view list;  // "members": a literal
    std::string principal;  // as it is written
};

tl::unexpected<Error> not_allowed(std::string message, std::string hint = {});
/// Somebody else was faster: the object is called "room 'Lobby'".
tl::unexpected<Error> changed_meanwhile(std::string_view object);
/// Fails when the caller has seen another revision.
Result<void> check_revision(const AdminCall& call, std::int64_t revision, std::string_view object);
/// A store's answer to an update: its conflict means that somebody else was faster.
Result<void> unless_changed(Result<void> updated, std::string_view object);

}  // namespace pchat
