// SPDX-License-Identifier: Apache-2.0
// `topology rules` and `topology explain`.
#include "base/suggest.h"
#include "base/unicode.h"
#include "cli/commands/rows.h"
#include "cli/help_text.h"
#include "cli/rule_words.h"
#include "cli/ui/output.h"
#include "topology/rules/rules.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using topology::Rule;

std::string family_of(const Rule& rule) {
    return std::string{rule.id.substr(0, rule.id.find('-'))};
}

Json to_json(const Rule& rule, bool transition) {
    return {
        {"name", rule.id},
        {"family", family_of(rule)},
        {"sfb2015", word(rule.sfb2015)},
        {"lync2013", word(rule.lync2013)},
        {"severity", severity_words(rule)},
        {"judges", transition ? "transition" : "document"},
        {"title", rule.title},
        {"why", rule.why},
        {"source", rule.source},
        {"origin", word(rule.origin)},
        {"fix", rule.fix}};
}

Json all_rules() {
    Json out = Json::array();
    for (const Rule& rule : topology::static_rules())
        out.push_back(to_json(rule, false));
    for (const Rule& rule : topology::transition_rules())
        out.push_back(to_json(rule, true));
    return out;
}

std::vector<std::string> families() {
    std::vector<std::string> out;
    for (const auto table : {topology::static_rules(), topology::transition_rules()})
        for (const Rule& rule : table)
            if (std::find(out.begin(), out.end(), family_of(rule)) == out.end())
                out.push_back(family_of(rule));
    return out;
}

struct Rules {
    std::string family;
};

Result<void> run(Context& ctx, const Rules& opt) {
    Json rules = Json::array();
    for (const Json& rule : all_rules())
        if (opt.family.empty() ||
            equal_ignoring_case(rule["family"].get_ref<const std::string&>(), opt.family))
            rules.push_back(rule);
    print_list(
        ctx,
        "rule",
        rules,
        {{"NAME", "name"},
         {"SFB2015", "sfb2015"},
         {"LYNC2013", "lync2013"},
         {"JUDGES", "judges"},
         {"VIOLATED-WHEN", "title"}}
    );
    return {};
}

Run bind_rules(Args& args) {
    auto opt = std::make_shared<Rules>();
    args.choice("family", opt->family, families(), "only the rules of this family");
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

struct Explain {
    std::string rule;
};

std::string explanation(const Json& rule) {
    const auto text = [&](const char* key) { return rule[key].get<std::string>(); };
    return fmt::format(
        "{}: {}\n\nseverity: {}\njudges: {}\n\nWhy\n{}\nWay out\n{}\nSource\n{}",
        text("name"),
        text("title"),
        text("severity"),
        text("judges") == "transition" ? "the way from one document to the next (topology diff)"
                                       : "one document (topology validate)",
        wrap(text("why"), 2),
        wrap(text("fix"), 2),
        wrap(text("source"), 2)
    );
}

Result<void> run(Context& ctx, const Explain& opt) {
    const Json rules = all_rules();
    std::vector<std::string> ids;
    for (const Json& rule : rules) {
        ids.push_back(rule["name"].get<std::string>());
        if (equal_ignoring_case(ids.back(), opt.rule)) {
            print_document(ctx, rule, explanation(rule));
            return {};
        }
    }
    const auto guess = nearest(opt.rule, {ids.begin(), ids.end()});
    return fail(
        Errc::not_found,
        fmt::format("there is no rule '{}'", opt.rule),
        guess ? fmt::format("did you mean {}? all rules: pchatctl topology rules", *guess)
              : "all rules: pchatctl topology rules"
    );
}

Run bind_explain(Args& args) {
    auto opt = std::make_shared<Explain>();
    Arg& rule = args.positional("rule", opt->rule, "rule id, as in POOL-07");
    rule.kind = ValueKind::name;
    rule.refers = "rule";
    rule.required = true;
    return [opt](Context& ctx) { return run(ctx, *opt); };
}

}  // namespace

std::vector<Command> topology_rules_commands() {
    return {
        {.path = "topology rules",
         .summary = "List every rule with its severity",
         .help = {},
         .bind = bind_rules,
         .formats = {"table", "json", "yaml", "name"}},
        {.path = "topology explain",
         .summary = "Tell why a rule exists, where it comes from, and the way out",
         .help = {},
         .bind = bind_explain,
         .formats = {"table", "json", "yaml"}}};
}

}  // namespace pchat::cli
