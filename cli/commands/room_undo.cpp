// SPDX-License-Identifier: Apache-2.0
// `room undo`: puts back whom a change took off the lists of rooms.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Undo {
    ServerFlags server;
    std::string name;
    std::string change;
};

std::string lines(const Json& answer, const char* key, const char* what) {
    std::string out;
    for (const Json& entry : answer.value(key, Json::array()))
        out += fmt::format(
            "  {} {} {} of room '{}'\n",
            entry.value("principal", ""),
            what,
            entry.value("list", ""),
            entry.value("name", "")
        );
    return out;
}

Result<void> run(Context& ctx, const Undo& opt) {
    if (opt.name.empty() && opt.change.empty())
        return fail(
            Errc::usage, "name a room, or a change by --change", "pchatctl room undo Lobby"
        );
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{
        .method = "POST",
        .path = api_path("rooms") + "/undo",
        .body = Json::object(),
        .repeatable = true};
    if (!opt.name.empty())
        call.body["room"] = opt.name;
    if (!opt.change.empty())
        call.body["change"] = opt.change;
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    const Result<Json> done = (*client)->call(call);
    if (!done)
        return pass(done.error());
    if (done->value("restored", Json::array()).empty())
        ctx.note("no changes");
    print_document(
        ctx,
        *done,
        lines(*done, "restored", ctx.global.dry_run ? "would be back in" : "is back in") +
            lines(*done, "refused", "is still not allowed in")
    );
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Undo>();
    args.positional("name", opt->name, "the room's name or id");
    args.option("change", opt->change, "ID", "undo what all rooms lost by this change");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> room_undo_commands() {
    return {
        {.path = "room undo",
         .summary = "Put back whom a change took off the lists of a room",
         .help = {},
         .bind = bind,
         .formats = {"table", "json", "yaml"},
         .changes = true}};
}

}  // namespace pchat::cli
