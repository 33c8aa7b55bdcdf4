// SPDX-License-Identifier: Apache-2.0
// `room create`, `get`, `list`, `set`, `remove`; `clear`, `members`, `disable`, `enable`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::vector<ResourceField> fields() {
    const auto people = [](const char* flag, const char* key, const char* help) {
        return ResourceField{
            .flag = flag,
            .key = key,
            .kind = FieldKind::list,
            .value_name = "PRINCIPAL",
            .help = help};
    };
    return {
        {.flag = "name",
         .key = "name",
         .value_name = "NAME",
         .help = "the new name",
         .create = false},
        {.flag = "category",
         .key = "category",
         .value_name = "NAME",
         .help = "the category that it is in; of a new room: General"},
        {.flag = "description",
         .key = "description",
         .value_name = "TEXT",
         .help = "what people read about it"},
        {.flag = "privacy",
         .key = "privacy",
         .kind = FieldKind::choice,
         .help = "open: everybody of the category; closed: members; secret: nobody else sees it",
         .choices = {"open", "closed", "secret"}},
        {.flag = "type",
         .key = "type",
         .kind = FieldKind::choice,
         .help = "auditorium: only presenters post",
         .choices = {"normal", "auditorium"}},
        people("member", "members", "who belongs to it; not of open rooms"),
        people("manager", "managers", "who may change it"),
        people("presenter", "presenters", "who may post in an auditorium"),
        {.flag = "invitations",
         .key = "invitations",
         .kind = FieldKind::boolean,
         .help = "false: nobody is told of being added, whatever the category says",
         .choices = {"inherit", "off"}},
        {.flag = "addin", .key = "addin", .value_name = "NAME", .help = "page beside the messages"},
        {.flag = "disabled",
         .key = "disabled",
         .kind = FieldKind::boolean,
         .help = "closed to everybody, and kept"},
    };
}

const Resource& rooms() {
    static const Resource resource{
        .noun = "room",
        .plural = "rooms",
        .name_key = "name",
        .name_help = "the room's name or id",
        .fields = fields(),
        .filters =
            {{.flag = "category", .value_name = "NAME", .help = "only of this category"},
             {.flag = "privacy",
              .kind = FieldKind::choice,
              .help = "only of this kind",
              .choices = {"open", "closed", "secret"}},
             {.flag = "type",
              .kind = FieldKind::choice,
              .help = "only of this kind",
              .choices = {"normal", "auditorium"}},
             {.flag = "member", .value_name = "PRINCIPAL", .help = "only with this member"},
             {.flag = "manager", .value_name = "PRINCIPAL", .help = "only with this manager"},
             {.flag = "addin", .value_name = "NAME", .help = "only those that show this add-in"},
             {.flag = "invitations",
              .kind = FieldKind::boolean,
              .help = "only those that do as their category says; =false: that never invite",
              .choices = {"inherit", "off"}},
             {.flag = "content-exceeds-mb",
              .value_name = "MB",
              .help = "only those whose messages take more; for administrators"},
             {.flag = "disabled",
              .kind = FieldKind::boolean,
              .help = "only those that are, or not"}},
        .columns =
            {{"NAME", "name"},
             {"CATEGORY", "category"},
             {"TYPE", "type"},
             {"PRIVACY", "privacy"},
             {"DISABLED", "disabled"},
             {"DESCRIPTION", "description"}},
        .removal = "and all its messages"};
    return resource;
}

struct One {
    ServerFlags server;
    std::string name;

    void declare(Args& args) {
        args.positional("name", name, rooms().name_help).required = true;
        server.declare(args);
    }
};

// ---- clear

struct Clear : One {
    std::string before;
    std::vector<std::string> confirmed;
};

Result<void> run(Context& ctx, const Clear& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const std::string path = api_path("rooms", {opt.name});
    const Result<Json> room = (*client)->call({.path = path});
    if (!room)
        return pass(room.error());
    const std::string name = room->value("name", opt.name);
    const std::string what =
        opt.before.empty() ? "all messages" : "what was said before " + opt.before;
    if (!ctx.global.dry_run && !ctx.global.yes)
        if (auto agreed = confirm_name(
                ctx, fmt::format("This removes {} of room '{}'.", what, name), name, opt.confirmed
            );
            !agreed)
            return agreed;
    ApiCall call{
        .method = "POST", .path = path + "/clear", .body = Json::object(), .repeatable = true};
    if (!opt.before.empty())
        call.body["before_time"] = opt.before;
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    const Result<Json> done = (*client)->call(call);
    if (!done)
        return pass(done.error());
    if (!done->value("changed", true)) {
        ctx.note(fmt::format("room/{}: no changes", name));
        print_document(ctx, *done, "");
        return {};
    }
    print_document(
        ctx,
        *done,
        fmt::format(
            "room/{} {}cleared: {} below {}\n",
            name,
            ctx.global.dry_run ? "would be " : "",
            ctx.global.dry_run ? "messages" : "no messages are left",
            done->value("first", std::int64_t{1})
        )
    );
    return {};
}

