// SPDX-License-Identifier: Apache-2.0
// `invitation list`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <nlohmann/json.hpp>

#include <memory>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct List {
    ServerFlags server;
    std::string user;
    std::string room;
    std::optional<std::int64_t> limit;
};

Result<void> run_list(Context& ctx, const List& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("invitations")};
    if (!opt.user.empty())
        call.query.emplace_back("user", opt.user);
    if (!opt.room.empty())
        call.query.emplace_back("room", opt.room);
    const Result<Json> found = (*client)->list(std::move(call), "invitations", opt.limit);
    if (!found)
        return pass(found.error());
    print_list(
        ctx,
        "room",
        *found,
        {{"ROOM", "room"},
         {"USER", "user"},
         {"BY", "by"},
         {"AT", "at"},
         {"SEQUENCE", "sequence", true}}
    );
    return {};
}

Run bind_list(Args& args) {
    auto opt = std::make_shared<List>();
    args.option("user", opt->user, "USER", "those of this user; default: one's own");
    args.option("room", opt->room, "NAME", "only to this room");
    args.count("limit", opt->limit, "show so many at most");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_list(ctx, *opt); };
}

}  // namespace

std::vector<Command> invitation_commands() {
    return {
        {.path = "invitation list",
         .summary = "List the rooms that a user was told of",
         .help = {},
         .bind = bind_list,
         .formats = {"table", "json", "yaml", "name"}}};
}

}  // namespace pchat::cli
