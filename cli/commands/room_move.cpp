// SPDX-License-Identifier: Apache-2.0
// `room move`: into another category, with what that costs.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/resource/losses.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Move {
    ServerFlags server;
    std::string name;
    std::string category;
};

Result<void> run(Context& ctx, const Move& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const std::string path = api_path("rooms", {opt.name});
    const Result<Json> before = (*client)->call({.path = path});
    if (!before)
        return pass(before.error());
    ApiCall call{
        .method = "PATCH",
        .path = path,
        .query = {{"dry_run", "true"}},
        .body = {{"category", opt.category}}};
    Result<Json> after = (*client)->call(call);
    if (!after)
        return pass(std::move(after).error());
    const std::string name = before->value("name", opt.name);
    const bool same = before->value("category", "") == after->value("category", "");
    const std::string losses = losses_text(*after);
    if (!same && !ctx.global.dry_run) {
        if (!losses.empty()) {
            ctx.err << fmt::format(
                "Whom category '{}' does not allow is lost:\n{}",
                after->value("category", ""),
                losses
            );
            if (auto agreed = confirm(ctx, fmt::format("Move room '{}'?", name)); !agreed)
                return agreed;
        }
        call.query.clear();
        after = (*client)->call(call);
        if (!after)
            return pass(std::move(after).error());
    }
    if (same)
        ctx.note(fmt::format("room/{}: no changes", name));
    print_document(
        ctx,
        *after,
        same ? std::string{}
             : fmt::format(
                   "room/{} {} in category '{}'\n{}",
                   name,
                   ctx.global.dry_run ? "would be" : "is",
                   after->value("category", ""),
                   losses
               )
    );
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Move>();
    args.positional("name", opt->name, "the room's name or id").required = true;
    args.option("category", opt->category, "NAME", "where it is to be").required = true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> room_move_commands() {
    return {
        {.path = "room move",
         .summary = "Move a room to another category",
         .help = {},
         .bind = bind,
         .formats = {"table", "json", "yaml"},
         .changes = true}};
}

}  // namespace pchat::cli
