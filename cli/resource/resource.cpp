// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/resource.h"

#include "cli/client/server_choice.h"
#include "cli/resource/create.h"
#include "cli/resource/field_values.h"
#include "cli/resource/resource_text.h"
#include "cli/ui/prompt.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
// ---- get and list

struct Get {
    const Resource& resource;
    ServerFlags server;
    std::string name;
};

std::string facts_text(const Json& item) {
    Json rows = Json::array();
    for (const auto& [key, value] : item.items())
        rows.push_back({{"field", key}, {"value", value}});
    return render_table(rows, {{"FIELD", "field"}, {"VALUE", "value"}});
}

Result<void> run(Context& ctx, const Get& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> item = (*client)->call({.path = api_path(opt.resource.plural, {opt.name})});
    if (!item)
        return pass(item.error());
    if (ctx.global.output == "name")
        ctx.out << opt.resource.noun << '/' << name_in(opt.resource, *item) << '\n';
    else
        print_document(ctx, *item, facts_text(*item));
    return {};
}

struct List {
    const Resource& resource;
    ServerFlags server;
    std::string filter;
    std::optional<std::int64_t> limit;
    std::vector<std::string> texts;
    std::vector<std::optional<bool>> booleans;
};

Result<void> run(Context& ctx, const List& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path(opt.resource.plural)};
    if (!opt.filter.empty())
        call.query.emplace_back("filter", opt.filter);
    for (std::size_t i = 0; i < opt.resource.filters.size(); ++i) {
        std::string flag = opt.resource.filters[i].flag;
        std::replace(flag.begin(), flag.end(), '-', '_');
        if (!opt.texts[i].empty())
            call.query.emplace_back(flag, opt.texts[i]);
        const std::vector<std::string>& words = opt.resource.filters[i].choices;
        if (const std::optional<bool> given = opt.booleans[i])
            call.query.emplace_back(
                flag,
                words.size() == 2 ? words[*given ? 0 : 1]
                : *given          ? "true"
                                  : "false"
            );
    }
    const Result<Json> items = (*client)->list(call, opt.resource.plural, opt.limit);
    if (!items)
        return pass(items.error());
    print_list(ctx, opt.resource.noun, *items, opt.resource.columns);
    return {};
}

// ---- set and remove

struct Set {
    Set(const Resource& of) : resource(of), fields(of, FieldValues::For::set) {}

    const Resource& resource;
    ServerFlags server;
    FieldValues fields;
    std::string name;
};

Result<void> run(Context& ctx, const Set& opt) {
    const Result<Json> changes = opt.fields.body(ctx);
    if (!changes)
        return pass(changes.error());
    if (changes->empty())
        return fail(
            Errc::usage,
            "there is nothing to set",
            fmt::format("pchatctl {} set --help lists the flags", opt.resource.noun)
        );
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const std::string path = api_path(opt.resource.plural, {opt.name});
    const Result<Json> before = (*client)->call({.path = path});
    const bool is_new = !before && opt.resource.upsert && before.error().code == Errc::not_found;
    if (!before && !is_new)
        return pass(before.error());
    const Result<Json> after = (*client)->call(
        {.method = "PATCH", .path = path, .query = dry_run_query(ctx), .body = *changes}
    );
    if (!after)
        return pass(after.error());
    if (is_new) {
        show_change(ctx, opt.resource, *after, name_in(opt.resource, *after), "created");
        return {};
    }
    const bool same = before->value("revision", Json{}) == after->value("revision", Json{}) &&
                      !changes->contains("password");
    if (same && (!ctx.global.dry_run || *before == *after))
        ctx.note(fmt::format("{}/{}: no changes", opt.resource.noun, opt.name));
    if (!same || ctx.global.dry_run || ctx.global.output != "table")
        show_change(ctx, opt.resource, *after, name_in(opt.resource, *after), "changed");
    return {};
}

struct Remove {
    const Resource& resource;
    ServerFlags server;
    std::string name;
    std::vector<std::string> confirmed;
    bool force = false;
};

