// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/rules/rules.h"

#include <string>
#include <string_view>

namespace pchat::cli {

// How rules are described to people, in `topology rules`, `topology explain` and
// docs/diagnostics.md alike.

std::string_view word(topology::Level level);
std::string_view word(topology::Origin origin);

/// "error", "error under sfb2015, warning under lync2013", "error or warning, by case".
std::string severity_words(const topology::Rule& rule);

}  // namespace pchat::cli
