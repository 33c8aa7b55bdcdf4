// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/token_admin.h"

namespace pchat {

/// A token for scripts neither makes nor removes tokens.
Result<void> check_maker(const Identity& by);

/// What is stored of a token that the caller may make; scopes by number.
Result<TokenWish> token_wish(
    Chat& chat, const AdminCall& call, const Identity& by, const TokenFields& fields
);

}  // namespace pchat
