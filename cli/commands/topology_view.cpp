// SPDX-License-Identifier: Apache-2.0
// `topology show` and `topology graph`.
#include "cli/commands/rows.h"
#include "cli/model_json.h"
#include "cli/topology_file.h"
#include "cli/topology_tables.h"
#include "cli/ui/output.h"
#include "topology/effective.h"
#include "topology/render.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <memory>
#include <ostream>
#include <system_error>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::Topology;

Result<topology::Parsed> load(Context& ctx, const std::string& file) {
    const Result<std::string> path = topology_path(ctx, file);
    if (!path)
        return pass(path.error());
    return load_topology(ctx, *path);
}

struct Show {
    std::string file;
    std::string only;
};

void show_names(Context& ctx, const Topology& model) {
    for (const TopologyTable& table : topology_tables(model))
        print_list(ctx, table.kind, table.items, table.columns);
}

std::string sections(const Topology& model) {
    const auto section = [](const TopologyTable& table) {
        return fmt::format("{}\n{}", table.title, render_table(table.items, table.columns));
    };
    std::string text = section(deployment_facts(model));
    for (const TopologyTable& table : topology_tables(model))
        if (!table.items.empty())
            text += "\n" + section(table);
    return text;
}

Result<void> run(Context& ctx, const Show& opt) {
    const Result<topology::Parsed> parsed = load(ctx, opt.file);
    if (!parsed)
        return pass(parsed.error());
    const Topology model = effective(parsed->model);
    if (!opt.only.empty()) {
        for (const TopologyTable& table : topology_tables(model))
            if (table.kind == opt.only)
                print_list(ctx, table.kind, table.items, table.columns);
    } else if (ctx.global.output == "name") {
        show_names(ctx, model);
    } else {
        print_document(ctx, model_to_json(model, topology::topology_shape()), sections(model));
    }
    return {};
}

Run bind_show(Args& args) {
    auto opt = std::make_shared<Show>();
    file_argument(args, opt->file);
    args.choice("only", opt->only, topology_table_kinds(), "only things of this kind");
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

struct Graph {
    std::string file;
    std::string out;
};

/// Above this a picture is no help to anybody, and laying it out takes minutes.
constexpr std::size_t most_things = 5'000;

std::size_t count_things(const Topology& model) {
    const topology::Spec& spec = model.spec;
    std::size_t count = spec.sites.size() + spec.front_ends.size() + spec.other_servers.size() +
                        spec.sql_instances.size() + spec.file_stores.size() + spec.pools.size();
    for (const topology::Pool& pool : spec.pools)
        count += pool.machines.size();
    return count;
}

std::string draw(const Topology& model, const std::string& format) {
    if (format == "dot")
        return render_dot(model);
    if (format == "mermaid")
        return render_mermaid(model);
    return render_svg(model);
}

Result<void> write_picture(Context& ctx, const std::string& path, const std::string& picture) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file << picture;
    file.close();
    if (!file)
        return fail(
            Errc::invalid,
            fmt::format("cannot write {}: {}", path, std::generic_category().message(errno)),
            "name another file, or leave --out away and redirect standard output"
        );
    ctx.note(fmt::format("{} written", path));
    return {};
}

Result<void> run(Context& ctx, const Graph& opt) {
    const Result<topology::Parsed> parsed = load(ctx, opt.file);
    if (!parsed)
        return pass(parsed.error());
    const std::size_t things = count_things(parsed->model);
    if (things > most_things)
        return fail(
            Errc::invalid,
            fmt::format("the document has {} things, a picture holds {}", things, most_things),
            "list them instead: pchatctl topology show"
        );
    std::error_code unknown;  // one that does not exist is not the document
    if (std::filesystem::equivalent(parsed->document.source->name(), opt.out, unknown))
        return fail(
            Errc::usage,
            fmt::format("--out {} is the document itself", opt.out),
            "name another file for the picture"
        );
    const std::string picture = draw(parsed->model, ctx.global.output);
    if (!opt.out.empty())
        return write_picture(ctx, opt.out, picture);
    ctx.out << picture;
    return {};
}

Run bind_graph(Args& args) {
    auto opt = std::make_shared<Graph>();
    file_argument(args, opt->file);
    Arg& out = args.option("out", opt->out, "FILE", "write the picture there instead of to stdout");
    out.kind = ValueKind::file;
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> topology_view_commands() {
    return {
        {.path = "topology show",
         .summary = "Show what a topology document describes, defaults included",
         .help = {},
         .bind = bind_show,
         .formats = {"table", "json", "yaml", "name"}},
        {.path = "topology graph",
         .summary = "Draw a picture of a topology document",
         .help = {},
         .bind = bind_graph,
         .formats = {"svg", "dot", "mermaid"}}};
}

}  // namespace pchat::cli
