// SPDX-License-Identifier: Apache-2.0
#include "topology/transition.h"

#include "topology/changes.h"
#include "topology/rules/directory.h"
#include "topology/rules/report.h"
#include "topology/rules/way.h"

#include <algorithm>

namespace pchat::topology {
namespace {

std::vector<Renaming> renamings(const Way& way) {
    std::vector<Renaming> out;
    for (const PoolStep& step : way.pools)
        if (!same_host(step.before->fqdn, step.after->fqdn))
            out.push_back({*step.before->fqdn, *step.after->fqdn});
    return out;
}

}  // namespace

Transition compare(const Parsed& before, const Parsed& after, const JudgeOptions& options) {
    const Directory old_things{before.model};
    const Directory new_things{after.model};
    const Way way = make_way(old_things, new_things);
    const Ruleset ruleset =
        options.ruleset != nullptr ? *options.ruleset : *after.model.spec.ruleset;
    Transition out;
    out.changes = list_changes(before.document, after.document, renamings(way));
    Report report{ruleset, options.today};
    WayReport findings{report, out.supersedes};
    for (const std::span<const WayRule> family :
         {pool_way_rules(), name_way_rules(), store_way_rules()})
        for (const WayRule& rule : family) {
            report.speak_for(rule.rule);
            rule.check(way, findings);
        }
    out.findings = report.take();
    sort_by_place(out.findings);
    return out;
}

void drop_superseded(const Transition& way, std::vector<Diagnostic>& findings) {
    std::erase_if(findings, [&](const Diagnostic& finding) {
        return std::any_of(
            way.supersedes.begin(),
            way.supersedes.end(),
            [&](const Superseded& better) {
                return better.rule == finding.rule && better.subject == finding.subject;
            }
        );
    });
}

}  // namespace pchat::topology
