// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <string>
#include <string_view>

namespace pchat::sql {

/// The name of a login, database or table as it stands in a statement: "name" or [name].
std::string quoted_name(Engine engine, std::string_view name);

/// A text as it stands in a statement: 'text' or N'text'. Only for statements that take no
/// parameters (create role); all others bind.
std::string quoted_text(Engine engine, std::string_view text);

/// Whether a name can be created at all. PostgreSQL cuts long ones silently, and SOCI reads a colon
/// outside of a text as a parameter. `what`: "login", "database".
Result<void> check_name(Engine engine, std::string_view what, std::string_view name);

}  // namespace pchat::sql
