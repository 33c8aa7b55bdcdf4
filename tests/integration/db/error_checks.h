// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <string>

namespace pchat::test {

/// A password that needs quoting everywhere, with a part to look for in messages.
inline const std::string test_password = "hunter2;}x";

/// The message is whole: place, database and login, reason, and a way out; the password of
/// `target` and test_password are nowhere, not even in what -v shows.
void check_error(const Error& error, const sql::Target& target, Errc code, const std::string& why);

/// Why `target` cannot be connected to; fails the test where it can.
Error error_of_connecting(const sql::Target& target);

/// Whether the driver is there; skips where it is not.
bool has_freetds();

}  // namespace pchat::test
