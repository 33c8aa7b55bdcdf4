// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/target.h"

#include <exception>
#include <string_view>

namespace pchat::sql {

/// What a database said, as we understand it.
struct Failure {
    Error error;
    std::string state;  // SQLSTATE, or SQLite's number as text
    // A deadlock victim or whoever was too slow: the same again may succeed. Not a lock that was
    // held too long, for it was waited for already.
    bool transient = false;
    bool lost = false;       // the connection is gone
    bool duplicate = false;  // a row with that key is there; not: what it refers to is missing
};

/// Another transaction wrote a row between our look and our insert: the same again will succeed.
class LostRace : public std::exception {
public:
    [[nodiscard]] const char* what() const noexcept override { return "lost a race"; }
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

/// Whether the code says that a unique key is taken.
bool means_duplicate(Engine engine, std::string_view state, int number);

}  // namespace pchat::sql
