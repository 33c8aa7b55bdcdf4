// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pchat {

/// Whose memberships a walk upwards follows.
enum class Through : std::uint8_t {
    active,  // as access does: a group that is disabled stands for nobody
    all      // as lists do: what is listed must not fall apart while a group is disabled
};

/// The shortest way from a principal up to one that stands for it, both included, as they are
/// written; empty when there is none.
std::vector<std::string> path_up(
    const DirectoryState& state, PrincipalId from, PrincipalId to, Through through
);

}  // namespace pchat
