// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/target.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::sql {

/// The statements of a script, one call each, without comments: drivers differ in taking several at
/// once, and SOCI would read a colon in a comment as a parameter. A statement ends with `;` at the
/// end of a line; on SQL Server a batch ends with a line `GO`.
std::vector<std::string> statements(std::string_view script, Engine engine);

}  // namespace pchat::sql
