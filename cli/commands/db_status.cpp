// SPDX-License-Identifier: Apache-2.0
// `db status`.
#include "cli/backup_manifest.h"
#include "cli/commands/rows.h"
#include "cli/pool_database.h"
#include "cli/ui/output.h"
#include "server/store/sql/admin.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string size_text(std::int64_t bytes) {
    constexpr std::int64_t mebibyte = 1024 * 1024;
    return bytes < mebibyte ? fmt::format("{} KiB", bytes / 1024)
                            : fmt::format("{} MiB", bytes / mebibyte);
}

std::string schema_text(const sql::Status& status) {
    if (status.version == 0)
        return "none: pchatctl db migrate";
    if (status.version == status.known)
        return fmt::format("{}", status.version);
    return fmt::format(
        "{} of {}: {}",
        status.version,
        status.known,
        status.version < status.known ? "pchatctl db migrate" : "newer than this program"
    );
}

// What can be told of a database, reachable or not.
Json describe(const PoolDatabase& database) {
    const sql::Target target = database.as(database.owner());
    Json out{
        {"name", fmt::format("{}/{}", database.pool, to_string(database.wanted.purpose))},
        {"instance", database.instance},
        {"engine", to_string(target.engine)},
        {"target", target.describe()},
        {"state", "ok"},
        {"schema", "-"},
        {"size", "-"},
        {"last_backup", "-"},
        {"engine_version", "-"}};
    const Result<sql::Status> status = sql::database_status(target, database.wanted.purpose);
    if (!status) {
        out["state"] = error_class(status.error().code).token;
        out["error"] = {{"message", status.error().message}, {"hint", status.error().hint}};
        return out;
    }
    out["engine_version"] = status->facts.engine_version;
    out["schema"] = schema_text(*status);
    out["schema_version"] = status->version;
    out["schema_known"] = status->known;
    out["size"] = size_text(status->facts.bytes);
    out["bytes"] = status->facts.bytes;
    if (status->facts.last_backup > 0)
        out["last_backup"] = time_text(status->facts.last_backup);
    for (const auto& [table, rows] : status->facts.rows)
        out["rows"][table] = rows;
    if (!status->facts.mirror_role.empty())
        out["mirror_role"] = status->facts.mirror_role;
    if (status->version != status->known)
        out["state"] = "schema";
    if (status->forgets) {
        out["state"] = "forgets";
        out["error"] = {{"message", status->forgets->message}, {"hint", status->forgets->hint}};
    }
    return out;
}

struct StatusOf {
    DatabaseChoice choice;
};

Result<void> run(Context& ctx, const StatusOf& opt) {
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    Json rows = Json::array();
    std::size_t bad = 0;
    for (const PoolDatabase& database : *databases) {
        rows.push_back(describe(database));
        if (rows.back()["state"] == "ok")
            continue;
        ++bad;
        if (rows.back().contains("error")) {
            ctx.note(rows.back()["error"]["message"].get<std::string>());
            if (const auto hint = rows.back()["error"]["hint"].get<std::string>(); !hint.empty())
                ctx.note("hint: " + hint);
        }
    }
    print_list(
        ctx,
        "database",
        rows,
        {{"NAME", "name"},
         {"STATE", "state"},
         {"ENGINE", "engine"},
         {"VERSION", "engine_version"},
         {"SCHEMA", "schema"},
         {"SIZE", "size", true},
         {"BACKUP", "last_backup"},
         {"INSTANCE", "instance"}}
    );
    if (bad == databases->size())
        return fail_silently(Errc::invalid);
    if (bad > 0)
        return fail_silently(Errc::some_failed);
    return {};
}

Run bind_status(Args& args) {
    auto opt = std::make_shared<StatusOf>();
    opt->choice.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> db_status_commands() {
    return {{
        .path = "db status",
        .summary = "Tell how the databases are: reachable, version, schema, size",
        .help = {},
        .bind = bind_status,
        .formats = {"table", "json", "yaml", "name"},
    }};
}

}  // namespace pchat::cli
