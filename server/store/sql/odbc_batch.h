// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <soci/soci.h>
#include <sql.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// What has to be done on the handles of ODBC itself, since SOCI prepares every statement and looks
// at the first result alone.
namespace pchat::sql {

/// A column of the row that was fetched, piece by piece: what drivers say of its width is
/// characters, not bytes. False where it is NULL.
bool read_odbc_text(SQLHSTMT statement, SQLUSMALLINT column, std::string& into);

/// The calls that read a batch, apart from the handle, so that their order can be tested.
struct BatchCalls {
    std::function<SQLRETURN()> execute;
    std::function<SQLRETURN()> more;  // SQLMoreResults
    std::function<void()> take_rows;  // of the result that is open
    std::function<void()> refuse;     // throws what the driver says
};

/// Runs a batch and follows its results to the last. SQL Server sends an error of a later statement
/// with a later result, and BACKUP and RESTORE have ended only when there is none left: who lets
/// go before that stops them.
void read_to_end(const BatchCalls& calls);

using BatchRow = std::map<std::string, std::string>;

/// Runs a text as it stands, to its end. The rows of all its results that have one of these
/// columns; NULL is an empty text. Throws as SOCI does.
std::vector<BatchRow> run_batch(
    soci::session& raw,
    std::string text,
    const char* doing,
    const std::vector<std::string_view>& columns = {}
);

}  // namespace pchat::sql
