// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/taken_away.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a new add-in is to be, or what of one is to change.
struct AddinFields {
    std::optional<std::string> name;
    std::optional<std::string> url;
    bool allow_http = false;
};

/// The add-in as the change leaves it, or would; of one that was removed, what it was.
struct AddinChange {
    Addin addin;
    std::vector<TakenAway> taken;  // rooms that showed it
};

// All wait, and are for administrators (pchat-admin): the caller has asked for the role.

Result<AddinChange> create_addin(
    Changes& changes, const AdminCall& call, const AddinFields& fields
);
/// By name or id. Nothing is written when nothing differs.
Result<AddinChange> change_addin(
    Changes& changes, const AdminCall& call, std::string_view addin, const AddinFields& fields
);
/// While rooms show it only by force: then they show none.
Result<AddinChange> remove_addin(
    Changes& changes, const AdminCall& call, std::string_view addin, Force force = Force::no
);

// The same within a change of several.
Result<AddinChange> create_addin(Change& change, const AdminCall& call, const AddinFields& fields);
Result<AddinChange> change_addin(
    Change& change, const AdminCall& call, std::string_view addin, const AddinFields& fields
);
Result<AddinChange> remove_addin(
    Change& change, const AdminCall& call, std::string_view addin, Force force = Force::no
);

Result<std::vector<Addin>> list_addins(ContentDatabase& content);
Result<Addin> get_addin(ContentDatabase& content, std::string_view addin);

}  // namespace pchat
