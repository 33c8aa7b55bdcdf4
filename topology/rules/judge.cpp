// SPDX-License-Identifier: Apache-2.0
#include "base/unicode.h"
#include "topology/rules/acceptance.h"
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/rules.h"

#include <iterator>

namespace pchat::topology {
namespace {

std::vector<Rule> gather() {
    std::vector<Rule> all;
    for (const std::span<const Rule> family :
         {shape_rules(),          reference_rules(),     edition_rules(),   collocation_rules(),
          pool_shape_rules(),     pool_network_rules(),  pool_site_rules(), capacity_rules(),
          sql_sharing_rules(),    sql_neighbour_rules(), sql_rules(),       mirroring_rules(),
          mirror_partner_rules(), backup_rules(),        ha_rules(),        file_rules(),
          network_rules(),        compliance_rules(),    ownership_rules(), acceptance_rules()})
        all.insert(all.end(), family.begin(), family.end());
    return all;
}

}  // namespace

std::span<const Rule> static_rules() {
    static const std::vector<Rule> all = gather();
    return all;
}

const Rule* find_rule(std::string_view id) {
    for (const std::span<const Rule> table : {static_rules(), transition_rules()})
        for (const Rule& rule : table)
            if (equal_ignoring_case(rule.id, id))
                return &rule;
    return nullptr;
}

std::vector<Diagnostic> judge(const Parsed& parsed, const JudgeOptions& options) {
    std::vector<Diagnostic> found = parsed.problems;
    if (!parsed.readable)
        return found;
    const Located<Ruleset>& own = parsed.model.spec.ruleset;
    const Ruleset ruleset = options.ruleset != nullptr ? *options.ruleset : *own;
    // With the document's ruleset unreadable, only what holds under both of them is said.
    const bool undecided = options.ruleset == nullptr && !own.known();
    const Directory directory{parsed.model};
    Report report{ruleset, options.today};
    for (const Rule& rule : static_rules()) {
        if (rule.check == nullptr || (undecided && rule.sfb2015 != rule.lync2013))
            continue;
        report.speak_for(rule);
        rule.check(directory, report);
    }
    std::vector<Diagnostic> judged = report.take();
    found.insert(
        found.end(), std::make_move_iterator(judged.begin()), std::make_move_iterator(judged.end())
    );
    apply_acceptances(parsed.model.spec, report, found);
    sort_by_place(found);
    return found;
}

}  // namespace pchat::topology
