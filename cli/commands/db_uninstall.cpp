// SPDX-License-Identifier: Apache-2.0
// `db uninstall`.
#include "cli/commands/rows.h"
#include "cli/pool_database.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/uninstall.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Remove {
    DatabaseChoice choice;
    bool detach = false;
    std::vector<std::string> names;

    [[nodiscard]] sql::Fate fate() const { return detach ? sql::Fate::detach : sql::Fate::drop; }
};

struct Planned {
    const PoolDatabase* database;
    sql::Uninstall plan;
    std::string holds;  // "12 room, 3400 message"; empty: nothing is known
    Json rows = Json::object();
};

bool same_server(const sql::Target& one, const sql::Target& other) {
    return one.engine == other.engine && one.host == other.host && one.port == other.port &&
           one.instance == other.instance;
}

void count_rows(Planned& planned) {
    const PoolDatabase& database = *planned.database;
    const Result<sql::Status> status =
        sql::database_status(database.as(database.owner()), database.wanted.purpose);
    if (!status)
        return;
    std::vector<std::string> parts;
    for (const auto& [table, rows] : status->facts.rows) {
        planned.rows[table] = rows;
        if (rows > 0)
            parts.push_back(fmt::format("{} {}", rows, table));
    }
    planned.holds = parts.empty() ? "no rows" : fmt::format("{}", fmt::join(parts, ", "));
}

Result<std::vector<Planned>> plan_all(const std::vector<PoolDatabase>& databases, sql::Fate fate) {
    std::vector<Planned> out;
    for (const PoolDatabase& database : databases) {
        std::vector<std::string> gone;
        for (const Planned& before : out)
            if (same_server(before.database->wanted.target, database.wanted.target))
                gone.push_back(before.database->wanted.target.database);
        Result<sql::Uninstall> plan = sql::plan_uninstall(database.wanted, fate, gone);
        if (!plan)
            return pass(std::move(plan).error(), database.name());
        out.push_back({&database, std::move(*plan), {}, Json::object()});
        if (out.back().plan.exists)
            count_rows(out.back());
    }
    return out;
}

void show_plan(Context& ctx, const std::vector<Planned>& plan, bool with_sql) {
    Json documents = Json::array();
    std::string text;
    for (const Planned& one : plan) {
        Json document{
            {"name", one.database->name()},
            {"target", one.database->as(one.database->owner()).describe()},
            {"exists", one.plan.exists},
            {"rows", one.rows},
            {"steps", Json::array()},
            {"kept", one.plan.kept}};
        text += one.database->name() +
                (one.plan.steps.empty()
                     ? ": no changes\n"
                     : fmt::format(", which holds {}:\n", one.holds.empty() ? "?" : one.holds));
        for (const sql::ProvisionStep& step : one.plan.steps) {
            document["steps"].push_back({{"what", step.what}, {"sql", step.shown}});
            text += fmt::format("  - {}\n", step.what);
            for (const std::string& statement : step.shown)
                text += with_sql ? fmt::format("    {};\n", statement) : "";
        }
        for (const std::string& kept : one.plan.kept)
            text += fmt::format("    {}\n", kept);
        documents.push_back(std::move(document));
    }
    print_document(ctx, documents, text);
}

Result<void> ask(Context& ctx, const Remove& opt, const Planned& one) {
    const std::string& name = one.database->wanted.target.database;
    const std::string question =
        opt.detach ? fmt::format("This detaches {}.", one.database->name())
                   : fmt::format("This destroys {} and what it holds.", one.database->name());
    return confirm_name(ctx, question, name, opt.names);
}

Result<void> run(Context& ctx, const Remove& opt) {
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    const Result<std::vector<Planned>> plan = plan_all(*databases, opt.fate());
    if (!plan)
        return pass(plan.error());
    const bool nothing = std::all_of(plan->begin(), plan->end(), [](const Planned& one) {
        return one.plan.steps.empty();
    });
    show_plan(ctx, *plan, ctx.global.dry_run);
    if (nothing || ctx.global.dry_run)
        return {};
    // All questions before the first deed.
    for (const Planned& one : *plan)
        if (!one.plan.steps.empty())
            if (Result<void> agreed = ask(ctx, opt, one); !agreed)
                return agreed;
    for (const Planned& one : *plan) {
        const Result<std::vector<std::string>> done =
            sql::uninstall(one.database->wanted, one.plan);
        if (!done)
            return pass(done.error(), one.database->name());
        for (const std::string& what : *done)
            ctx.note(fmt::format("{}: {}", one.database->name(), what));
    }
    return {};
}

Run bind_remove(Args& args) {
    auto opt = std::make_shared<Remove>();
    opt->choice.declare(args);
    args.flag("detach", opt->detach, "keep the files (SQLite, SQL Server)");
    confirm_option(args, opt->names);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> db_uninstall_commands() {
    return {{
        .path = "db uninstall",
        .summary = "Drop databases and their logins, after their names were typed",
        .help = {},
        .bind = bind_remove,
        .formats = {"table", "json", "yaml"},
        .changes = true,
    }};
}

}  // namespace pchat::cli
