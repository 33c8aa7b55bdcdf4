// SPDX-License-Identifier: Apache-2.0
// `capacity check`.
#include "topology/capacity.h"

#include "base/diagnostic_json.h"
#include "cli/commands/rows.h"
#include "cli/judge_flags.h"
#include "cli/topology_file.h"
#include "cli/ui/output.h"
#include "topology/thousands.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::CapacityRow;
using topology::UserModelRow;

struct Check {
    std::string file;
    JudgeFlags judge;
};

Json number(const std::optional<std::int64_t>& value) {
    return value ? Json(*value) : Json(nullptr);
}

Json row_to_json(const CapacityRow& row) {
    return {
        {"rule", row.rule},
        {"subject", row.subject},
        {"what", row.what},
        {"planned", number(row.planned)},
        {"warnAbove", number(row.warn_above)},
        {"limit", number(row.limit)},
        {"verdict", row.verdict}};
}

Json model_row_to_json(const UserModelRow& row, const topology::PlannedLoad& plan) {
    const auto cell = [](std::string_view text) {
        return text.empty() ? Json(nullptr) : Json(text);
    };
    Json planned = nullptr;
    if (row.planned != nullptr && (plan.*row.planned).given())
        planned = *(plan.*row.planned);
    return {
        {"what", row.what},
        {"small", cell(row.small)},
        {"medium", cell(row.medium)},
        {"large", cell(row.large)},
        {"total", cell(row.total)},
        {"planned", std::move(planned)}};
}

/// The same items with their numbers as people read them.
Json with_readable_numbers(Json items) {
    for (Json& item : items)
        for (Json& value : item)
            if (value.is_number())
                value = topology::with_thousands(value.get<std::int64_t>());
    return items;
}

std::string as_text(const Json& document) {
    const std::string rows = render_table(
        with_readable_numbers(document["rows"]),
        {{"RULE", "rule"},
         {"SUBJECT", "subject"},
         {"FIGURE", "what"},
         {"PLANNED", "planned", true},
         {"WARN-ABOVE", "warnAbove", true},
         {"LIMIT", "limit", true},
         {"VERDICT", "verdict"}}
    );
    const std::string model = render_table(
        with_readable_numbers(document["userModel"]),
        {{"FIGURE", "what"},
         {"SMALL-ROOMS", "small", true},
         {"MEDIUM", "medium", true},
         {"LARGE", "large", true},
         {"TOTAL", "total", true},
         {"PLANNED", "planned", true}}
    );
    return fmt::format(
        "{}\nThe published user model, for one pool of four active machines\n{}", rows, model
    );
}

std::vector<Diagnostic> capacity_findings(
    const topology::Parsed& parsed, const topology::JudgeOptions& options
) {
    std::vector<Diagnostic> findings = judge(parsed, options);
    const auto other = [](const Diagnostic& finding) {
        return finding.rule.compare(0, 4, "CAP-") != 0;
    };
    findings.erase(std::remove_if(findings.begin(), findings.end(), other), findings.end());
    return findings;
}

Result<void> run(Context& ctx, const Check& opt) {
    const Result<Judgement> judgement = Judgement::from(opt.judge, ctx);
    if (!judgement)
        return pass(judgement.error());
    const Result<std::string> path = topology_path(ctx, opt.file);
    if (!path)
        return pass(path.error());
    const Result<topology::Parsed> parsed = load_topology(ctx, *path);
    if (!parsed)
        return pass(parsed.error());
    const std::vector<Diagnostic> findings = capacity_findings(*parsed, judgement->options());
    const SourceText& source = *parsed->document.source;
    Json document = diagnostics_to_json(source, findings);
    document["rows"] = Json::array();
    for (const CapacityRow& row : capacity_rows(parsed->model, findings))
        document["rows"].push_back(row_to_json(row));
    document["userModel"] = Json::array();
    for (const UserModelRow& row : topology::published_user_model())
        document["userModel"].push_back(model_row_to_json(row, parsed->model.spec.capacity));
    std::string text = as_text(document);
    if (!findings.empty())
        text += "\n" + render_text(source, findings, out_colour(ctx));
    print_document(ctx, document, text);
    if (tally(findings).errors > 0)
        return fail_silently(Errc::bad_file);
    return {};
}

Run bind(Args& args) {
    auto opt = std::make_shared<Check>();
    file_argument(args, opt->file);
    opt->judge.declare(args);
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> capacity_commands() {
    return {{
        .path = "capacity check",
        .summary = "Lay the planned load beside the published limits",
        .help = {},
        .bind = bind,
        .formats = {"table", "json", "yaml"},
    }};
}

}  // namespace pchat::cli
