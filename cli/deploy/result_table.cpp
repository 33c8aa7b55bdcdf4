// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/result_table.h"

#include "cli/failure.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using End = NodeResult::End;

bool went_wrong(const NodeResult& one) {
    return one.end == End::failed || one.end == End::undone;
}

/// With `-o json` stdout has its one document already, and the error is for people alone.
tl::unexpected<Error> end_with(const Context& ctx, const std::string& command, const Error& error) {
    if (ctx.global.output != "json")
        return pass(error);
    Context people = ctx;
    people.global.output.clear();
    report_failure(people, command, error);
    return fail_silently(error.code);
}

tl::unexpected<Error> stopped(const Context& ctx, const char* how, const std::string& then) {
    Error error;
    error.code = Errc::interrupted;
    error.message = how;
    error.hint = then;
    return end_with(ctx, {}, error);
}

}  // namespace

bool tell_findings(Context& ctx, const std::vector<Finding>& findings) {
    bool good = true;
    for (const Finding& one : findings) {
        good = good && one.verdict != Verdict::bad;
        if (one.verdict == Verdict::good || (ctx.global.quiet && one.verdict != Verdict::bad))
            continue;
        ctx.err << fmt::format(
            "{}{}{} {}: {}\n",
            one.node,
            one.node.empty() ? "" : ": ",
            one.check,
            to_string(one.verdict),
            one.message
        );
        if (!one.hint.empty() && one.verdict != Verdict::skipped)
            ctx.err << fmt::format("  hint: {}\n", one.hint);
    }
    ctx.err << std::flush;
    return good;
}

Json findings_json(const std::vector<Finding>& findings) {
    Json out = Json::array();
    for (const Finding& one : findings) {
        Json row{
            {"machine", one.node.empty() ? Json{} : Json(one.node)},
            {"check", one.check},
            {"result", to_string(one.verdict)},
            {"message", one.message}};
        if (!one.hint.empty())
            row["hint"] = one.hint;
        out.push_back(std::move(row));
    }
    return out;
}

Result<void> print_results(
    Context& ctx, const std::vector<NodeResult>& results, const std::string& then
) {
    Json rows = Json::array();
    for (const NodeResult& one : results) {
        rows.push_back(
            {{"name", one.node},
             {"result", to_string(one.end)},
             {"release", one.release.empty() ? "-" : one.release},
             {"seconds", fmt::format("{:.1f}", static_cast<double>(one.took.count()) / 1000)},
             {"why", one.text}}
        );
        if (!one.log.empty())
            rows.back()["log"] = one.log;
        if (!went_wrong(one) && one.end != End::left)
            continue;
        ctx.err << fmt::format("{}: {}\n", one.node, one.text);
        for (const std::string& line : one.log)
            ctx.err << "  " << line << '\n';
        if (!one.hint.empty())
            ctx.err << fmt::format("  hint: {}\n", one.hint);
    }
    ctx.err << std::flush;
    print_list(
        ctx,
        "machine",
        rows,
        {{"NAME", "name"},
         {"RESULT", "result"},
         {"RELEASE", "release"},
         {"SECONDS", "seconds", true},
         {"WHY", "why"}}
    );
    const auto is = [&](auto predicate) {
        return std::any_of(results.begin(), results.end(), predicate);
    };
    const bool done = is([](const NodeResult& one) { return one.end == End::done; });
    const bool there = done || is([](const NodeResult& one) { return one.end == End::unchanged; });
    if (is(went_wrong))
        return fail_silently(there ? Errc::some_failed : Errc::io);
    if (is([](const NodeResult& one) { return one.end == End::left; }))
        return stopped(
            ctx, "stopped; a machine that was not waited for comes to its end by itself", then
        );
    if (is([](const NodeResult& one) { return one.end == End::not_begun; }))
        return stopped(ctx, "stopped, and machines that were not begun are as before", then);
    if (!done)
        ctx.note("no changes");
    return {};
}

Result<void> refuse(
    Context& ctx, const std::string& command, nlohmann::ordered_json document, const Error& error
) {
    if (ctx.global.output == "json") {
        document["error"] = {
            {"code", error_token(error)}, {"message", error.message}, {"hint", error.hint}};
        print_document(ctx, document, {});
    }
    return end_with(ctx, command, error);
}

std::vector<NodeResult> left_out(const std::vector<Surveyed>& nodes) {
    std::vector<NodeResult> out;
    for (const Surveyed& node : nodes) {
        if (node.asked || !node.finding)
            continue;
        NodeResult& one = out.emplace_back();
        one.node = node.way->name();
        one.end = End::left_out;
        one.text = node.finding->message;
    }
    return out;
}

NodeResult unchanged(const NodePlan& plan) {
    NodeResult out;
    out.node = plan.node;
    out.end = End::unchanged;
    out.release = plan.old_release;
    return out;
}

}  // namespace pchat::cli
