// SPDX-License-Identifier: Apache-2.0
// `session list`, `session end`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
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
    std::string id;
    std::string user;
};

struct List {
    ServerFlags server;
    std::string user;
    std::string filter;
    std::optional<std::int64_t> limit;
};

Result<void> run_list(Context& ctx, const List& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("sessions")};
    if (!opt.user.empty())
        call.query.emplace_back("user", opt.user);
    if (!opt.filter.empty())
        call.query.emplace_back("filter", opt.filter);
    const Result<Json> sessions = (*client)->list(std::move(call), "sessions", opt.limit);
    if (!sessions)
        return pass(sessions.error());
    print_list(
        ctx,
        "session",
        *sessions,
        {{"ID", "id"},
         {"USER", "user"},
         {"SERVER", "server"},
         {"ADDRESS", "address"},
         {"SINCE", "connected_at"},
         {"ROOMS", "rooms", true}}
    );
    return {};
}

/// "session/ID", or "3 sessions of sip:..." when all of a user are meant.
std::string ended_text(const Options& opt, const Json& answer) {
    if (opt.user.empty())
        return "session/" + opt.id;
    const auto count = answer.value("sessions", std::int64_t{0});
    return fmt::format("{} session{} of {}", count, count == 1 ? "" : "s", opt.user);
}

Result<void> run_end(Context& ctx, const Options& opt) {
    if (opt.id.empty() == opt.user.empty())
        return fail(
            Errc::usage,
            "say which: the id of a session, or --user for all of one user",
            "list sessions: pchatctl session list"
        );
    const std::string which = opt.user.empty() ? fmt::format("End session {}?", opt.id)
                                               : fmt::format("End all sessions of {}?", opt.user);
    if (!ctx.global.dry_run)
        if (auto agreed = confirm(ctx, which); !agreed)
            return agreed;
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.method = "DELETE", .path = api_path("sessions"), .repeatable = true};
    if (opt.user.empty())
        call.path = api_path("sessions", {opt.id});
    else
        call.query.emplace_back("user", opt.user);
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    const Result<Json> answer = (*client)->call(call);
    if (!answer)
        return pass(answer.error());
    Json said = opt.user.empty() ? Json{{"session", opt.id}} : *answer;
    said["ended"] = !ctx.global.dry_run;
    print_document(
        ctx,
        said,
        fmt::format("{} {}ended\n", ended_text(opt, *answer), ctx.global.dry_run ? "would be " : "")
    );
    return {};
}

Run bind_list(Args& args) {
    auto opt = std::make_shared<List>();
    args.option("user", opt->user, "USER", "only of this user, as sip:user@domain");
    args.option("filter", opt->filter, "TEXT", "only whose user, server or address holds this");
    args.count("limit", opt->limit, "show so many at most");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_list(ctx, *opt); };
}

Run bind_end(Args& args) {
    auto opt = std::make_shared<Options>();
    args.positional("id", opt->id, "the session, as `session list` shows it");
    args.option("user", opt->user, "USER", "all sessions of this user, as sip:user@domain");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_end(ctx, *opt); };
}

}  // namespace

std::vector<Command> session_commands() {
    return {
        {.path = "session list",
         .summary = "List who is connected to the pool",
         .help = {},
         .bind = bind_list,
         .formats = {"table", "json", "yaml", "name"}},
        {.path = "session end",
         .summary = "Disconnect a session, or all of a user",
         .help = {},
         .bind = bind_end,
         .formats = {"table", "json", "yaml"},
         .changes = true},
    };
}

}  // namespace pchat::cli
