// SPDX-License-Identifier: Apache-2.0
// `db backup`.
#include "cli/backup_manifest.h"
#include "cli/commands/rows.h"
#include "cli/pool_database.h"
#include "cli/take_backup.h"
#include "cli/ui/output.h"
#include "server/store/sql/backup.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using sql::Engine;

struct Backup {
    DatabaseChoice choice;
    BackupPlace place;
};

Json base_row(const PoolDatabase& database, const std::string& file) {
    return {
        {"name", fmt::format("{}/{}", database.pool, to_string(database.wanted.purpose))},
        {"engine", to_string(database.wanted.target.engine)},
        {"file", file}};
}

// On SQL Server the file is the server's: it verifies it, and no manifest can stand beside it.
Result<Json> back_up(Context& ctx, const BackupPlace& place, const PoolDatabase& database) {
    const std::string file = backup_file(place, database, SystemClock{}.now());
    Json out = base_row(database, file);
    if (database.wanted.target.engine == Engine::sqlserver) {
        const std::vector<std::string> statements =
            sql::sqlserver_backup(database.wanted, file, place.overwrite());
        if (Result<void> done = sql::run_on_server(database.wanted, statements); !done)
            return pass(std::move(done).error());
        out["schema"] = "-";
        out["bytes"] = "-";
        return out;
    }
    const Result<BackupManifest> manifest = write_backup(ctx, place.replace(), database, file);
    if (!manifest)
        return pass(manifest.error());
    if (Result<void> noted = sql::record_backup(database.as(database.owner()), manifest->at);
        !noted)
        ctx.note(fmt::format(
            "the backup is good, but db status cannot tell of it: {}", noted.error().message
        ));
    out["schema"] = manifest->schema_version;
    out["bytes"] = manifest->digest.bytes;
    out["sha256"] = manifest->digest.sha256;
    out["created"] = time_text(manifest->at);
    for (const auto& [table, rows] : manifest->rows)
        out["rows"][table] = rows;
    return out;
}

Result<void> show_commands(
    Context& ctx, const Backup& opt, const std::vector<PoolDatabase>& databases
) {
    Json documents = Json::array();
    std::string text;
    for (const PoolDatabase& database : databases) {
        const Result<std::vector<std::string>> commands = backup_commands(ctx, opt.place, database);
        if (!commands)
            return pass(commands.error(), database.name());
        documents.push_back({{"name", database.name()}, {"commands", *commands}});
        text += database.name() + ":\n";
        for (const std::string& command : *commands)
            text += "  " + command + "\n";
    }
    print_document(ctx, documents, text);
    return {};
}

Result<void> run(Context& ctx, const Backup& opt) {
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    if (databases->size() > 1 && !opt.place.is_directory(databases->front().wanted.target.engine))
        return fail(
            Errc::usage,
            fmt::format(
                "{} is one file, and {} databases are chosen", opt.place.to, databases->size()
            ),
            "name a directory that exists, or choose one with --pool and --database"
        );
    if (ctx.global.dry_run)
        return show_commands(ctx, opt, *databases);
    Json rows = Json::array();
    for (const PoolDatabase& database : *databases) {
        ctx.note(fmt::format("backing up {}", database.name()));
        Result<Json> done = back_up(ctx, opt.place, database);
        if (!done)
            return pass(std::move(done).error(), database.name());
        rows.push_back(std::move(*done));
    }
    print_list(
        ctx,
        "database",
        rows,
        {{"NAME", "name"}, {"FILE", "file"}, {"BYTES", "bytes", true}, {"SCHEMA", "schema", true}}
    );
    return {};
}

Run bind_backup(Args& args) {
    auto opt = std::make_shared<Backup>();
    opt->choice.declare(args);
    Arg& to = args.option(
        "to", opt->place.to, "PATH", "an existing directory, or the file of one backup"
    );
    to.kind = ValueKind::file;
    to.required = true;
    args.flag("force", opt->place.force, "replace a file that is there");
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> db_backup_commands() {
    return {{
        .path = "db backup",
        .summary = "Write backups of the databases, and verify them",
        .help = {},
        .bind = bind_backup,
        .formats = {"table", "json", "yaml", "name"},
        .changes = true,
    }};
}

}  // namespace pchat::cli
