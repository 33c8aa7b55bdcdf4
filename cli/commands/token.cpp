// SPDX-License-Identifier: Apache-2.0
// `token create`, `list`, `remove`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/local_server/secret_file.h"
#include "cli/time_span.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Create {
    ServerFlags server;
    std::string name;
    std::vector<std::string> roles;
    std::vector<std::string> scope;
    std::string expires;
    std::string file;
};

Result<Json> body_of(const Create& opt) {
    Json body{{"name", opt.name}, {"roles", opt.roles}, {"scope", opt.scope}};
    if (opt.expires.empty())
        return body;
    const auto seconds = time_span(opt.expires);
    if (!seconds || *seconds < 1)
        return fail(
            Errc::usage,
            fmt::format("--expires '{}' is no time to live", opt.expires),
            "for example 90d, 12h or 30m"
        );
    body["lifetime"] = *seconds;
    return body;
}

/// Before the token is made: the secret is told once.
Result<void> check_place(const std::string& file) {
    std::error_code problem;
    if (file.empty() || !std::filesystem::exists(file, problem))
        return {};
    return fail(
        Errc::conflict,
        fmt::format("{} exists already", file),
        "it may hold another token: name another file, or remove it first"
    );
}

/// Where the secret goes: into the file, or on stdout.
Result<void> tell(Context& ctx, const Create& opt, Json made) {
    const std::string name = made.value("name", opt.name);
    const std::string summary =
        fmt::format("token/{} created, until {}\n", name, made.value("expires_at", ""));
    if (opt.file.empty()) {
        print_document(ctx, made, summary + made.value("token", "") + "\n");
        ctx.note("the token is shown this once");
        return {};
    }
    if (Result<void> written = write_secret_file(opt.file, made.value("token", "") + "\n", 0600);
        !written) {
        Error error = written.error();
        error.hint = fmt::format("the token is lost: pchatctl token remove '{}'", name);
        return pass(std::move(error));
    }
    made.erase("token");
    made["file"] = opt.file;
    print_document(ctx, made, summary);
    return {};
}

Result<void> run_create(Context& ctx, const Create& opt) {
    Result<Json> body = body_of(opt);
    if (!body)
        return pass(std::move(body).error());
    if (Result<void> free = check_place(opt.file); !free)
        return free;
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.method = "POST", .path = api_path("tokens"), .body = std::move(*body)};
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    Result<Json> made = (*client)->call(call);
    if (!made)
        return pass(std::move(made).error());
    if (!ctx.global.dry_run)
        return tell(ctx, opt, std::move(*made));
    print_document(
        ctx, *made, fmt::format("token/{} would be created\n", made->value("name", opt.name))
    );
    return {};
}

struct List {
    ServerFlags server;
    std::string user;
};

Result<void> run_list(Context& ctx, const List& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("tokens")};
    if (!opt.user.empty())
        call.query.emplace_back("user", opt.user);
    const Result<Json> tokens = (*client)->list(std::move(call), "tokens");
    if (!tokens)
        return pass(tokens.error());
    print_list(
        ctx,
        "token",
        *tokens,
        {{"NAME", "name"},
         {"ROLES", "roles"},
         {"SCOPE", "scope"},
         {"EXPIRES", "expires_at"},
         {"USED", "used_at"}}
    );
    return {};
}

struct Remove {
    ServerFlags server;
    std::string name;
    std::string user;
};

Result<void> run_remove(Context& ctx, const Remove& opt) {
    if (!ctx.global.dry_run)
        if (auto agreed = confirm(
                ctx, fmt::format("Remove token '{}'? What uses it stops working.", opt.name)
            );
            !agreed)
            return agreed;
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.method = "DELETE", .path = api_path("tokens", {opt.name}), .repeatable = true};
    if (!opt.user.empty())
        call.query.emplace_back("user", opt.user);
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    const Result<Json> gone = (*client)->call(call);
    if (!gone)
        return pass(gone.error());
    print_document(
        ctx,
        *gone,
        fmt::format(
            "token/{} {}removed\n",
            gone->value("name", opt.name),
            ctx.global.dry_run ? "would be " : ""
        )
    );
    return {};
}

Run bind_create(Args& args) {
    auto opt = std::make_shared<Create>();
    args.positional("name", opt->name, "what it is for: you have one of each name").required = true;
    Arg& role = args.option_list(
        "role",
        opt->roles,
        "ROLE",
        "a role of yours that it has too; none: only what rooms give you"
    );
    role.kind = ValueKind::choice;
    role.choices = {
        "viewer",
        "user-admin",
        "pchat-admin",
        "deploy-admin",
        "compliance-officer",
        "administrator"};
    args.option_list(
        "scope",
        opt->scope,
        "SCOPE",
        "read-only, category:NAME or room:NAME; may come several times"
    );
    args.option(
        "expires",
        opt->expires,
        "TIME",
        "how long it lives: 30m, 12h, 90d; default: 90d, at most 366d"
    );
    args.option(
            "secret-file",
            opt->file,
            "FILE",
            "write the token into a new file that only you can read"
    )
        .kind = ValueKind::file;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_create(ctx, *opt); };
}

Run bind_list(Args& args) {
    auto opt = std::make_shared<List>();
    args.option("user", opt->user, "USER", "whose, for administrators; default: yours");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_list(ctx, *opt); };
}

Run bind_remove(Args& args) {
    auto opt = std::make_shared<Remove>();
    args.positional("name", opt->name, "the token's name or id").required = true;
    args.option("user", opt->user, "USER", "whose, for administrators; default: yours");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_remove(ctx, *opt); };
}

}  // namespace

std::vector<Command> token_commands() {
    return {
        {.path = "token create",
         .summary = "Make a token for a script, with less than you may do",
         .help = {},
         .bind = bind_create,
         .formats = {"table", "json", "yaml"},
         .changes = true},
        {.path = "token list",
         .summary = "List tokens for scripts, and when each was used",
         .help = {},
         .bind = bind_list,
         .formats = {"table", "json", "yaml", "name"}},
        {.path = "token remove",
         .summary = "Make a token good for nothing",
         .help = {},
         .bind = bind_remove,
         .formats = {"table", "json", "yaml"},
         .changes = true},
    };
}

}  // namespace pchat::cli
