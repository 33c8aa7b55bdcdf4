// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/principal_lookup.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a new category is to be, or what of a category is to change.
struct CategoryFields {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<bool> invitations;
    std::optional<bool> file_upload;
    std::optional<bool> history;
    ListChange allow;
    ListChange deny;
    ListChange creators;
};

/// The category as the change leaves it, or would.
struct CategoryChange {
    KnownCategory category;
    std::vector<Purged> purged;  // of its creators, and of the lists of its rooms
    std::string undo;  // uuid by which rooms get back what they lost; empty: nothing to undo
};

// All wait, and are for administrators (pchat-admin): the caller has asked for the role.

Result<CategoryChange> create_category(
    Changes& changes, const AdminCall& call, const CategoryFields& fields
);
/// When fewer are allowed than before, entries of its rooms that no longer fit go with it. Nothing
/// is written, and the revision stays, when nothing differs.
Result<CategoryChange> change_category(
    Changes& changes, const AdminCall& call, std::string_view category, const CategoryFields& fields
);
/// Only one without rooms. Gives what it was.
Result<CategoryChange> remove_category(
    Changes& changes, const AdminCall& call, std::string_view category
);

// The same within a change of several.
Result<CategoryChange> create_category(
    Changes& changes, Change& change, const AdminCall& call, const CategoryFields& fields
);
Result<CategoryChange> change_category(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view category,
    const CategoryFields& fields
);
Result<CategoryChange> remove_category(
    Changes& changes, Change& change, const AdminCall& call, std::string_view category
);

}  // namespace pchat
