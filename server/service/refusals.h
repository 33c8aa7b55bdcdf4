// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/sign_in.h"

#include <string>
#include <string_view>

namespace pchat {

/// What somebody was refused, for the audit log.
struct Refusal {
    std::string_view action;  // "token.create"
    std::string name;         // of what it was about
    std::string_view why;     // "role-missing"
};

/// Waits. Notes it, once a minute for each token that somebody comes with. Whoever is refused hears
/// the same when it cannot be written down.
void note_refusal(
    Changes& changes, SignIns& sign_ins, const Actor& actor, TokenId by, const Refusal& refusal
);

}  // namespace pchat
