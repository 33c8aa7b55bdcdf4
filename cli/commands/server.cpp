// SPDX-License-Identifier: Apache-2.0
// `server run`.
#include "base/secret_reference.h"
#include "cli/commands/rows.h"
#include "cli/commands/server_run.h"
#include "cli/local_server/connection_text.h"
#include "cli/local_server/first_start.h"
#include "cli/local_server/secret_file.h"
#include "cli/local_server/server_process.h"
#include "cli/local_server/server_settings.h"
#include "cli/secret_reference.h"
#include "server/store/sql/provision.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>

#include <csignal>
#include <filesystem>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What `--database` leads to, or the file in the directory.
Result<sql::Target> choose_database(
    const Context& ctx, const std::string& reference, const std::string& usual
) {
    return reference.empty() ? parse_connection("sqlite:" + usual) : read_database(ctx, reference);
}

Result<LocalSettings> read_choices(const Context& ctx, const RunServer& opt) {
    LocalSettings out;
    Result<ListenAddress> address = parse_listen_address(opt.listen);
    if (!address)
        return pass(std::move(address).error());
    out.listen = std::move(*address);
    out.plain = opt.plain;
    if (ctx.global.quiet)
        out.log_level = "error";
    else if (ctx.global.verbose)
        out.log_level = "debug";
    if (out.plain && !out.listen.loopback)
        return fail(
            Errc::usage,
            fmt::format("--plain on {} would send tokens and messages readable", out.listen.ip),
            "leave --plain out, or listen on 127.0.0.1 or [::1]"
        );
    return out;
}

// ---- --dry-run

Result<void> show_plan(Context& ctx, const RunServer& opt) {
    const std::string directory = absolute_path(opt.data);
    const Result<sql::Target> target =
        choose_database(ctx, opt.database, directory + "/content.db");
    if (!target)
        return pass(target.error());
    std::vector<std::string> steps;
    if (!std::filesystem::exists(directory))
        steps.push_back(fmt::format("create directory {}", directory));
    if (target->engine == sql::Engine::sqlite) {
        sql::Wanted wanted;
        wanted.target = target->copy();
        const Result<std::vector<sql::ProvisionStep>> plan = sql::plan_provision(wanted);
        if (!plan)
            return pass(plan.error());
        for (const sql::ProvisionStep& step : *plan)
            steps.push_back(step.what);
    } else {
        steps.push_back(fmt::format("bring the schema of {} up to date", target->describe()));
    }
    steps.push_back(fmt::format("start pchatd at {}", opt.listen));
    show_steps(ctx, directory, steps);
    return {};
}

// ---- running

struct Prepared {
    sql::Target database;
    ServerProgram program;
};

Result<Prepared> prepare(
    Context& ctx,
    const RunServer& opt,
    const DataDirectory& directory,
    const LocalSettings& settings
) {
    Prepared out;
    Result<std::string> program = find_pchatd(ctx.variable("PATH"));
    if (!program)
        return pass(std::move(program).error());
    Result<sql::Target> target = choose_database(ctx, opt.database, directory.database());
    if (!target)
        return pass(std::move(target).error());
    out.database = std::move(*target);
    if (Result<void> filled = fill_database(ctx, directory, out.database); !filled)
        return pass(std::move(filled).error());
    if (!settings.plain)
        if (auto made =
                ensure_certificates(directory.certificates(), certificate_names(settings.listen));
            !made)
            return pass(std::move(made).error());
    const std::string text = settings_text(directory, settings, out.database);
    if (Result<void> written = write_secret_file(directory.settings(), text, 0600); !written)
        return pass(std::move(written).error());
    out.program.program = std::move(*program);
    out.program.arguments = {"--config", directory.settings(), "--announce"};
    if (!out.database.login.password.empty())
        out.program.environment.emplace_back(
            database_password_variable, out.database.login.password.reveal()
        );
    return out;
}

void show_ready(
    Context& ctx, const DataDirectory& directory, const LocalSettings& settings, const Json& said
) {
    const std::string url = usable_url(said["urls"][0].get<std::string>());
    const std::string ca = settings.plain ? "" : directory.certificates().authority;
    if (ctx.global.output == "json") {
        const Json line{
            {"url", url},
            {"data", directory.path()},
            {"admin", fmt::format("sip:{}", local_administrator)},
            {"token_file", directory.admin_token()},
            {"ca_file", ca},
            {"pid", said["pid"]}};
        ctx.out << line.dump() << '\n' << std::flush;
        return;
    }
    ctx.out << fmt::format(
        "ready at {}\n"
        "  data      {}\n"
        "  sign in   sip:{}, the password is in {}\n"
        "  token     {}\n",
        url,
        directory.path(),
        local_administrator,
        directory.admin_password(),
        directory.admin_token()
    );
    if (!ca.empty())
        ctx.out << fmt::format("  authority {}\n", ca);
    ctx.out << std::flush;
    ctx.note("stop it with Ctrl-C");
}