// ---- members

Result<void> run_members(Context& ctx, const One& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> room = (*client)->call({.path = api_path("rooms", {opt.name})});
    if (!room)
        return pass(room.error());
    Json rows = Json::array();
    for (const auto& [key, as] :
         {std::pair{"members", "member"}, {"managers", "manager"}, {"presenters", "presenter"}})
        for (const Json& principal : room->value(key, Json::array()))
            rows.push_back({{"name", principal}, {"as", as}});
    print_list(ctx, "principal", rows, {{"NAME", "name"}, {"AS", "as"}});
    return {};
}

// ---- disable and enable

/// Who is in the room at this moment, one line each.
Result<std::string> present_text(ApiClient& client, const std::string& path, bool would) {
    const Result<Json> found = client.call({.path = path + "/participants"});
    if (!found)
        return pass(found.error());
    std::string out;
    for (const Json& one : found->value("participants", Json::array()))
        out += fmt::format("  {} {} put out\n", one.value("user", ""), would ? "would be" : "is");
    return out;
}

Result<void> switch_room(Context& ctx, const One& opt, bool disabled) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const std::string path = api_path("rooms", {opt.name});
    const Result<Json> before = (*client)->call({.path = path});
    if (!before)
        return pass(before.error());
    const std::string name = before->value("name", opt.name);
    Result<Json> after = *before;
    Result<std::string> losses = std::string{};
    if (before->value("disabled", false) == disabled) {
        ctx.note(fmt::format("room/{}: no changes", name));
    } else {
        if (disabled)
            losses = present_text(**client, path, ctx.global.dry_run);
        if (!losses)
            return pass(std::move(losses).error());
        ApiCall call{.method = "PATCH", .path = path, .body = {{"disabled", disabled}}};
        if (ctx.global.dry_run)
            call.query.emplace_back("dry_run", "true");
        after = (*client)->call(call);
    }
    if (!after)
        return pass(std::move(after).error());
    print_document(
        ctx,
        *after,
        fmt::format(
            "room/{} {} {}\n{}",
            name,
            ctx.global.dry_run ? "would be" : "is",
            disabled ? "disabled" : "enabled",
            *losses
        )
    );
    return {};
}

template <class Options, class Action>
Run bind_one(Args& args, Action action) {
    auto opt = std::make_shared<Options>();
    opt->declare(args);
    return [opt, action](Context& ctx) { return action(ctx, *opt); };
}

Run bind_clear(Args& args) {
    auto opt = std::make_shared<Clear>();
    opt->declare(args);
    args.time("before", opt->before, "only what was said before this time");
    confirm_option(args, opt->confirmed);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> room_commands() {
    std::vector<Command> rows = resource_commands(rooms());
    const std::vector<std::string> formats{"table", "json", "yaml"};
    rows.push_back(
        {.path = "room members",
         .summary = "List who belongs to a room, and as what",
         .help = {},
         .bind = [](Args& args) { return bind_one<One>(args, run_members); },
         .formats = {"table", "json", "yaml", "name"}}
    );
    rows.push_back(
        {.path = "room clear",
         .summary = "Remove the messages of a room, all or the older ones",
         .help = {},
         .bind = bind_clear,
         .formats = formats,
         .changes = true}
    );
    for (const bool disabled : {true, false})
        rows.push_back(
            {.path = disabled ? "room disable" : "room enable",
             .summary =
                 disabled ? "Close a room to everybody and keep it" : "Open a disabled room again",
             .help = {},
             .bind =
                 [disabled](Args& args) {
                     return bind_one<One>(args, [disabled](Context& ctx, const One& opt) {
                         return switch_room(ctx, opt, disabled);
                     });
                 },
             .formats = formats,
             .changes = true}
        );
    return rows;
}

}  // namespace pchat::cli