Result<void> run(Context& ctx, const Remove& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const std::string path = api_path(opt.resource.plural, {opt.name});
    const Result<Json> item = (*client)->call({.path = path});
    if (!item)
        return pass(item.error());
    const std::string name = name_in(opt.resource, *item);
    if (!ctx.global.dry_run && !ctx.global.yes)
        if (auto agreed = confirm_name(
                ctx,
                fmt::format(
                    "This removes {} '{}' {}.", opt.resource.noun, name, opt.resource.removal
                ),
                name,
                opt.confirmed
            );
            !agreed)
            return agreed;
    auto query = dry_run_query(ctx);
    if (opt.force)
        query.emplace_back("force", "true");
    const Result<Json> gone = (*client)->call(
        {.method = "DELETE", .path = path, .query = std::move(query), .repeatable = true}
    );
    if (!gone)
        return pass(gone.error());
    show_change(ctx, opt.resource, *gone, name, "removed");
    return {};
}

// ---- the rows

Run bind_get(const Resource& resource, Args& args) {
    auto opt = std::make_shared<Get>(Get{resource, {}, {}});
    args.positional("name", opt->name, resource.name_help).required = true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

Run bind_list(const Resource& resource, Args& args) {
    auto opt = std::make_shared<List>(List{resource, {}, {}, {}, {}, {}});
    opt->texts.resize(resource.filters.size());
    opt->booleans.resize(resource.filters.size());
    args.option("filter", opt->filter, "TEXT", "only names that hold this; * stands for anything");
    for (std::size_t i = 0; i < resource.filters.size(); ++i) {
        const ResourceFilter& filter = resource.filters[i];
        if (filter.kind == FieldKind::boolean)
            args.boolean(filter.flag, opt->booleans[i], filter.help);
        else if (filter.kind == FieldKind::choice)
            args.choice(filter.flag, opt->texts[i], filter.choices, filter.help);
        else
            args.option(filter.flag, opt->texts[i], filter.value_name, filter.help);
    }
    args.count("limit", opt->limit, "show so many at most");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

Run bind_set(const Resource& resource, Args& args) {
    auto opt = std::make_shared<Set>(resource);
    args.positional("name", opt->name, resource.name_help).required = true;
    opt->fields.declare(args);
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

Run bind_remove(const Resource& resource, Args& args) {
    auto opt = std::make_shared<Remove>(Remove{resource, {}, {}, {}, false});
    args.positional("name", opt->name, resource.name_help).required = true;
    confirm_option(args, opt->confirmed);
    if (!resource.force.empty())
        args.flag("force", opt->force, resource.force);
    opt->server.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> resource_commands(const Resource& resource) {
    const std::vector<std::string> formats{"table", "json", "yaml", "name"};
    const auto row = [&](const char* verb, std::string summary, auto bind, bool changes) {
        return Command{
            .path = fmt::format("{} {}", resource.noun, verb),
            .summary = std::move(summary),
            .help = {},
            .bind = [&resource, bind](Args& args) { return bind(resource, args); },
            .formats = formats,
            .changes = changes};
    };
    const char* article = resource.noun.front() == 'a' ? "an" : "a";
    std::vector<Command> rows;
    if (!resource.upsert)
        rows.push_back(
            row("create",
                fmt::format(
                    "Create {} {}, or all {} of a file", article, resource.noun, resource.plural
                ),
                bind_create,
                true)
        );
    const auto verb = [&](const char* word, const char* does, auto bind, bool changes) {
        rows.push_back(
            row(word, fmt::format("{} {} {}", does, article, resource.noun), bind, changes)
        );
    };
    verb("get", "Show everything about", bind_get, false);
    rows.push_back(row("list", fmt::format("List {}", resource.plural), bind_list, false));
    verb("set", resource.upsert ? "Make or change" : "Change", bind_set, true);
    verb("remove", "Remove", bind_remove, true);
    return rows;
}

}  // namespace pchat::cli
