// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/sign_in.h"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

constexpr std::chrono::hours longest_token_lifetime{24 * 366};
constexpr std::chrono::hours usual_token_lifetime{24 * 90};
constexpr std::chrono::seconds shortest_token_lifetime{60};
constexpr std::size_t most_tokens = 50;  // of one user

/// What a new token for scripts is to be. It never has more than its maker has at the moment when
/// it is used, and ends with the maker.
struct TokenFields {
    std::string name;
    std::vector<AdminRole> roles;    // none: only what the maker may do in rooms
    std::vector<std::string> scope;  // read-only, category:NAME, room:NAME; none: not bound
    std::chrono::seconds lifetime{usual_token_lifetime};
};

/// A token as it is shown: without the secret.
struct TokenFacts {
    Token row;
    bool all_roles = false;  // of its user, as a sign-in
    std::vector<AdminRole> roles;
    std::vector<std::string> scope;  // as it is written; by the names of today
};

struct MadeToken {
    Secret secret;  // shown once; of a dry run none
    TokenFacts facts;
};

// All wait. Who is refused finds an entry of it in the audit log.

Result<MadeToken> create_token(
    Changes& changes,
    SignIns& sign_ins,
    const AdminCall& call,
    const Identity& by,
    const TokenFields& fields
);

/// Those in force. `user`: whose; empty: the caller's own. Others' are for administrators.
Result<std::vector<TokenFacts>> list_tokens(
    Changes& changes,
    SignIns& sign_ins,
    const AdminCall& call,
    const Identity& by,
    std::string_view user
);

/// By name or id; a token for scripts, of the caller or, for an administrator, of `user`. It is
/// good for nothing any more when this returns.
Result<TokenFacts> remove_token(
    Changes& changes,
    SignIns& sign_ins,
    const AdminCall& call,
    const Identity& by,
    std::string_view token,
    std::string_view user
);

}  // namespace pchat
