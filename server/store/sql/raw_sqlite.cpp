// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/raw_sqlite.h"

#include "server/store/sql/failure.h"

#include <fmt/format.h>

namespace pchat::sql {
namespace {

int primary(int code) {
    return code & 0xFF;  // extended codes carry it in their low byte
}

int keep_row(void* rows, int count, char** values, char** /*names*/) {
    std::vector<std::string> row;
    for (int i = 0; i < count; ++i)
        row.emplace_back(values[i] != nullptr ? values[i] : "");
    static_cast<RawSqlite::Rows*>(rows)->push_back(std::move(row));
    return 0;
}

}  // namespace

Error RawSqlite::error(std::string_view doing, int code) const {
    const NativeCode* known = find_native_code(Engine::sqlite, "", primary(code));
    const std::string said = sqlite3_errstr(code);
    Error out;
    out.code = known != nullptr ? known->errc : Errc::internal;
    out.message = fmt::format(
        "{} failed on sqlite database {}: {}",
        doing,
        file_,
        known != nullptr ? std::string{known->meaning} : said
    );
    if (known != nullptr) {
        out.hint = std::string{known->hint};
        out.context.push_back(said);
    }
    return out;
}

Result<RawSqlite> RawSqlite::open(const std::string& file, int flags, int busy_ms) {
    RawSqlite out{file};
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags, nullptr);
    out.handle_.reset(handle);
    if (code != SQLITE_OK)
        return pass(out.error("opening it", code));
    sqlite3_busy_timeout(handle, busy_ms);
    return out;
}

Result<RawSqlite::Rows> RawSqlite::query(std::string_view doing, const std::string& statement) {
    Rows rows;
    const int code = sqlite3_exec(handle(), statement.c_str(), keep_row, &rows, nullptr);
    if (code != SQLITE_OK)
        return pass(error(doing, code));
    return rows;
}

Result<void> RawSqlite::run(std::string_view doing, const std::string& statement) {
    const Result<Rows> done = query(doing, statement);
    if (!done)
        return pass(done.error());
    return {};
}

Result<RawSqlite> claim_sqlite(const std::string& file, bool& damaged) {
    Result<RawSqlite> opened = RawSqlite::open(file, SQLITE_OPEN_READWRITE, 0);
    if (!opened)
        return opened;
    const std::string_view doing = "taking it alone";
    // Leaving the write-ahead log is possible only for the last one who has the file open.
    for (const char* statement : {"pragma journal_mode = delete", "begin exclusive"}) {
        const int code = sqlite3_exec(opened->handle(), statement, nullptr, nullptr, nullptr);
        damaged = primary(code) == SQLITE_CORRUPT || primary(code) == SQLITE_NOTADB;
        if (damaged)
            return opened;
        if (primary(code) == SQLITE_BUSY || primary(code) == SQLITE_LOCKED)
            return fail(
                Errc::conflict,
                fmt::format("somebody has {} open", file),
                fmt::format("stop the server that uses it; `fuser {}` names it", file)
            );
        if (code != SQLITE_OK)
            return pass(opened->error(doing, code));
    }
    return opened;
}

}  // namespace pchat::sql
