// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/prepared.h"

#include "base/unicode.h"
#include "server/store/sql/odbc_batch.h"

#include <soci/odbc/soci-odbc.h>

#include <string_view>

namespace pchat::sql {
namespace {

SQLHSTMT handle_of(soci::statement& statement) {
    return static_cast<soci::odbc_statement_backend*>(statement.get_backend())->hstmt_;
}

void require(SQLRETURN returned, SQLHSTMT statement, const char* doing) {
    if (returned != SQL_SUCCESS && returned != SQL_SUCCESS_WITH_INFO)
        throw soci::odbc_soci_error(SQL_HANDLE_STMT, statement, doing);
}

void get_number(SQLHSTMT statement, SQLUSMALLINT column, Cell& cell) {
    SQLLEN length = 0;
    require(
        SQLGetData(statement, column, SQL_C_SBIGINT, &cell.number, sizeof cell.number, &length),
        statement,
        "reading a number"
    );
    cell.null = length == SQL_NULL_DATA;
}

}  // namespace

Prepared::Prepared(
    Session& session, const Rendered& rendered, std::vector<Cell> in, std::vector<Cell> out
)
    : session_(session), engine_(session.engine()), words_(rendered.words), in_(std::move(in)),
      out_(std::move(out)), in_known_(in_.size(), soci::i_ok), out_known_(out_.size(), soci::i_ok),
      statement_(session.raw()) {
    for (std::size_t i = 0; i < in_.size(); ++i)
        if (in_[i].type == Cell::Type::number)
            statement_.exchange(soci::use(in_[i].number, in_known_[i]));
        else
            statement_.exchange(soci::use(in_[i].text, in_known_[i]));
    // Over ODBC not by SOCI: its buffers have as many bytes as a column has characters, and 100 MB
    // for a column without a limit.
    for (std::size_t i = 0; i < out_.size() && !over_odbc(); ++i)
        if (out_[i].type == Cell::Type::number)
            statement_.exchange(soci::into(out_[i].number, out_known_[i]));
        else
            statement_.exchange(soci::into(out_[i].text, out_known_[i]));
    const LinkWatch::Wait wait = session_.waiting();
    statement_.alloc();
    statement_.prepare(rendered.text);
    statement_.define_and_bind();
}

bool Prepared::execute() {
    for (std::size_t i = 0; i < in_.size(); ++i) {
        in_known_[i] = in_[i].null ? soci::i_null : soci::i_ok;
        if (engine_ == Engine::sqlserver && words_[i] && !in_[i].null)
            in_[i].text = utf16_hex(in_[i].text);
    }
    const bool row = execute_unless_empty();
    if (!row)
        return false;
    over_odbc() ? fetch_cells() : mark_nulls();
    return true;
}

// An UPDATE that gives rows back and finds none has no cursor for the driver manager, which SOCI
// tries to fetch from all the same. Nothing failed in the database.
bool Prepared::execute_unless_empty() {
    const LinkWatch::Wait wait = session_.waiting();
    try {
        return statement_.execute(true);
    } catch (const soci::odbc_soci_error& error) {
        const std::string_view no_cursor = "24000";
        if (out_.empty() || reinterpret_cast<const char*>(error.odbc_error_code()) != no_cursor)
            throw;
        spent_ = true;
        return false;
    }
}

bool Prepared::next() {
    if (over_odbc()) {
        const LinkWatch::Wait wait = session_.waiting();
        const SQLHSTMT handle = handle_of(statement_);
        const SQLRETURN returned = SQLFetch(handle);
        if (returned == SQL_NO_DATA)
            return false;
        require(returned, handle, "fetching data");
        fetch_cells();
        return true;
    }
    const bool row = statement_.fetch();
    mark_nulls();
    return row;
}

void Prepared::fetch_cells() {
    const SQLHSTMT handle = handle_of(statement_);
    for (std::size_t i = 0; i < out_.size(); ++i) {
        const auto column = static_cast<SQLUSMALLINT>(i + 1);
        if (out_[i].type == Cell::Type::number)
            get_number(handle, column, out_[i]);
        else
            out_[i].null = !read_odbc_text(handle, column, out_[i].text);
    }
}

void Prepared::mark_nulls() {
    for (std::size_t i = 0; i < out_.size(); ++i)
        out_[i].null = out_known_[i] == soci::i_null;
}

}  // namespace pchat::sql
