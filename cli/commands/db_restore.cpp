// SPDX-License-Identifier: Apache-2.0
// `db restore`.
#include "cli/commands/rows.h"
#include "cli/pool_database.h"
#include "cli/put_backup.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"
#include "server/store/sql/backup.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <memory>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using sql::Engine;

struct Restore {
    DatabaseChoice choice;
    std::string from;
    bool force = false;
    std::vector<std::string> names;
};

// A database that is missing or empty loses nothing; one that cannot be read may lose all.
Result<bool> would_lose(const PoolDatabase& database) {
    const sql::Target owner = database.as(database.owner());
    if (owner.engine == Engine::sqlite) {
        std::error_code failed;
        const auto size = std::filesystem::file_size(owner.database, failed);
        if (failed || size == 0)
            return false;
    }
    const Result<bool> holds = sql::holds_data(owner, database.wanted.purpose);
    if (holds || owner.engine != Engine::sqlite)
        return holds;
    return true;
}

Result<void> ask(Context& ctx, const Restore& opt, const PoolDatabase& database) {
    const Result<bool> loses = would_lose(database);
    if (!loses)
        return pass(loses.error());
    if (!*loses)
        return {};
    const std::string& name = database.wanted.target.database;
    if (!opt.force)
        return fail(
            Errc::conflict,
            fmt::format("{} ('{}') is not empty", database.name(), name),
            "--force replaces what it holds; take a backup of that first"
        );
    return confirm_name(
        ctx, fmt::format("This replaces what {} holds.", database.name()), name, opt.names
    );
}

Result<void> show_commands(
    Context& ctx, const PoolDatabase& database, const std::vector<std::string>& commands
) {
    std::string text = database.name() + ":\n";
    for (const std::string& command : commands)
        text += "  " + command + "\n";
    print_document(ctx, {{"name", database.name()}, {"commands", commands}}, text);
    return {};
}

Result<void> run(Context& ctx, const Restore& opt) {
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    if (databases->size() > 1)
        return fail(
            Errc::usage,
            fmt::format(
                "{} is one backup, and {} databases are chosen", opt.from, databases->size()
            ),
            "choose one with --pool and --database content or compliance"
        );
    const PoolDatabase& database = databases->front();
    const Result<StoredBackup> backup = open_backup(ctx, opt.from, database);
    if (!backup)
        return pass(backup.error());
    if (ctx.global.dry_run)
        return show_commands(ctx, database, restore_commands(*backup, database));
    if (Result<void> agreed = ask(ctx, opt, database); !agreed)
        return agreed;
    const Result<int> version = put_backup(*backup, database);
    if (!version)
        return pass(version.error(), database.name());
    print_list(
        ctx,
        "database",
        Json::array(
            {{{"name", fmt::format("{}/{}", database.pool, to_string(database.wanted.purpose))},
              {"file", opt.from},
              {"schema", *version}}}
        ),
        {{"NAME", "name"}, {"FILE", "file"}, {"SCHEMA", "schema", true}}
    );
    ctx.note("rights and schema are as db provision makes them");
    ctx.note("next: pchatctl db test");
    return {};
}

Run bind_restore(Args& args) {
    auto opt = std::make_shared<Restore>();
    opt->choice.declare(args);
    Arg& from = args.option("from", opt->from, "FILE", "the backup, its manifest beside it");
    from.kind = ValueKind::file;
    from.required = true;
    args.flag("force", opt->force, "replace what the database holds");
    confirm_option(args, opt->names);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> db_restore_commands() {
    return {{
        .path = "db restore",
        .summary = "Put a backup in the place of a database",
        .help = {},
        .bind = bind_restore,
        .formats = {"table", "json", "yaml", "name"},
        .changes = true,
    }};
}

}  // namespace pchat::cli
