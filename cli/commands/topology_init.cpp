// SPDX-License-Identifier: Apache-2.0
// `topology init`.
#include "base/unicode.h"
#include "base/written_secrets.h"
#include "cli/commands/topology_edit.h"
#include "cli/edited_topology.h"
#include "cli/unified_diff.h"
#include "cli/write_file.h"
#include "topology/rules/rules.h"
#include "topology/templates.h"

#include <fmt/format.h>
#include <unistd.h>

#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

struct Init {
    std::string file = "topology.yaml";
    std::string chosen{topology::templates().front().name};
    topology::TemplateValues values;
    bool force = false;
};

Result<void> check(Context& ctx, const std::string& name, const std::string& text) {
    const topology::Parsed parsed = topology::parse(name, text);
    const std::vector<Diagnostic> findings = topology::judge(parsed, {.today = ctx.today});
    if (tally(findings).errors == 0)
        return {};
    ctx.err << render_text(
        *parsed.document.source, findings, ctx.terminal.colour_err ? Colour::yes : Colour::no
    );
    return fail(
        Errc::bad_file,
        "nothing was written: with these values the template is not valid",
        "choose other values for --domain or --name"
    );
}

Result<void> put(Context& ctx, const Init& opt, const std::string& text) {
    const bool exists = ::access(opt.file.c_str(), F_OK) == 0;
    std::string before;
    if (exists && opt.force) {
        Result<InputText> input = read_input(ctx, opt.file);
        if (!input)
            return pass(std::move(input).error());
        before = std::move(input->text);
    }
    if (exists && !opt.force)
        return fail(
            Errc::conflict,
            fmt::format("{} exists already", opt.file),
            "name another file, or replace it with --force"
        );
    if (ctx.global.dry_run) {
        ctx.out << unified_diff(
            printable(opt.file), without_secrets(before), without_secrets(text)
        );
        ctx.note("dry run: nothing was written");
        return {};
    }
    return exists ? replace_file(opt.file, before, text) : create_file(opt.file, text);
}

Result<void> run(Context& ctx, const Init& opt) {
    const Result<std::string> text = topology::fill_template(opt.chosen, opt.values);
    if (!text)
        return pass(text.error());
    if (auto good = check(ctx, opt.file, *text); !good)
        return good;
    if (opt.file == "-") {
        ctx.out << *text;
        return {};
    }
    if (auto done = put(ctx, opt, *text); !done || ctx.global.dry_run)
        return done;
    ctx.out << fmt::format("{} created from the template {}\n", opt.file, opt.chosen);
    ctx.note(fmt::format("next: edit it, then pchatctl topology validate {}", opt.file));
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Init>();
    Arg& file = args.positional("file", opt->file, "file to write; - writes to standard output");
    file.kind = ValueKind::file;
    file.default_text = "topology.yaml";
    std::vector<std::string> names;
    for (const topology::Template& one : topology::templates())
        names.emplace_back(one.name);
    args.choice("template", opt->chosen, names, "what to begin with").default_text = opt->chosen;
    args.option("name", opt->values.name, "NAME", "name of the deployment");
    args.option_list(
        "domain",
        opt->values.domains,
        "DOMAIN",
        "directory domain; further ones are SIP domains only"
    );
    args.flag("force", opt->force, "replace the file when it exists");
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

Command topology_init_command() {
    return {
        .path = "topology init",
        .summary = "Write a commented topology document to begin with",
        .help = {},
        .bind = bind,
        .formats = {},
        .changes = true,
    };
}

}  // namespace pchat::cli
