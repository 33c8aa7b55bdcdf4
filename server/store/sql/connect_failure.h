// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/failure.h"

#include <string>
#include <string_view>

namespace pchat::sql {

/// psqlODBC has one SQLSTATE for all that goes wrong while connecting. This is the one that a
/// server's own refusal stands for; "08001" when no server said anything.
std::string state_of_refusal(std::string_view said);

/// Whether that says that an open connection is gone: psqlODBC calls it a general error, "HY000",
/// when it breaks while a statement is prepared.
bool tells_of_loss(std::string_view state, std::string_view said);

/// Why libpq itself gave up before a server could say anything; never null.
const NativeCode* find_connect_failure(std::string_view said);

}  // namespace pchat::sql
