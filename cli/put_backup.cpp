// SPDX-License-Identifier: Apache-2.0
#include "cli/put_backup.h"

#include "cli/signals_held.h"
#include "cli/take_backup.h"
#include "server/store/sql/admin.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

using sql::Engine;

using Rows = std::vector<std::pair<std::string, std::int64_t>>;

// Rows of an older schema were not counted, or in other tables.
Result<void> check_rows(const StoredBackup& backup, const Rows& found) {
    if (found == backup.manifest.rows || backup.manifest.rows.empty() || found.empty())
        return {};
    return fail(
        Errc::bad_file,
        fmt::format("{} does not hold the rows that its manifest counts", backup.file),
        "it was changed: take another backup"
    );
}

// A copy is judged, and then that copy takes the name: what happens to the backup meanwhile does
// not matter.
Result<void> put_sqlite(const StoredBackup& backup, const PoolDatabase& database) {
    const sql::Target& target = database.wanted.target;
    Result<PartFile> part = PartFile::create(target.database, Replace::yes);
    if (!part)
        return pass(std::move(part).error());
    const Result<Digest> digest = digest_file(backup.file, [&](std::string_view portion) {
        return SignalsHeld::asked_to_stop()
                   ? Result<void>{fail(Errc::interrupted, "the restore was interrupted")}
                   : part->write(portion);
    });
    if (!digest)
        return pass(digest.error());
    if (Result<void> same = check_digest(backup.file, backup.manifest, *digest); !same)
        return same;
    const sql::Purpose purpose = database.wanted.purpose;
    const Result<sql::BackupFacts> facts = sql::check_sqlite_copy(part->path(), purpose);
    if (!facts)
        return pass(facts.error());
    if (Result<void> rows = check_rows(backup, facts->rows); !rows)
        return rows;
    if (facts->version > 0)
        if (Result<void> raised =
                sql::raise_fences_in_file(part->path(), purpose, SystemClock{}.now());
            !raised)
            return raised;
    // By whoever restores, root perhaps, it must stay the service's file.
    if (Result<void> given = part->give_to(owner_for(target.database)); !given)
        return given;
    if (Result<void> synced = part->sync(); !synced)
        return synced;
    return sql::replace_sqlite(target, part->path());
}

// Before the old tables are dropped: is what came one of our schemas, and all of it?
Result<void> check_restored(
    const StoredBackup& backup, const sql::Target& owner, sql::Purpose purpose
) {
    const Result<std::vector<sql::Step>> pending = sql::pending_migrations(owner, purpose);
    if (!pending)
        return pass(pending.error());
    const Result<sql::Status> status = sql::database_status(owner, purpose);
    if (!status)
        return pass(status.error());
    if (Result<void> rows = check_rows(backup, status->facts.rows); !rows)
        return rows;
    // Before the old tables go: no server meets the restored ones with their numbers of before.
    if (status->version == 0)
        return {};
    return sql::raise_fences_in(owner, purpose, SystemClock{}.now());
}

Result<void> put_postgresql(const StoredBackup& backup, const PoolDatabase& database) {
    const sql::Target owner = database.as(database.owner());
    if (Result<void> begun = sql::begin_restore(owner); !begun)
        return begun;
    const Result<ChildResult> filled = run_tool(restore_command(backup.tools, owner, backup.file));
    Result<void> outcome;
    if (!filled)
        outcome = pass(filled.error());
    else
        outcome = check_restored(backup, owner, database.wanted.purpose);
    if (outcome)
        return sql::finish_restore(owner);
    if (Result<void> undone = sql::undo_restore(owner); !undone)
        return pass(
            std::move(undone).error(), fmt::format("after this: {}", outcome.error().message)
        );
    return outcome;
}

Result<void> put_sqlserver(const StoredBackup& backup, const PoolDatabase& database) {
    return sql::run_on_server(
        database.wanted,
        sql::sqlserver_restore(database.wanted, backup.file, backup.moves, SystemClock{}.now())
    );
}

Result<void> put(const StoredBackup& backup, const PoolDatabase& database) {
    switch (database.wanted.target.engine) {
    case Engine::sqlite:
        return put_sqlite(backup, database);
    case Engine::postgresql:
        return put_postgresql(backup, database);
    case Engine::sqlserver:
        return put_sqlserver(backup, database);
    }
    return fail(Errc::internal, "unknown database engine");
}

}  // namespace

Result<StoredBackup> open_backup(
    Context& ctx, const std::string& file, const PoolDatabase& database
) {
    const Engine engine = database.wanted.target.engine;
    const sql::Purpose purpose = database.wanted.purpose;
    StoredBackup out{file, {}, {}, {}};
    if (engine == Engine::sqlserver) {
        Result<std::vector<sql::FileMove>> moves =
            sql::look_into_sqlserver_backup(database.wanted, file);
        if (!moves)
            return pass(std::move(moves).error());
        out.moves = std::move(*moves);
        return out;
    }
    Result<BackupManifest> manifest = read_manifest(file, engine, purpose);
    if (!manifest)
        return pass(std::move(manifest).error());
    out.manifest = std::move(*manifest);
    const Result<Digest> digest = digest_file(file);
    if (!digest)
        return pass(digest.error());
    if (Result<void> same = check_digest(file, out.manifest, *digest); !same)
        return pass(std::move(same).error());
    if (engine == Engine::sqlite)
        return out;
    Result<PostgresqlTools> tools = tools_for(ctx, database.as(database.owner()), purpose);
    if (!tools)
        return pass(std::move(tools).error());
    out.tools = std::move(*tools);
    if (Result<void> readable = check_archive(out.tools, file); !readable)
        return pass(std::move(readable).error());
    return out;
}

Result<int> put_backup(const StoredBackup& backup, const PoolDatabase& database) {
    const SignalsHeld held;
    if (Result<void> done = put(backup, database); !done)
        return pass(std::move(done).error());
    const Result<std::vector<std::string>> provisioned =
        sql::provision(database.wanted, SystemClock{});
    if (!provisioned)
        return pass(provisioned.error(), "the data is restored; rights are not set again");
    const Result<sql::Status> status =
        sql::database_status(database.as(database.owner()), database.wanted.purpose);
    if (!status)
        return pass(status.error());
    return status->version;
}

std::vector<std::string> restore_commands(
    const StoredBackup& backup, const PoolDatabase& database
) {
    const sql::Target owner = database.as(database.owner());
    switch (owner.engine) {
    case Engine::sqlite:
        return {
            fmt::format("copy {} to {}.part and check it", backup.file, owner.database),
            fmt::format("rename {0}.part to {0}", owner.database)};
    case Engine::sqlserver:
        return sql::sqlserver_restore(
            database.wanted, backup.file, backup.moves, SystemClock{}.now()
        );
    case Engine::postgresql:
        break;
    }
    const sql::RestoreStatements statements = sql::restore_statements();
    std::vector<std::string> out = statements.begin;
    out.push_back(shown(restore_command(backup.tools, owner, backup.file)));
    out.insert(out.end(), statements.finish.begin(), statements.finish.end());
    return out;
}

}  // namespace pchat::cli
