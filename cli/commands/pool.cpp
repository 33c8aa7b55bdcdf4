// SPDX-License-Identifier: Apache-2.0
// `pool list`, `drain`, `undrain`, `remove`, `state ...`, `active ...`.
#include "base/unicode.h"
#include "cli/client/pool_path.h"
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/time_span.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
    ServerFlags server;
    std::string pool;
    std::string filter;
    std::string within;
    std::string machine;
    std::string state;
    std::vector<std::string> machines;

    void declare(Args& args) {
        args.option("pool", pool, "FQDN", "the pool; default: that of the server");
        server.declare(args);
    }
};

Result<void> run_list(Context& ctx, const Options& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("pools")};
    if (!opt.filter.empty())
        call.query.emplace_back("filter", opt.filter);
    const Result<Json> pools = (*client)->list(std::move(call), "pools");
    if (!pools)
        return pass(pools.error());
    print_list(
        ctx,
        "pool",
        *pools,
        {{"POOL", "pool"},
         {"SITE", "site"},
         {"PLANNED", "planned", true},
         {"MACHINES", "machines", true},
         {"HERE", "here"}}
    );
    return {};
}

/// What was changed, one line each, and what to do next.
std::string changes_text(const Context& ctx, const Json& answer) {
    std::string out;
    for (const Json& one : answer.value("changes", Json::array())) {
        const std::string from = one.value("from", "");
        const std::string to = one.value("to", "");
        out += fmt::format(
            "server/{} {}\n",
            printable(one.value("server", "")),
            from == to           ? std::string{"has another time"}
            : ctx.global.dry_run ? fmt::format("would be {}, is {}", to, from)
                                 : fmt::format("is {}, was {}", to, from)
        );
    }
    if (out.empty())
        return "no changes\n";
    return ctx.global.dry_run ? out : out + "next: pchatctl pool status --watch\n";
}

Result<void> send(Context& ctx, const Options& opt, const std::string& machine, ApiCall call) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    Result<std::string> path = pool_path(**client, opt.pool);
    if (!path)
        return pass(std::move(path).error());
    if (!machine.empty())
        *path += "/servers/" + percent_encoded(machine);
    call.path = std::move(*path);
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    const Result<Json> answer = (*client)->call(call);
    if (!answer)
        return pass(answer.error());
    print_document(ctx, *answer, changes_text(ctx, *answer));
    if (!answer->value("changes", Json::array()).empty() && answer->value("taking_users", 1) == 0)
        ctx.note(fmt::format(
            "warning: no server of the pool {} users now; make one active: pchatctl pool state set "
            "SERVER active",
            ctx.global.dry_run ? "would take" : "takes"
        ));
    return {};
}

Result<void> patch(Context& ctx, const Options& opt, const std::string& machine, Json body) {
    ApiCall call;
    call.method = "PATCH";
    call.body = std::move(body);
    // To swap twice is to do nothing.
    call.repeatable = !call.body.contains("swap_active");
    return send(ctx, opt, machine, std::move(call));
}

/// What becomes of one server, and within what time.
Result<void> send_state(Context& ctx, const Options& opt, Json body) {
    if (!opt.within.empty()) {
        const auto seconds = time_span(opt.within);
        if (!seconds)
            return fail(
                Errc::usage,
                fmt::format("--within '{}' is no time", opt.within),
                "for example 10m, 90s or 1h; 0s disconnects people at once"
            );
        body["within_seconds"] = *seconds;
    }
    return patch(ctx, opt, opt.machine, std::move(body));
}

Result<void> run_state_set(Context& ctx, const Options& opt) {
    if (!opt.within.empty() && opt.state != "draining")
        return fail(
            Errc::usage,
            fmt::format(
                "--within is the time of a server that drains, not of one on {}", opt.state
            ),
            "leave it out, or say draining"
        );
    return send_state(ctx, opt, {{"state", opt.state}});
}

Result<void> run_state_get(Context& ctx, const Options& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    Result<std::string> path = pool_path(**client, opt.pool);
    if (!path)
        return pass(std::move(path).error());
    if (!opt.machine.empty())
        *path += "/servers/" + percent_encoded(opt.machine);
    const Result<Json> answer = (*client)->call({.path = *path});
    if (!answer)
        return pass(answer.error());
    print_list(
        ctx,
        "server",
        opt.machine.empty() ? answer->value("servers", Json::array()) : Json::array({*answer}),
        {{"SERVER", "server"}, {"STATE", "state"}, {"LIVES", "lives"}, {"USERS", "users", true}}
    );
    return {};
}

Result<void> run_active_list(Context& ctx, const Options& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<std::string> path = pool_path(**client, opt.pool);
    if (!path)
        return pass(path.error());
    const Result<Json> pool = (*client)->call({.path = *path});
    if (!pool)
        return pass(pool.error());
    Json active = Json::array();
    for (const Json& one : pool->value("servers", Json::array()))
        if (one.value("state", "") == "active")
            active.push_back(one);
    print_list(
        ctx, "server", active, {{"SERVER", "server"}, {"LIVES", "lives"}, {"USERS", "users", true}}
    );
    return {};
}

