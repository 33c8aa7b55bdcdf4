// SPDX-License-Identifier: Apache-2.0
// `topology diff`.
#include "base/diagnostic_json.h"
#include "cli/commands/rows.h"
#include "cli/judge_flags.h"
#include "cli/topology_file.h"
#include "cli/topology_plan.h"
#include "cli/ui/output.h"
#include "topology/transition.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iterator>
#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Diff {
    std::string before;
    std::string after;
    bool exit_code = false;
    JudgeFlags judge;
};

Result<void> run(Context& ctx, const Diff& opt) {
    const Result<Judgement> judgement = Judgement::from(opt.judge, ctx);
    if (!judgement)
        return pass(judgement.error());
    if (opt.before == "-" && opt.after == "-")
        return fail(Errc::usage, "only one of the two documents can come from standard input");
    const Result<topology::Parsed> before = load_topology(ctx, opt.before);
    if (!before)
        return pass(before.error());
    const Result<topology::Parsed> after = load_topology(ctx, opt.after);
    if (!after)
        return pass(after.error());
    topology::Transition way = topology::compare(*before, *after, judgement->options());
    std::vector<Diagnostic> findings = topology::judge(*after, judgement->options());
    topology::drop_superseded(way, findings);
    std::move(way.findings.begin(), way.findings.end(), std::back_inserter(findings));
    sort_by_place(findings);

    const SourceText& source = *after->document.source;
    Json document{{"changes", plan_json(way.changes)}};
    document.update(diagnostics_to_json(source, findings));
    print_document(
        ctx,
        document,
        plan_text(way.changes, ctx.terminal.colour_out) +
            render_text(source, findings, out_colour(ctx))
    );
    if (tally(findings).errors > 0)
        return fail_silently(Errc::bad_file);
    if (opt.exit_code && !way.changes.empty())
        return fail_silently(Errc::pending);
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Diff>();
    for (auto [name, into, help] :
         {std::tuple{"old", &opt->before, "the document as it is"},
          std::tuple{"new", &opt->after, "the document as it shall be"}}) {
        Arg& arg = args.positional(name, *into, help);
        arg.kind = ValueKind::file;
        arg.required = true;
    }
    args.flag(
        "exit-code", opt->exit_code, "exit 8 when there are changes and nothing forbids them"
    );
    opt->judge.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> topology_diff_commands() {
    return {{
        .path = "topology diff",
        .summary = "Show the way from one document to the next, and judge it",
        .help = {},
        .bind = bind,
        .formats = {"table", "json", "yaml"},
    }};
}

}  // namespace pchat::cli
