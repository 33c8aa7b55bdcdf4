// SPDX-License-Identifier: Apache-2.0
// `topology validate`.
#include "base/diagnostic_json.h"
#include "base/version.h"
#include "cli/commands/rows.h"
#include "cli/judge_flags.h"
#include "cli/topology_file.h"
#include "cli/ui/output.h"
#include "topology/rules/rules.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Validate {
    std::vector<std::string> files;
    bool strict = false;
    JudgeFlags judge;
};

/// One document with what was found in it.
struct Verdict {
    std::shared_ptr<const SourceText> source;
    std::vector<Diagnostic> findings;
};

std::string sarif(const std::vector<Verdict>& verdicts) {
    std::vector<SarifRule> rules;
    for (const topology::Rule& rule : topology::static_rules())
        rules.push_back({rule.id, rule.title, rule.why});
    std::vector<SarifInput> inputs;
    for (const Verdict& verdict : verdicts)
        inputs.push_back({verdict.source.get(), &verdict.findings});
    return diagnostics_to_sarif(inputs, rules, std::string{version()}).dump(2) + "\n";
}

void show(Context& ctx, const std::vector<Verdict>& verdicts) {
    std::string text;
    Json documents = Json::array();
    for (const Verdict& verdict : verdicts) {
        if (ctx.global.output == "github")
            text += render_github(*verdict.source, verdict.findings);
        else
            text += render_text(*verdict.source, verdict.findings, out_colour(ctx));
        documents.push_back(diagnostics_to_json(*verdict.source, verdict.findings));
    }
    if (ctx.global.output == "sarif")
        ctx.out << sarif(verdicts);
    else if (ctx.global.output == "github")
        ctx.out << text;
    else
        print_document(ctx, documents.size() == 1 ? documents.front() : documents, text);
}

Result<void> run(Context& ctx, const Validate& opt) {
    const Result<Judgement> judgement = Judgement::from(opt.judge, ctx);
    if (!judgement)
        return pass(judgement.error());
    std::vector<std::string> files = opt.files;
    if (files.empty())
        files.emplace_back();
    std::vector<Verdict> verdicts;
    bool bad = false;
    for (const std::string& file : files) {
        const Result<std::string> path = topology_path(ctx, file);
        if (!path)
            return pass(path.error());
        Result<InputText> input = read_input(ctx, *path);
        if (!input)
            return pass(std::move(input).error());
        const topology::Parsed parsed =
            topology::parse(std::move(input->name), std::move(input->text));
        verdicts.push_back({parsed.document.source, topology::judge(parsed, judgement->options())});
        const Tally count = tally(verdicts.back().findings);
        bad = bad || count.errors > 0 || (opt.strict && count.warnings > 0);
    }
    show(ctx, verdicts);
    if (bad)
        return fail_silently(Errc::bad_file);
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Validate>();
    Arg& files =
        args.positional_list("file", opt->files, "topology document; - reads standard input");
    files.kind = ValueKind::file;
    files.default_text = "$PCHATCTL_TOPOLOGY, then ./topology.yaml";
    args.flag("strict", opt->strict, "fail on warnings too");
    opt->judge.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> topology_check_commands() {
    return {{
        .path = "topology validate",
        .summary = "Check a topology document against every rule",
        .help = {},
        .bind = bind,
        .formats = {"table", "json", "yaml", "sarif", "github"},
    }};
}

}  // namespace pchat::cli
