// SPDX-License-Identifier: Apache-2.0
#include "base/file_write.h"
#include "server/store/sql/backup.h"
#include "server/store/sql/inspect.h"
#include "server/store/sql/migrate.h"
#include "server/store/sql/raise_fences.h"
#include "server/store/sql/raw_sqlite.h"
#include "server/store/sql/schema.h"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

namespace pchat::sql {
namespace fs = std::filesystem;
namespace {

constexpr int portion = 2048;  // pages: 8 MiB
constexpr int busy_ms = 10000;

template <class T>
T to_number(const std::string& text) {
    T value{};
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

Result<void> copy_pages(RawSqlite& from, RawSqlite& to, const Stop& stop) {
    constexpr std::string_view doing = "copying it";
    sqlite3_backup* copy = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
    if (copy == nullptr)
        return pass(to.error(doing, sqlite3_errcode(to.handle())));
    int code = SQLITE_OK;
    bool stopped = false;
    while (!stopped && code == SQLITE_OK) {
        code = sqlite3_backup_step(copy, portion);
        stopped = code == SQLITE_OK && stop && stop();
    }
    sqlite3_backup_finish(copy);
    if (stopped)
        return fail(Errc::interrupted, "the backup was interrupted, nothing is left of it");
    if (code != SQLITE_DONE)
        return pass(to.error(doing, code));
    return {};
}

Result<std::vector<AppliedStep>> read_steps(RawSqlite& copy) {
    const Result<RawSqlite::Rows> rows = copy.query(
        "reading the schema version",
        "select version, name, sha256, applied_at from schema_migration order by version"
    );
    if (!rows)
        return pass(rows.error());
    std::vector<AppliedStep> out;
    for (const std::vector<std::string>& row : *rows)
        out.push_back({to_number<int>(row[0]), row[1], row[2], to_number<Microseconds>(row[3])});
    return out;
}

Result<void> check_pages(RawSqlite& copy, const std::string& file) {
    const Result<RawSqlite::Rows> found = copy.query("checking it", "pragma integrity_check(1)");
    if (!found)
        return pass(found.error());
    if (!found->empty() && found->front().front() == "ok")
        return {};
    return fail(
        Errc::bad_file,
        fmt::format(
            "{} is damaged: {}", file, found->empty() ? "no answer" : found->front().front()
        ),
        "take another backup"
    );
}

}  // namespace

Result<void> copy_sqlite(const Target& from, const std::string& to, const Stop& stop) {
    if (!fs::exists(from.database))
        return fail(
            Errc::not_found,
            fmt::format("{} does not exist", from.describe()),
            "create it: pchatctl db provision"
        );
    Result<RawSqlite> source = RawSqlite::open(from.database, SQLITE_OPEN_READWRITE, busy_ms);
    if (!source)
        return pass(std::move(source).error());
    // A reader's transaction: with the write-ahead log nobody waits for it, and what is written
    // meanwhile does not make the copy begin again.
    if (Result<void> begun = source->run("reading it", "begin; select count(*) from sqlite_master");
        !begun)
        return begun;
    {
        Result<RawSqlite> copy =
            RawSqlite::open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, busy_ms);
        if (!copy)
            return pass(std::move(copy).error());
        // A copy that fails is removed, so it needs no journal.
        if (Result<void> off = copy->run("copying it", "pragma journal_mode = off"); !off)
            return off;
        if (Result<void> copied = copy_pages(*source, *copy, stop); !copied)
            return copied;
    }
    Result<RawSqlite> copy = RawSqlite::open(to, SQLITE_OPEN_READWRITE, busy_ms);
    if (!copy)
        return pass(std::move(copy).error());
    return copy->run("copying it", "pragma journal_mode = delete");
}

Result<BackupFacts> check_sqlite_copy(const std::string& file, Purpose purpose) {
    Result<RawSqlite> copy = RawSqlite::open(file, SQLITE_OPEN_READONLY, busy_ms);
    if (!copy)
        return pass(std::move(copy).error());
    if (Result<void> whole = check_pages(*copy, file); !whole)
        return pass(std::move(whole).error());
    const Result<std::vector<AppliedStep>> applied = read_steps(*copy);
    if (!applied)
        return pass(applied.error());
    Target target;
    target.database = file;
    const std::vector<Step> known = built_in_steps(Engine::sqlite, purpose);
    const Result<std::vector<Step>> pending = pending_steps(target, *applied, known);
    if (!pending)
        return pass(pending.error());
    BackupFacts facts;
    facts.version = applied->empty() ? 0 : applied->back().version;
    if (!pending->empty())
        return facts;  // other tables, perhaps
    for (const RowCount& count : row_counts(purpose)) {
        const Result<RawSqlite::Rows> rows = copy->query("counting", std::string{count.query});
        if (!rows)
            return pass(rows.error());
        facts.rows.emplace_back(count.name, to_number<std::int64_t>(rows->front().front()));
    }
    return facts;
}

Result<void> raise_fences_in_file(const std::string& file, Purpose purpose, Microseconds at) {
    if (purpose != Purpose::content)
        return {};
    Result<RawSqlite> copy = RawSqlite::open(file, SQLITE_OPEN_READWRITE, busy_ms);
    if (!copy)
        return pass(std::move(copy).error());
    // Whoever is interrupted here throws the copy away.
    std::string script = "pragma journal_mode = memory; begin; ";
    for (const std::string& statement : raise_fences(at))
        script += statement + "; ";
    return copy->run("raising the fences", script + "commit; pragma journal_mode = delete");
}

Result<void> replace_sqlite(const Target& target, const std::string& file) {
    std::error_code failed;
    bool damaged = false;
    std::unique_ptr<RawSqlite> alone;  // until the new file has the name
    if (fs::exists(target.database) && fs::file_size(target.database, failed) > 0) {
        Result<RawSqlite> claimed = claim_sqlite(target.database, damaged);
        if (!claimed)
            return pass(std::move(claimed).error());
        alone = std::make_unique<RawSqlite>(std::move(*claimed));
    }
    // Of a damaged file these are left; they must never meet the new one.
    for (const char* end : {"-wal", "-shm", "-journal"})
        fs::remove(target.database + end, failed);
    if (std::rename(file.c_str(), target.database.c_str()) != 0)
        return fail(
            Errc::io,
            fmt::format("cannot rename {} to {}: {}", file, target.database, std::strerror(errno)),
            "check owner and permissions of the directory"
        );
    sync_directory_of(target.database);
    return {};
}

}  // namespace pchat::sql
