// SPDX-License-Identifier: Apache-2.0
// `db plan`, `db provision`, `db migrate`, `db status`.
#include "cli/admin_choice.h"
#include "cli/commands/rows.h"
#include "cli/pool_database.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"
#include "server/store/sql/admin.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string script_text(const std::vector<std::string>& statements) {
    std::string out;
    for (const std::string& statement : statements)
        out += statement + ";\n\n";
    return out;
}

// ---- plan and provision

Json plan_json(const PoolDatabase& database, const std::vector<sql::ProvisionStep>& steps) {
    Json out{
        {"name", database.name()},
        {"target", database.as(database.wanted.logins.provision).describe()},
        {"steps", Json::array()}};
    for (const sql::ProvisionStep& step : steps)
        out["steps"].push_back(
            {{"what", step.what}, {"database", step.database}, {"sql", step.shown}}
        );
    return out;
}

struct Planned {
    const PoolDatabase* database;
    std::vector<sql::ProvisionStep> steps;
};

Result<std::vector<Planned>> plan_all(const std::vector<PoolDatabase>& databases) {
    std::vector<Planned> out;
    for (const PoolDatabase& database : databases) {
        Result<std::vector<sql::ProvisionStep>> steps = sql::plan_provision(database.wanted);
        if (!steps)
            return pass(std::move(steps).error(), database.name());
        out.push_back({&database, std::move(*steps)});
    }
    return out;
}

std::size_t count_steps(const std::vector<Planned>& plan) {
    std::size_t count = 0;
    for (const Planned& one : plan)
        count += one.steps.size();
    return count;
}

void show_plan(Context& ctx, const std::vector<Planned>& plan, bool with_sql) {
    Json documents = Json::array();
    std::string text;
    for (const Planned& one : plan) {
        documents.push_back(plan_json(*one.database, one.steps));
        text += one.database->name() + (one.steps.empty() ? ": no changes\n" : ":\n");
        for (const sql::ProvisionStep& step : one.steps) {
            text += fmt::format("  + {}\n", step.what);
            if (with_sql && !step.shown.empty())
                text += fmt::format("    -- in {}\n{}", step.database, script_text(step.shown));
        }
    }
    print_document(ctx, documents, text);
}

struct Plan {
    DatabaseChoice choice;
    bool exit_code = false;
    bool sql = false;
};

Result<void> run(Context& ctx, const Plan& opt) {
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    const Result<std::vector<Planned>> plan = plan_all(*databases);
    if (!plan)
        return pass(plan.error());
    show_plan(ctx, *plan, opt.sql);
    if (opt.exit_code && count_steps(*plan) > 0)
        return fail_silently(Errc::pending);
    return {};
}

Run bind_plan(Args& args) {
    auto opt = std::make_shared<Plan>();
    opt->choice.declare(args);
    args.flag("show-sql", opt->sql, "show the SQL of each step, passwords as ***");
    args.flag("exit-code", opt->exit_code, "exit 8 when something is missing");
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

struct Provision {
    DatabaseChoice choice;
    AdminChoice admin;
};

Result<void> apply(Context& ctx, const std::vector<Planned>& plan) {
    const SystemClock clock;
    for (const Planned& one : plan) {
        const Result<std::vector<std::string>> done = sql::provision(one.database->wanted, clock);
        if (!done)
            return pass(done.error(), one.database->name());
        for (const std::string& what : *done)
            ctx.note(fmt::format("{}: {}", one.database->name(), what));
    }
    ctx.note("databases are ready");
    ctx.note("next: pchatctl db status");
    return {};
}

Result<void> run(Context& ctx, const Provision& opt) {
    const Result<std::optional<FirstAdministrator>> admin = opt.admin.read(ctx);
    if (!admin)
        return pass(admin.error());
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    const Result<std::vector<Planned>> plan = plan_all(*databases);
    if (!plan)
        return pass(plan.error());
    show_plan(ctx, *plan, ctx.global.dry_run);
    if (ctx.global.dry_run) {
        if (*admin)
            ctx.note(fmt::format(
                "then, unless there is one: {} becomes the administrator", (*admin)->name.written()
            ));
        return {};
    }
    if (count_steps(*plan) > 0) {
        if (Result<void> agreed = confirm(ctx, "Do this?"); !agreed)
            return agreed;
        if (Result<void> applied = apply(ctx, *plan); !applied)
            return applied;
    }
    if (*admin)
        return make_administrators(ctx, *databases, **admin);
    return {};
}

Run bind_provision(Args& args) {
    auto opt = std::make_shared<Provision>();
    opt->choice.declare(args);
    opt->admin.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

// ---- migrate

struct Migrate {
    DatabaseChoice choice;
};

Result<Json> migrate_one(Context& ctx, const PoolDatabase& database) {
    const sql::Target target = database.as(database.owner());
    const sql::Purpose purpose = database.wanted.purpose;
    const Result<std::vector<sql::Step>> pending = sql::pending_migrations(target, purpose);
    if (!pending)
        return pass(pending.error());
    Json out{
        {"name", database.name()},
        {"applied", Json::array()},
        {"pending", Json::array()},
        {"sql", Json::array()}};
    if (ctx.global.dry_run) {
        for (const sql::Step& step : *pending) {
            out["pending"].push_back(step.name);
            for (const std::string& statement : sql::statements_of(step, target.engine))
                out["sql"].push_back(statement);
        }
        return out;
    }
    const Result<std::vector<int>> applied = sql::migrate_database(target, purpose, SystemClock{});
    if (!applied)
        return pass(applied.error());
    out["applied"] = *applied;
    return out;
}

Result<void> run(Context& ctx, const Migrate& opt) {
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    Json documents = Json::array();
    std::string text;
    for (const PoolDatabase& database : *databases) {
        Result<Json> done = migrate_one(ctx, database);
        if (!done)
            return pass(std::move(done).error(), database.name());
        const std::size_t pending = (*done)["pending"].size();
        const std::size_t applied = (*done)["applied"].size();
        text += fmt::format(
            "{}: {}\n",
            database.name(),
            pending + applied == 0 ? "no changes"
                                   : fmt::format(
                                         "{} step(s) {}",
                                         pending + applied,
                                         applied > 0 ? "applied" : "would be applied"
                                     )
        );
        for (const Json& statement : (*done)["sql"])
            text += statement.get<std::string>() + ";\n\n";
        documents.push_back(std::move(*done));
    }
    print_document(ctx, documents, text);
    return {};
}

Run bind_migrate(Args& args) {
    auto opt = std::make_shared<Migrate>();
    opt->choice.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> db_commands() {
    const std::vector<std::string> formats{"table", "json", "yaml"};
    std::vector<Command> rows{
        {.path = "db plan",
         .summary = "Show what the databases of a topology lack",
         .help = {},
         .bind = bind_plan,
         .formats = formats},
        {.path = "db provision",
         .summary = "Create databases, schemas, logins and grants",
         .help = {},
         .bind = bind_provision,
         .formats = formats,
         .changes = true},
        {.path = "db migrate",
         .summary = "Bring the schemas up to date",
         .help = {},
         .bind = bind_migrate,
         .formats = formats,
         .changes = true},
    };
    for (auto part :
         {db_status_commands,
          db_test_commands,
          db_backup_commands,
          db_restore_commands,
          db_uninstall_commands})
        for (Command& row : part())
            rows.push_back(std::move(row));
    return rows;
}

}  // namespace pchat::cli
