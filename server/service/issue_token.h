// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/domain/presence.h"
#include "server/store/content_database.h"

#include <chrono>
#include <optional>
#include <string>

namespace pchat {

/// What a new token is to be.
struct TokenWish {
    PrincipalId user;
    TokenKind kind = TokenKind::sign_in;
    std::string label;
    std::chrono::seconds lifetime{};
    std::optional<TokenId> parent;
};

struct IssuedToken {
    Secret secret;  // shown once: the database keeps its hash
    Microseconds expires_at = 0;
    Token row;
};

/// Waits. Makes a token and stores it.
Result<IssuedToken> issue_token(
    ContentDatabase& content, const TokenWish& wish, const Clock& clock
);

}  // namespace pchat
