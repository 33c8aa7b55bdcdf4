// SPDX-License-Identifier: Apache-2.0
// `config set`, `get`, `list`, `remove`, `effective`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

const Resource& configs() {
    static const Resource resource{
        .noun = "config",
        .plural = "config",
        .name_key = "identity",
        .name_help = "global, site:NAME or service:POOLFQDN",
        .fields =
            {{.flag = "default-chat-history",
              .key = "default_chat_history",
              .kind = FieldKind::number,
              .value_name = "COUNT",
              .help = "messages that who joins is shown, 1 to 500; built in: 30"},
             {.flag = "max-file-size-kb",
              .key = "max_file_size_kb",
              .kind = FieldKind::number,
              .value_name = "KB",
              .help = "the largest file that may be posted; built in: 20000"},
             {.flag = "participant-update-limit",
              .key = "participant_update_limit",
              .kind = FieldKind::number,
              .value_name = "COUNT",
              .help = "rooms with more people in them tell their number only; built in: 75"},
             {.flag = "room-management-url",
              .key = "room_management_url",
              .value_name = "URL",
              .help = "own page for managing rooms; empty: ours"},
             {.flag = "allow-http",
              .key = "allow_http",
              .kind = FieldKind::boolean,
              .help = "the page may be without encryption"}},
        .filters = {},
        .columns =
            {{"IDENTITY", "identity"},
             {"HISTORY", "default_chat_history", true},
             {"FILE_KB", "max_file_size_kb", true},
             {"PARTICIPANTS", "participant_update_limit", true},
             {"ROOM_MANAGEMENT", "room_management_url"}},
        .removal = "so that wider ones count again; the global ones are reset",
        .upsert = true};
    return resource;
}

struct Effective {
    ServerFlags server;
    std::string pool;
    std::string site;
};

Result<void> run_effective(Context& ctx, const Effective& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("config") + "/effective"};
    if (!opt.pool.empty())
        call.query.emplace_back("pool", opt.pool);
    if (!opt.site.empty())
        call.query.emplace_back("site", opt.site);
    const Result<Json> found = (*client)->call(call);
    if (!found)
        return pass(found.error());
    Json rows = Json::array();
    for (const auto& [key, value] : found->items())
        if (key != "steps")
            rows.push_back({{"field", key}, {"value", value}});
    print_document(
        ctx,
        *found,
        fmt::format(
            "{}\n{}",
            render_table(rows, {{"FIELD", "field"}, {"VALUE", "value"}}),
            render_table(
                found->value("steps", Json::array()),
                {{"SCOPE", "scope"}, {"OUTCOME", "outcome"}, {"CONFIG", "config"}}
            )
        )
    );
    return {};
}

Run bind_effective(Args& args) {
    auto opt = std::make_shared<Effective>();
    args.positional("pool", opt->pool, "the pool's name; default: the one that is asked");
    args.option("site", opt->site, "NAME", "the site that the pool stands in");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_effective(ctx, *opt); };
}

}  // namespace

std::vector<Command> config_commands() {
    std::vector<Command> rows = resource_commands(configs());
    rows.push_back(
        {.path = "config effective",
         .summary = "Show which settings count for a pool, and why",
         .help = {},
         .bind = bind_effective,
         .formats = {"table", "json", "yaml"}}
    );
    return rows;
}

}  // namespace pchat::cli
