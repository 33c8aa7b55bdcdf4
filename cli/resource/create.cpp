// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/create.h"

#include "cli/resource/bulk_create.h"
#include "cli/resource/field_values.h"
#include "cli/resource/item_file.h"
#include "cli/resource/resource_text.h"
#include "cli/topology_file.h"

#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Create {
    Create(const Resource& of) : resource(of), fields(of, FieldValues::For::create) {}

    const Resource& resource;
    ServerFlags server;
    FieldValues fields;
    std::string name;
    std::string file;
    BulkOptions bulk;
    bool if_not_exists = false;
};

Result<Json> named_item(Context& ctx, const Create& opt) {
    Result<Json> item = opt.fields.body(ctx);
    if (!item)
        return item;
    if (opt.file.empty() == opt.name.empty())
        return fail(
            Errc::usage,
            fmt::format(
                "{} of the {} is {}",
                opt.file.empty() ? "the name" : "a name and a file",
                opt.resource.noun,
                opt.file.empty() ? "missing" : "too much"
            ),
            fmt::format(
                "pchatctl {0} create NAME, or pchatctl {0} create -f FILE", opt.resource.noun
            )
        );
    if (!opt.file.empty() && !item->empty())
        return fail(
            Errc::usage,
            fmt::format("--{} does not go together with --file", item->begin().key()),
            "write it into the file"
        );
    if (opt.file.empty() && (!opt.bulk.journal.empty() || opt.bulk.stop_on_error))
        return fail(
            Errc::usage,
            fmt::format(
                "--{} is about files", opt.bulk.journal.empty() ? "stop-on-error" : "journal"
            ),
            fmt::format("pchatctl {} create -f FILE", opt.resource.noun)
        );
    Json named{{opt.resource.name_key, opt.name}};
    named.update(*item);
    return named;
}

Result<void> create_one(Context& ctx, const Create& opt, const Json& item) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const std::string name = name_in(opt.resource, item);
    const Result<Created> made =
        create_item(**client, opt.resource, item, opt.bulk.if_exists, dry_run_query(ctx));
    if (!made)
        return pass(made.error());
    if (made->existed)
        ctx.note(fmt::format("{}/{}: no changes", opt.resource.noun, name));
    const bool whole = ctx.global.output == "json" || ctx.global.output == "yaml";
    if (whole || !made->existed)
        show_change(ctx, opt.resource, made->item, name, "created");
    if (!whole && !ctx.global.dry_run && ctx.terminal.err_is_tty)
        ctx.note(fmt::format("next: pchatctl {} get '{}'", opt.resource.noun, name));
    return {};
}

Result<void> run(Context& ctx, const Create& opt) {
    const Result<Json> named = named_item(ctx, opt);
    if (!named)
        return pass(named.error());
    if (opt.file.empty())
        return create_one(ctx, opt, *named);
    const Result<ItemFile> file = read_items(ctx, opt.file, opt.resource);
    if (!file)
        return pass(file.error());
    return create_all(ctx, opt.resource, opt.server, *file, opt.bulk);
}

}  // namespace

Result<Created> create_item(
    ApiClient& client,
    const Resource& resource,
    const Json& item,
    IfExists if_exists,
    const std::vector<std::pair<std::string, std::string>>& query
) {
    Result<Json> made = client.call(
        {.method = "POST", .path = api_path(resource.plural), .query = query, .body = item}
    );
    if (made)
        return Created{std::move(*made)};
    const bool exists = made.error().reason == resource.noun + "-exists";
    if (exists && if_exists == IfExists::take) {
        Result<Json> found =
            client.call({.path = api_path(resource.plural, {name_in(resource, item)})});
        if (!found)
            return pass(std::move(found).error());
        return Created{std::move(*found), true};
    }
    if ((exists || made.error().reason == "name-taken") && made.error().hint.empty())
        made.error().hint = "--if-not-exists takes it as it is";
    return pass(std::move(made).error());
}

Run bind_create(const Resource& resource, Args& args) {
    auto opt = std::make_shared<Create>(resource);
    args.positional("name", opt->name, resource.name_help);
    opt->fields.declare(args);
    Arg& file = file_option(args, opt->file);
    file.help = fmt::format(
        "create all {} of this file: YAML, CSV or one JSON object a line; - is standard input",
        resource.plural
    );
    file.default_text.clear();
    args.flag("if-not-exists", opt->if_not_exists, "take one that exists as it is");
    args.flag("stop-on-error", opt->bulk.stop_on_error, "of a file: try nothing after a failure");
    args.option(
            "journal",
            opt->bulk.journal,
            "FILE",
            "of a file: where is kept how far it got, to go on there after an interruption"
    )
        .kind = ValueKind::file;
    opt->server.declare(args);
    return [opt](Context& ctx) {
        opt->bulk.if_exists = opt->if_not_exists ? IfExists::take : IfExists::fail;
        opt->bulk.file = opt->file;
        return run(ctx, *opt);
    };
}

}  // namespace pchat::cli
