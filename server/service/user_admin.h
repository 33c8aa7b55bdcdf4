// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/secret.h"
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/put_outcome.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a new user is to be, or what of a user is to change.
struct UserFields {
    std::optional<std::string> display;
    std::optional<std::string> email;
    std::optional<std::string> company;
    std::optional<std::string> site;
    std::optional<bool> disabled;
    std::optional<Secret> password;
    std::vector<AdminRole> add_roles;
    std::vector<AdminRole> remove_roles;
};

/// The user as the change leaves it, or would; or as it is.
struct UserFacts {
    Principal user;
    std::vector<AdminRole> roles;  // granted to the user itself, rising
};

// All wait, and are for user-admins: the caller has asked for the role. Nobody changes what a user
// signs in by, disables or removes one who has roles that the caller lacks, for that would be a way
// to get them; roles are an administrator's to give. The last active administrator stays one.

/// `user` as it is written: sip:bob@contoso.example.
Result<UserFacts> create_user(
    Changes& changes, const AdminCall& call, std::string_view user, const UserFields& fields
);
/// By address or id. A new password and disabling end the user's sign-ins.
Result<UserFacts> change_user(
    Changes& changes, const AdminCall& call, std::string_view user, const UserFields& fields
);
/// For ever: messages keep the name, somebody new with the address has none of the old rights.
Result<UserFacts> remove_user(Changes& changes, const AdminCall& call, std::string_view user);

/// Within a change of several: makes it when it is missing, or changes what differs. Without a
/// password, whose hash takes its time.
Result<PutOutcome> put_user(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view user,
    const UserFields& fields
);

struct UserListQuery {
    std::string filter;  // part of the address or the display name, cases folded; empty: all
    std::optional<PrincipalState> state;  // none: all but those who are gone
    int limit = 100;
    std::optional<std::string> cursor;
};
struct UserList {
    std::vector<UserFacts> users;  // by address
    std::optional<std::string> cursor;
};
Result<UserList> list_users(ContentDatabase& content, const UserListQuery& query);
/// By address or id; by id also who is gone.
Result<UserFacts> get_user(ContentDatabase& content, std::string_view user);

}  // namespace pchat
