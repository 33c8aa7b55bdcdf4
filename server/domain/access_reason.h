// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/access.h"

#include <array>
#include <cstddef>
#include <string_view>
#include <vector>

namespace pchat {

constexpr std::array<Right, 8> all_rights{
    Right::view,
    Right::join,
    Right::chat,
    Right::history,
    Right::upload,
    Right::invitation,
    Right::manage,
    Right::administration};

/// Whether a user has a right, and the step of the derivation that decided it.
struct RightReason {
    Right right{};
    bool granted = false;
    std::size_t step = 0;
};

/// One for each right. A right that was given is explained by the first step that gave it, one that
/// was not by the last answer that spoke against it.
std::vector<RightReason> reasons(const AccessDerivation& derivation);

/// "denied-in-category": what programs call a question.
std::string_view to_string(AccessRule rule);
/// The answer as a phrase: "the category denies the user, which wins".
std::string_view phrase(AccessRule rule, bool holds);

}  // namespace pchat