Result<void> judge_end(const ServerEnd& end) {
    if (end.stopped_by == SIGINT || end.stopped_by == SIGQUIT)
        return fail_silently(Errc::interrupted);
    if (WIFSIGNALED(end.status) && end.stopped_by == 0)
        return fail(
            Errc::internal,
            fmt::format("pchatd was ended by signal {}", WTERMSIG(end.status)),
            "run it again: what was confirmed is in the database"
        );
    const int code = WIFEXITED(end.status) ? WEXITSTATUS(end.status) : 1;
    if (code == 0)
        return {};
    return fail(
        code == 3 ? Errc::bad_file : Errc::internal,
        fmt::format("pchatd ended with {}: its own words stand above", code)
    );
}

Result<void> run(Context& ctx, const RunServer& opt) {
    if (opt.data.empty())
        return fail(
            Errc::usage, "--data is missing", "name a directory, which may not be there yet"
        );
    const Result<LocalSettings> settings = read_choices(ctx, opt);
    if (!settings)
        return pass(settings.error());
    if (opt.nodes)
        return ctx.global.dry_run ? show_pool_plan(ctx, opt, *settings)
                                  : run_pool(ctx, opt, *settings);
    if (ctx.global.dry_run)
        return show_plan(ctx, opt);
    const Result<DataDirectory> directory = DataDirectory::take(opt.data);
    if (!directory)
        return pass(directory.error());
    const Result<Prepared> prepared = prepare(ctx, opt, *directory, *settings);
    if (!prepared)
        return pass(prepared.error());
    Result<ServerProcess> process = ServerProcess::start(prepared->program);
    if (!process)
        return pass(std::move(process).error());
    if (const std::string line = process->wait_for_line(); !line.empty()) {
        const Json said = Json::parse(line, nullptr, false);
        if (!said.is_object() || !said.contains("urls") || said["urls"].empty())
            return fail(
                Errc::internal,
                "pchatd announced itself in words that are not known",
                "pchatctl and pchatd must be of one version"
            );
        show_ready(ctx, *directory, *settings, said);
    }
    return judge_end(process->wait_for_end());
}

Run bind_run(Args& args) {
    auto opt = std::make_shared<RunServer>();
    Arg& data = args.option("data", opt->data, "DIR", "where the server keeps everything");
    data.kind = ValueKind::directory;
    data.required = true;
    args.option("listen", opt->listen, "ADDRESS", "IP address and port; port 0 takes any")
        .default_text = opt->listen;
    args.option(
        "database",
        opt->database,
        "REF",
        "the content database: env:NAME or file:PATH of a connection string, or one without a "
        "password; default: SQLite in the directory"
    );
    args.count(
        "nodes",
        opt->nodes,
        "a whole pool instead: so many servers, 1 to 4, a bus, and a PostgreSQL unless --database "
        "names one; ports are counted on from --listen"
    );
    args.flag("plain", opt->plain, "without TLS, on loopback addresses only");
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

Result<sql::Target> read_database(const Context& ctx, const std::string& reference) {
    const std::string here = std::filesystem::current_path().string();
    if (is_secret_reference(reference)) {
        const Result<Secret> text =
            pchat::read_secret(reference, here, ctx.environment, "--database");
        return text ? parse_connection(text->reveal()) : Result<sql::Target>{pass(text.error())};
    }
    Result<sql::Target> target = parse_connection(reference);
    if (target && !target->login.password.empty())
        return fail(
            Errc::usage,
            "--database holds a password, which everybody on this machine could read",
            "put the connection string into a file of mode 0600 and give --database file:PATH, or "
            "env:NAME"
        );
    return target;
}

Result<void> fill_database(
    Context& ctx, const DataDirectory& directory, const sql::Target& database
) {
    const SystemClock clock;
    const Result<std::vector<std::string>> done = prepare_database(database, clock);
    if (!done)
        return pass(done.error(), "preparing the database");
    for (const std::string& what : *done)
        ctx.note(what);
    if (Result<void> ready = prepare_content(directory, database, clock); !ready)
        return pass(std::move(ready).error(), "preparing the database");
    return {};
}

std::string usable_url(std::string url) {
    for (const auto& [any, one] :
         {std::pair{"//0.0.0.0:", "//127.0.0.1:"}, std::pair{"//[::]:", "//[::1]:"}})
        if (const std::size_t at = url.find(any); at != std::string::npos)
            url.replace(at, std::string_view{any}.size(), one);
    return url;
}

void show_steps(Context& ctx, const std::string& directory, const std::vector<std::string>& steps) {
    if (ctx.global.output == "json") {
        ctx.out << Json{{"data", directory}, {"steps", steps}}.dump() << '\n';
        return;
    }
    for (const std::string& step : steps)
        ctx.out << "+ " << step << '\n';
}

std::vector<Command> server_commands() {
    return {{
        .path = "server run",
        .summary = "Run a local server, or a pool, in the foreground, made from nothing",
        .help = {},
        .bind = bind_run,
        .formats = {"table", "json"},
        .changes = true,
    }};
}

}  // namespace pchat::cli
