// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <string_view>

namespace pchat::sql {

/// What a database said, as we understand it.
struct Failure {
    Error error;
    std::string state;  // SQLSTATE, or SQLite's number as text
    bool transient =
        false;          // a deadlock victim or a lock that was busy: the same again may succeed
    bool lost = false;  // the connection is gone
};

/// For a catch block around SOCI: names engine, host, port, database and login, which drivers do
/// not, and never a bound value, which SOCI's what() does.
Failure current_failure(const Target& target, std::string_view doing);

/// One native code with its meaning; the table is open to tests.
struct NativeCode {
    Engine engine;
    std::string_view code;  // SQLSTATE or its beginning; SQLite's and SQL Server's numbers as text
    Errc errc;
    bool transient;
    bool lost;
    std::string_view meaning;
    std::string_view hint;
};
const NativeCode* find_native_code(Engine engine, std::string_view state, int number);

}  // namespace pchat::sql
