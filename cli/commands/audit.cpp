// SPDX-License-Identifier: Apache-2.0
// `audit list`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct List {
    ServerFlags server;
    std::string actor;
    std::string object;
    std::string kind;
    std::string action;
    std::string since;
    std::string until;
    std::optional<std::int64_t> limit;
};

Result<void> run_list(Context& ctx, const List& opt) {
    const std::int64_t limit = opt.limit.value_or(100);
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("audit")};
    for (const auto& [name, value] :
         {std::pair{"actor", &opt.actor},
          {"object", &opt.object},
          {"kind", &opt.kind},
          {"action", &opt.action},
          {"since", &opt.since},
          {"until", &opt.until}})
        if (!value->empty())
            call.query.emplace_back(name, *value);
    const Result<Json> entries = (*client)->list(std::move(call), "entries", limit);
    if (!entries)
        return pass(entries.error());
    print_list(
        ctx,
        "entry",
        *entries,
        {{"AT", "at"},
         {"ACTOR", "actor"},
         {"ACTION", "action"},
         {"OBJECT", "object"},
         {"BEFORE", "before"},
         {"AFTER", "after"}}
    );
    return {};
}

Run bind_list(Args& args) {
    auto opt = std::make_shared<List>();
    args.option("actor", opt->actor, "USER", "only what this user did");
    args.option("object", opt->object, "NAME", "only what was done to this");
    args.choice(
        "kind",
        opt->kind,
        {"principal",
         "category",
         "room",
         "message",
         "session",
         "policy",
         "config",
         "addin",
         "token",
         "wall",
         "topology",
         "endpoint",
         "server"},
        "only what was done to things of this kind; names are looked up among them"
    );
    args.option("action", opt->action, "TEXT", "only actions that hold this: room.create");
    args.time("since", opt->since, "only what was done since then");
    args.time("until", opt->until, "only what was done until then");
    args.count("limit", opt->limit, "show so many at most; default: 100");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_list(ctx, *opt); };
}

}  // namespace

std::vector<Command> audit_commands() {
    return {
        {.path = "audit list",
         .summary = "List who changed what, newest first",
         .help = {},
         .bind = bind_list,
         .formats = {"table", "json", "yaml"}}};
}

}  // namespace pchat::cli
