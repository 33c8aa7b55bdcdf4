// SPDX-License-Identifier: Apache-2.0
// `context list`, `use`, `show`, `remove`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

Json shown(const SavedServer& saved, const Contexts& contexts) {
    return {
        {"name", *saved.name},
        {"current", *saved.name == *contexts.current},
        {"server", *saved.server},
        {"ca", *saved.ca},
        {"user", *saved.user},
        {"signed_in", !saved.token->empty()},
        {"expires", *saved.expires}};
}

Result<void> run_list(Context& ctx) {
    const Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(contexts.error());
    Json rows = Json::array();
    for (const SavedServer& one : contexts->contexts)
        rows.push_back(shown(one, *contexts));
    print_list(
        ctx,
        "context",
        rows,
        {{"NAME", "name"},
         {"CURRENT", "current"},
         {"SERVER", "server"},
         {"USER", "user"},
         {"EXPIRES", "expires"}}
    );
    return {};
}

struct Named {
    std::string name;
};

tl::unexpected<Error> unknown(const std::string& name) {
    return fail(
        Errc::not_found,
        fmt::format("there is no context '{}'", name),
        "list them: pchatctl context list"
    );
}

Result<void> run_use(Context& ctx, const Named& opt) {
    Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(std::move(contexts).error());
    const SavedServer* found = contexts->find(opt.name);
    if (found == nullptr)
        return unknown(opt.name);
    if (*contexts->current == opt.name) {
        ctx.note(fmt::format("context/{}: no changes", opt.name));
        return {};
    }
    const std::string server = *found->server;
    contexts->current.value = opt.name;
    if (!ctx.global.dry_run)
        if (Result<void> written = write_contexts(ctx, *contexts); !written)
            return written;
    ctx.out << fmt::format("commands {} to {}\n", ctx.global.dry_run ? "would go" : "go", server);
    return {};
}

Result<void> run_remove(Context& ctx, const Named& opt) {
    Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(std::move(contexts).error());
    if (!contexts->remove(opt.name))
        return unknown(opt.name);
    if (!ctx.global.dry_run)
        if (Result<void> written = write_contexts(ctx, *contexts); !written)
            return written;
    ctx.out << fmt::format(
        "context/{} {}removed\n", opt.name, ctx.global.dry_run ? "would be " : ""
    );
    return {};
}

struct Show {
    ServerFlags server;
    bool origin = false;
};

Result<void> run_show(Context& ctx, const Show& opt) {
    const Result<ServerChoice> choice = choose_server(ctx, opt.server);
    if (!choice)
        return pass(choice.error());
    const auto row = [](const char* what, const std::string& value, const std::string& origin) {
        return Json{
            {"what", what}, {"value", value}, {"origin", origin.empty() ? "default" : origin}};
    };
    const Json rows = Json::array(
        {row("server", choice->endpoint.url.text(), choice->server.origin),
         row("ca_file", choice->ca_file.value, choice->ca_file.origin),
         row("token", choice->token.empty() ? "" : "***", choice->token_origin)}
    );
    Json document{{"context", choice->context}};
    for (const Json& one : rows) {
        document[one["what"].get<std::string>()] = one["value"];
        if (opt.origin)
            document["origin"][one["what"].get<std::string>()] = one["origin"];
    }
    std::vector<Column> columns{{"WHAT", "what"}, {"VALUE", "value"}};
    if (opt.origin)
        columns.push_back({"ORIGIN", "origin"});
    print_document(ctx, document, render_table(rows, columns));
    return {};
}

template <class Action>
Run bind_named(Args& args, Action action) {
    auto opt = std::make_shared<Named>();
    args.positional("name", opt->name, "the context's name").required = true;
    return [opt, action](Context& ctx) { return action(ctx, *opt); };
}

Run bind_show(Args& args) {
    auto opt = std::make_shared<Show>();
    args.flag("origin", opt->origin, "say where each value comes from");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_show(ctx, *opt); };
}

}  // namespace

std::vector<Command> context_commands() {
    return {
        {.path = "context list",
         .summary = "List the servers that this user signed in at",
         .help = {},
         .bind = [](Args& /*args*/) { return Run{run_list}; },
         .formats = {"table", "json", "yaml", "name"}},
        {.path = "context use",
         .summary = "Choose the context that commands use",
         .help = {},
         .bind = [](Args& args) { return bind_named(args, run_use); },
         .formats = {},
         .changes = true},
        {.path = "context show",
         .summary = "Show the server that commands talk to, and why",
         .help = {},
         .bind = bind_show,
         .formats = {"table", "json", "yaml"}},
        {.path = "context remove",
         .summary = "Forget a context with its token",
         .help = {},
         .bind = [](Args& args) { return bind_named(args, run_remove); },
         .formats = {},
         .changes = true},
    };
}

}  // namespace pchat::cli
