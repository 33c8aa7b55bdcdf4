// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/odbc_batch.h"

#include <soci/odbc/soci-odbc.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pchat::sql {
namespace {

class Handle {
public:
    Handle(soci::session& raw, const char* doing) : doing_(doing) {
        const auto* backend = static_cast<const soci::odbc_session_backend*>(raw.get_backend());
        if (!SQL_SUCCEEDED(SQLAllocHandle(SQL_HANDLE_STMT, backend->hdbc_, &statement_)))
            throw soci::odbc_soci_error(SQL_HANDLE_DBC, backend->hdbc_, doing);
    }
    ~Handle() { SQLFreeHandle(SQL_HANDLE_STMT, statement_); }
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    Handle(Handle&&) = delete;
    Handle& operator=(Handle&&) = delete;

    [[nodiscard]] SQLHSTMT get() const { return statement_; }
    [[noreturn]] void refuse() const {
        throw soci::odbc_soci_error(SQL_HANDLE_STMT, statement_, doing_);
    }
    void require(SQLRETURN returned) const {
        if (!SQL_SUCCEEDED(returned))
            refuse();
    }

private:
    const char* doing_;
    SQLHSTMT statement_ = SQL_NULL_HSTMT;
};

// Those of the result that is open, by their place.
std::vector<std::pair<SQLUSMALLINT, std::string>> places_of(
    const Handle& handle, const std::vector<std::string_view>& columns
) {
    SQLSMALLINT count = 0;
    handle.require(SQLNumResultCols(handle.get(), &count));
    std::vector<std::pair<SQLUSMALLINT, std::string>> out;
    for (SQLSMALLINT i = 1; i <= count; ++i) {
        std::array<SQLCHAR, 256> room{};
        const auto place = static_cast<SQLUSMALLINT>(i);
        handle.require(SQLDescribeCol(
            handle.get(),
            place,
            room.data(),
            static_cast<SQLSMALLINT>(room.size()),
            nullptr,
            nullptr,
            nullptr,
            nullptr,
            nullptr
        ));
        std::string name{reinterpret_cast<const char*>(room.data())};
        if (std::find(columns.begin(), columns.end(), name) != columns.end())
            out.emplace_back(place, std::move(name));
    }
    return out;
}

void take_rows(
    const Handle& handle, const std::vector<std::string_view>& columns, std::vector<BatchRow>& into
) {
    const auto places = places_of(handle, columns);
    if (places.empty())
        return;
    for (;;) {
        const SQLRETURN fetched = SQLFetch(handle.get());
        if (fetched == SQL_NO_DATA)
            return;
        handle.require(fetched);
        BatchRow row;
        for (const auto& [place, name] : places)
            read_odbc_text(handle.get(), place, row[name]);
        into.push_back(std::move(row));
    }
}

}  // namespace

bool read_odbc_text(SQLHSTMT statement, SQLUSMALLINT column, std::string& into) {
    into.clear();
    std::array<char, 4096> piece;  // not zeroed: this runs for every text of every row
    for (;;) {
        SQLLEN left = 0;
        const SQLRETURN returned = SQLGetData(
            statement, column, SQL_C_CHAR, piece.data(), static_cast<SQLLEN>(piece.size()), &left
        );
        if (returned == SQL_NO_DATA)
            return true;
        if (!SQL_SUCCEEDED(returned))
            throw soci::odbc_soci_error(SQL_HANDLE_STMT, statement, "reading a text");
        if (left == SQL_NULL_DATA)
            return false;
        const bool more = left == SQL_NO_TOTAL || left >= static_cast<SQLLEN>(piece.size());
        into.append(piece.data(), more ? piece.size() - 1 : static_cast<std::size_t>(left));
        if (!more)
            return true;
    }
}

void read_to_end(const BatchCalls& calls) {
    // "No data" of the first says that it changed no row, of the others that there is none.
    SQLRETURN returned = calls.execute();
    if (returned == SQL_NO_DATA)
        returned = SQL_SUCCESS;
    for (; returned != SQL_NO_DATA; returned = calls.more()) {
        if (!SQL_SUCCEEDED(returned))
            calls.refuse();
        calls.take_rows();
    }
}

std::vector<BatchRow> run_batch(
    soci::session& raw,
    std::string text,
    const char* doing,
    const std::vector<std::string_view>& columns
) {
    const Handle handle{raw, doing};
    std::vector<BatchRow> out;
    read_to_end(
        {[&] {
             return SQLExecDirect(handle.get(), reinterpret_cast<SQLCHAR*>(text.data()), SQL_NTS);
         },
         [&] { return SQLMoreResults(handle.get()); },
         [&] { take_rows(handle, columns, out); },
         [&] { handle.refuse(); }}
    );
    return out;
}

}  // namespace pchat::sql
