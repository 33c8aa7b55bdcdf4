// SPDX-License-Identifier: Apache-2.0
// `principal list`, `get`, `eligible`, `check`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

/// What `list` and `eligible` have in common.
struct Listing {
    ServerFlags server;
    std::string filter;
    std::string kind;
    std::string state;
    std::optional<std::int64_t> limit;

    void declare(Args& args) {
        args.option("filter", filter, "TEXT", "only whose name holds this; * stands for anything");
        args.choice(
            "kind", kind, {"user", "group", "ou", "domain", "everyone"}, "only of this kind"
        );
        args.choice(
            "state",
            state,
            {"active", "disabled", "gone"},
            "only in this state; default: all but gone"
        );
        args.count("limit", limit, "show so many at most");
        server.declare(args);
    }

    Result<void> show(Context& ctx, ApiCall call) const {
        for (const auto& [name, value] :
             {std::pair{"filter", &filter}, {"kind", &kind}, {"state", &state}})
            if (!value->empty())
                call.query.emplace_back(name, *value);
        const auto client = connect(ctx, server);
        if (!client)
            return pass(client.error());
        const Result<Json> found = (*client)->list(std::move(call), "principals", limit);
        if (!found)
            return pass(found.error());
        print_list(
            ctx,
            "principal",
            *found,
            {{"PRINCIPAL", "principal"},
             {"KIND", "kind"},
             {"STATE", "state"},
             {"DISPLAY", "display"}}
        );
        return {};
    }
};

struct List : Listing {
    std::string in;
};

/// The room or category that somebody is to be listed in.
struct Place {
    std::string category;
    std::string room;
    std::string as;

    void declare(Args& args) {
        args.option("category", category, "NAME", "in rooms of this category");
        args.option("room", room, "NAME", "in this room");
        args.choice("as", as, {"member", "manager", "presenter"}, "on which list; default: member");
    }

    [[nodiscard]] Result<void> check() const {
        if (category.empty() != room.empty())
            return {};
        return fail(Errc::usage, "name either --category or --room");
    }

    void add_to(ApiCall& call) const {
        for (const auto& [name, value] :
             {std::pair{"category", &category}, {"room", &room}, {"as", &as}})
            if (!value->empty())
                call.query.emplace_back(name, *value);
    }
};

struct Eligible : Listing {
    Place place;
    bool presenters = false;
};

struct One {
    ServerFlags server;
    std::string name;
    Place place;
};

Result<void> run_list(Context& ctx, const List& opt) {
    ApiCall call{.path = api_path("principals")};
    if (!opt.in.empty())
        call.query.emplace_back("in", opt.in);
    return opt.show(ctx, std::move(call));
}

Result<void> run_eligible(Context& ctx, const Eligible& opt) {
    if (auto good = opt.place.check(); !good)
        return good;
    if (opt.presenters && !opt.place.as.empty())
        return fail(Errc::usage, "--presenters and --as exclude each other");
    Place place = opt.place;
    if (opt.presenters)
        place.as = "presenter";
    ApiCall call{.path = api_path("principals") + "/eligible"};
    place.add_to(call);
    return opt.show(ctx, std::move(call));
}

Result<void> run_get(Context& ctx, const One& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> found = (*client)->call({.path = api_path("principals", {opt.name})});
    if (!found)
        return pass(found.error());
    if (ctx.global.output == "name") {
        ctx.out << "principal/" << found->value("principal", opt.name) << '\n';
        return {};
    }
    Json rows = Json::array();
    for (const auto& [key, value] : found->items())
        if (key != "listed")
            rows.push_back({{"field", key}, {"value", value}});
    std::string text = render_table(rows, {{"FIELD", "field"}, {"VALUE", "value"}});
    if (const Json listed = found->value("listed", Json::array()); !listed.empty())
        text += "\n" + render_table(listed, {{"LISTED", "kind"}, {"NAME", "name"}, {"IN", "list"}});
    print_document(ctx, *found, text);
    return {};
}

std::string check_text(const Json& found) {
    Json steps = Json::array();
    for (Json step : found.value("steps", Json::array())) {
        Json ways = Json::array();
        for (const Json& path : step.value("paths", Json::array())) {
            std::string way;
            for (const Json& one : path)
                way.append(way.empty() ? "" : " > ").append(one.get<std::string>());
            ways.push_back(std::move(way));
        }
        step["by"] = std::move(ways);
        steps.push_back(std::move(step));
    }
    const std::string room = found.value("room", "");
    return fmt::format(
        "{} {} be a {} of {}\n\n{}",
        found.value("principal", ""),
        found.value("eligible", false) ? "may" : "may not",
        found.value("as", ""),
        room.empty() ? fmt::format("rooms of category '{}'", found.value("category", ""))
                     : fmt::format("room '{}'", room),
        render_table(steps, {{"FULFILLED", "fulfilled"}, {"BECAUSE", "says"}, {"BY", "by"}})
    );
}

Result<void> run_check(Context& ctx, const One& opt) {
    if (auto good = opt.place.check(); !good)
        return good;
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("principals", {opt.name}) + "/check"};
    opt.place.add_to(call);
    const Result<Json> found = (*client)->call(call);
    if (!found)
        return pass(found.error());
    print_document(ctx, *found, check_text(*found));
    if (!found->value("eligible", false))
        return fail_silently(Errc::invalid);
    return {};
}

Run bind_list(Args& args) {
    auto opt = std::make_shared<List>();
    args.option("in", opt->in, "PRINCIPAL", "only what is in it, directly or through others");
    opt->declare(args);
    return [opt](Context& ctx) { return run_list(ctx, *opt); };
}

Run bind_eligible(Args& args) {
    auto opt = std::make_shared<Eligible>();
    opt->place.declare(args);
    args.flag("presenters", opt->presenters, "the same as --as presenter");
    opt->declare(args);
    return [opt](Context& ctx) { return run_eligible(ctx, *opt); };
}

void declare_one(Args& args, One& opt) {
    args.positional("name", opt.name, "sip:user@domain, group:NAME, ou:DN, domain:DNS, or the id")
        .required = true;
}

Run bind_get(Args& args) {
    auto opt = std::make_shared<One>();
    declare_one(args, *opt);
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_get(ctx, *opt); };
}

Run bind_check(Args& args) {
    auto opt = std::make_shared<One>();
    declare_one(args, *opt);
    opt->place.declare(args);
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_check(ctx, *opt); };
}

}  // namespace

std::vector<Command> principal_commands() {
    const std::vector<std::string> lists{"table", "json", "yaml", "name"};
    return {
        {.path = "principal list",
         .summary = "List users, groups, containers and domains",
         .help = {},
         .bind = bind_list,
         .formats = lists},
        {.path = "principal get",
         .summary = "Show one of them, what it is in and where it is listed",
         .help = {},
         .bind = bind_get,
         .formats = lists},
        {.path = "principal eligible",
         .summary = "List who may be listed in a room or in the rooms of a category",
         .help = {},
         .bind = bind_eligible,
         .formats = lists},
        {.path = "principal check",
         .summary = "Tell whether one may be listed there, and why not",
         .help = {},
         .bind = bind_check,
         .formats = {"table", "json", "yaml"}},
    };
}

}  // namespace pchat::cli
