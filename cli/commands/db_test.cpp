// SPDX-License-Identifier: Apache-2.0
// `db test`.
#include "cli/commands/rows.h"
#include "cli/pool_database.h"
#include "cli/ui/output.h"
#include "server/store/sql/probe.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Test {
    DatabaseChoice choice;
};

Result<void> show_attempts(Context& ctx, const std::vector<PoolDatabase>& databases) {
    Json documents = Json::array();
    std::string text;
    for (const PoolDatabase& database : databases) {
        const Result<std::vector<sql::ProbeCheck>> checks = sql::plan_probe(database.wanted);
        if (!checks)
            return pass(checks.error(), database.name());
        for (const sql::ProbeCheck& check : *checks) {
            documents.push_back(
                {{"name", database.name()},
                 {"role", check.role},
                 {"login", check.user},
                 {"what", check.what},
                 {"expected", check.allowed ? "allowed" : "denied"},
                 {"sql", check.statements}}
            );
            text += fmt::format(
                "-- {} as {} '{}': {} is {}\n",
                database.name(),
                check.role,
                check.user,
                check.what,
                check.allowed ? "allowed" : "denied"
            );
            for (const std::string& statement : check.statements)
                text += statement + ";\n";
        }
    }
    print_document(ctx, documents, text);
    return {};
}

Result<void> run(Context& ctx, const Test& opt) {
    const Result<std::vector<PoolDatabase>> databases = choose_databases(ctx, opt.choice);
    if (!databases)
        return pass(databases.error());
    if (ctx.global.dry_run)
        return show_attempts(ctx, *databases);
    Json rows = Json::array();
    std::size_t bad = 0;
    for (const PoolDatabase& database : *databases) {
        const Result<std::vector<sql::ProbeResult>> results = sql::probe(database.wanted);
        if (!results)
            return pass(results.error(), database.name());
        for (const sql::ProbeResult& result : *results) {
            bad += result.ok ? 0 : 1;
            rows.push_back(
                {{"name", fmt::format("{}/{}", database.pool, to_string(database.wanted.purpose))},
                 {"role", result.role},
                 {"login", result.user},
                 {"what", result.what},
                 {"expected", result.expected},
                 {"found", result.found},
                 {"ok", result.ok}}
            );
        }
    }
    print_list(
        ctx,
        "database",
        rows,
        {{"NAME", "name"},
         {"ROLE", "role"},
         {"LOGIN", "login"},
         {"CHECK", "what"},
         {"EXPECTED", "expected"},
         {"FOUND", "found"},
         {"OK", "ok"}}
    );
    if (bad == 0)
        return {};
    // Of `-o json` the rows are the one document.
    ctx.note(fmt::format("{} of {} checks failed", bad, rows.size()));
    ctx.note("hint: set rights and modes right: pchatctl db provision");
    return fail_silently(Errc::invalid);
}

Run bind_test(Args& args) {
    auto opt = std::make_shared<Test>();
    opt->choice.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> db_test_commands() {
    return {{
        .path = "db test",
        .summary = "Prove what each login may do, and what it may not",
        .help = {},
        .bind = bind_test,
        .formats = {"table", "json", "yaml"},
        .changes = true,
    }};
}

}  // namespace pchat::cli