Result<void> run_clear(Context& ctx, const Options& opt) {
    if (!ctx.global.dry_run)
        if (auto agreed = confirm(ctx, "Let no server of the pool take users?"); !agreed)
            return agreed;
    return patch(ctx, opt, {}, {{"active", Json::array()}});
}

Result<void> run_remove(Context& ctx, const Options& opt) {
    if (!ctx.global.dry_run)
        if (auto agreed = confirm(
                ctx, fmt::format("Remove server {} from the pool for good?", printable(opt.machine))
            );
            !agreed)
            return agreed;
    ApiCall call;
    call.method = "DELETE";
    return send(ctx, opt, opt.machine, std::move(call));
}

/// A command over servers that were named.
std::function<Run(Args&)> bind_names(const std::string& key) {
    return [key](Args& args) -> Run {
        auto opt = std::make_shared<Options>();
        args.positional_list("server", opt->machines, "names of the servers").required = true;
        opt->declare(args);
        return [opt, key](Context& ctx) { return patch(ctx, *opt, {}, {{key, opt->machines}}); };
    };
}

/// A command over the pool.
template <class Work>
std::function<Run(Args&)> bind_pool(Work work) {
    return [work](Args& args) -> Run {
        auto opt = std::make_shared<Options>();
        opt->declare(args);
        return [opt, work](Context& ctx) { return work(ctx, *opt); };
    };
}

Run bind_list(Args& args) {
    auto opt = std::make_shared<Options>();
    args.option("filter", opt->filter, "TEXT", "only whose name fits");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_list(ctx, *opt); };
}

void declare_within(Args& args, Options& opt) {
    args.option("within", opt.within, "TIME", "how long people may stay: 10m, 90s, 1h")
        .default_text = "as the server is set, 10m";
}

Run bind_drain(Args& args) {
    auto opt = std::make_shared<Options>();
    args.positional("server", opt->machine, "name of the server").required = true;
    declare_within(args, *opt);
    opt->declare(args);
    return [opt](Context& ctx) { return send_state(ctx, *opt, {{"draining", true}}); };
}

Run bind_state_get(Args& args) {
    auto opt = std::make_shared<Options>();
    args.positional("server", opt->machine, "name of the server; default: all of the pool");
    opt->declare(args);
    return [opt](Context& ctx) { return run_state_get(ctx, *opt); };
}

Run bind_state_set(Args& args) {
    auto opt = std::make_shared<Options>();
    args.positional("server", opt->machine, "name of the server").required = true;
    Arg& state =
        args.choice("state", opt->state, {"active", "standby", "draining"}, "what it becomes");
    state.positional = true;
    state.required = true;
    declare_within(args, *opt);
    opt->declare(args);
    return [opt](Context& ctx) { return run_state_set(ctx, *opt); };
}

/// A command over one server that was named.
template <class Work>
std::function<Run(Args&)> bind_server(Work work) {
    return [work](Args& args) -> Run {
        auto opt = std::make_shared<Options>();
        args.positional("server", opt->machine, "name of the server").required = true;
        opt->declare(args);
        return [opt, work](Context& ctx) { return work(ctx, *opt); };
    };
}

Result<void> run_undrain(Context& ctx, const Options& opt) {
    return patch(ctx, opt, opt.machine, {{"draining", false}});
}

Command change(std::string path, std::string summary, std::function<Run(Args&)> bind) {
    return {
        .path = std::move(path),
        .summary = std::move(summary),
        .help = {},
        .bind = std::move(bind),
        .formats = {"table", "json", "yaml"},
        .changes = true};
}

}  // namespace

std::vector<Command> pool_commands() {
    const std::vector<std::string> lists{"table", "json", "yaml", "name"};
    return {
        {.path = "pool list",
         .summary = "List the pools of the topology",
         .help = {},
         .bind = bind_list,
         .formats = lists},
        change("pool drain", "Let a server take no users, and ask those there to go", bind_drain),
        change(
            "pool undrain",
            "Let a server be what it was before it was drained",
            bind_server(run_undrain)
        ),
        change("pool remove", "Forget a server that is gone for good", bind_server(run_remove)),
        {.path = "pool state get",
         .summary = "Show what administrators want of servers",
         .help = {},
         .bind = bind_state_get,
         .formats = lists},
        change("pool state set", "Make a server active, standby or draining", bind_state_set),
        {.path = "pool active list",
         .summary = "List the servers that take users",
         .help = {},
         .bind = bind_pool(run_active_list),
         .formats = lists},
        change("pool active add", "Let servers take users", bind_names("add_active")),
        change("pool active remove", "Let servers take no users", bind_names("remove_active")),
        change(
            "pool active set", "Let these servers take users, and no others", bind_names("active")
        ),
        change("pool active clear", "Let no server take users", bind_pool(run_clear)),
        change(
            "pool active swap",
            "Let the standby servers take users instead of the active ones",
            bind_pool([](Context& ctx, const Options& opt) {
                return patch(ctx, opt, {}, {{"swap_active", true}});
            })
        ),
    };
}

}  // namespace pchat::cli
