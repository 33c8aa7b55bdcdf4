// SPDX-License-Identifier: Apache-2.0
#include "cli/take_backup.h"

#include "cli/signals_held.h"
#include "server/store/sql/admin.h"

#include <fmt/format.h>

#include <filesystem>

namespace pchat::cli {
namespace {

using sql::Engine;

std::string_view extension(Engine engine) {
    switch (engine) {
    case Engine::sqlite:
        return "db";
    case Engine::postgresql:
        return "dump";
    case Engine::sqlserver:
        return "bak";
    }
    return "";
}

// Each engine's way fills `part` and tells what is in it.
Result<sql::BackupFacts> fill_sqlite(const PoolDatabase& database, const PartFile& part) {
    const sql::Target source = database.as(database.owner());
    if (Result<void> copied = sql::copy_sqlite(source, part.path(), SignalsHeld::asked_to_stop);
        !copied)
        return pass(std::move(copied).error());
    return sql::check_sqlite_copy(part.path(), database.wanted.purpose);
}

Result<sql::BackupFacts> fill_postgresql(
    Context& ctx, const PoolDatabase& database, const PartFile& part
) {
    const sql::Target owner = database.as(database.owner());
    const sql::Purpose purpose = database.wanted.purpose;
    const Result<PostgresqlTools> tools = tools_for(ctx, owner, purpose);
    if (!tools)
        return pass(tools.error());
    sql::BackupFacts facts;
    const Result<void> dumped = sql::hold_snapshot(
        owner,
        purpose,
        [&](const std::string& snapshot, const sql::BackupFacts& counted) -> Result<void> {
            facts = counted;
            const Result<ChildResult> done =
                run_tool(dump_command(*tools, owner, snapshot, part.path()));
            if (!done)
                return pass(done.error());
            return {};
        }
    );
    if (!dumped)
        return pass(dumped.error());
    if (Result<void> readable = check_archive(*tools, part.path()); !readable)
        return pass(std::move(readable).error());
    return facts;
}

}  // namespace

bool BackupPlace::is_directory(sql::Engine engine) const {
    if (engine == Engine::sqlserver)
        return !to.ends_with(".bak");
    std::error_code ignored;
    return to.ends_with('/') || std::filesystem::is_directory(to, ignored);
}

std::string backup_file(const BackupPlace& place, const PoolDatabase& database, Microseconds now) {
    const Engine engine = database.wanted.target.engine;
    if (!place.is_directory(engine))
        return place.to;
    const bool windows = engine == Engine::sqlserver && place.to.find('\\') != std::string::npos;
    const char separator = windows ? '\\' : '/';
    return fmt::format(
        "{}{}{}-{}-{}.{}",
        place.to,
        place.to.ends_with(separator) ? "" : std::string{separator},
        to_string(database.wanted.purpose),
        database.pool,
        time_for_names(now),
        extension(engine)
    );
}

Result<PostgresqlTools> tools_for(Context& ctx, const sql::Target& owner, sql::Purpose purpose) {
    const Result<sql::Status> status = sql::database_status(owner, purpose);
    if (!status)
        return pass(status.error());
    return find_postgresql_tools(ctx.variable("PATH"), status->facts.engine_version);
}

Result<BackupManifest> write_backup(
    Context& ctx, Replace replace, const PoolDatabase& database, const std::string& file
) {
    const sql::Target& target = database.wanted.target;
    std::error_code not_there;
    if (target.engine == Engine::sqlite &&
        std::filesystem::equivalent(file, target.database, not_there))
        return fail(
            Errc::usage,
            fmt::format("{} is the database itself", file),
            "name a file of its own, on another disk if there is one"
        );
    const SignalsHeld held;
    Result<PartFile> part = PartFile::create(file, replace);
    if (!part)
        return pass(std::move(part).error());
    const Result<sql::BackupFacts> facts = target.engine == Engine::sqlite
                                               ? fill_sqlite(database, *part)
                                               : fill_postgresql(ctx, database, *part);
    if (!facts)
        return pass(facts.error());
    const Result<Digest> digest = digest_file(part->path());
    if (!digest)
        return pass(digest.error());
    BackupManifest manifest{
        std::string{to_string(target.engine)},
        std::string{to_string(database.wanted.purpose)},
        database.pool,
        facts->version,
        *digest,
        SystemClock{}.now(),
        facts->rows};
    // A backup without its manifest could not be restored: before the old one goes, the new
    // manifest lies ready.
    Result<PartFile> beside = begin_manifest(file, manifest, replace);
    if (!beside)
        return pass(std::move(beside).error());
    if (Result<void> kept = part->keep(); !kept)
        return pass(std::move(kept).error());
    if (Result<void> kept = beside->keep(); !kept)
        return pass(std::move(kept).error());
    return manifest;
}

Result<std::vector<std::string>> backup_commands(
    Context& ctx, const BackupPlace& place, const PoolDatabase& database
) {
    const std::string file = backup_file(place, database, SystemClock{}.now());
    const sql::Target owner = database.as(database.owner());
    switch (owner.engine) {
    case Engine::sqlite:
        return std::vector<std::string>{
            fmt::format("copy {} to {} through SQLite's backup interface", owner.database, file)};
    case Engine::sqlserver:
        return sql::sqlserver_backup(database.wanted, file, place.overwrite());
    case Engine::postgresql:
        break;
    }
    const Result<PostgresqlTools> tools = tools_for(ctx, owner, database.wanted.purpose);
    if (!tools)
        return pass(tools.error());
    return std::vector<std::string>{
        shown(dump_command(*tools, owner, "", file + ".part")),
        fmt::format("{} --list -- {}.part", tools->restore, file)};
}

}  // namespace pchat::cli
