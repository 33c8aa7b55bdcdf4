// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/group_admin.h"
#include "server/service/user_admin.h"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace pchat {

/// A user as a list of many has it. Passwords and roles are given one by one.
struct UserRow {
    std::string user;
    UserFields fields;
};

/// What is wrong with one row.
struct RowProblem {
    std::size_t row = 0;  // the first is 0
    Error error;
};

/// What became of a list. With problems nothing was kept.
struct Imported {
    std::size_t created = 0;
    std::size_t changed = 0;
    std::size_t same = 0;
    std::vector<RowProblem> problems;
};

// All wait, and are for user-admins. Each row makes what is missing and changes what differs, so
// that a list can be given again; one transaction for all of them. Every wrong row is named, the
// first hundred at least.

Result<Imported> import_users(
    Changes& changes, const AdminCall& call, std::span<const UserRow> rows
);
/// Rows may name groups of later rows. Members replace those that there are, when they are given.
Result<Imported> import_groups(
    Changes& changes, const AdminCall& call, std::span<const GroupFields> rows
);

}  // namespace pchat
