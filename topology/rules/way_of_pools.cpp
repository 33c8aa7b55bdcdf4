// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/way.h"
#include "topology/rules/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

bool is_kind(const Pool& pool, PoolKind kind) {
    return pool.kind.given() && *pool.kind == kind;
}

std::vector<const Machine*> new_machines(const PoolStep& step) {
    std::vector<const Machine*> out;
    for (const Machine& machine : step.after->machines)
        if (find_machine(*step.before, machine.fqdn) == nullptr)
            out.push_back(&machine);
    return out;
}

bool grows(const PoolStep& step) {
    return step.before->machines.known() && step.after->machines.known() &&
           step.after->machines.size() > step.before->machines.size();
}

std::string names_of(const std::vector<const Machine*>& machines) {
    std::vector<std::string> names;
    names.reserve(machines.size());
    for (const Machine* machine : machines)
        names.push_back(*machine->fqdn);
    return listed(names);
}

constexpr std::string_view start_anew =
    "define a new pool of kind multiple beside it, make the rooms there (pchatctl estate export, "
    "then estate apply), and remove this one last; messages stay in the old database";

// One machine more than there was, or the promise of more.
void refuse_growth(
    const PoolStep& step, std::string_view reason, std::string hint, Report& report
) {
    const auto fresh = new_machines(step);
    const bool more = grows(step) && !fresh.empty();
    report.add(
        {.at = more ? fresh.front()->fqdn.at : step.after->kind.at,
         .subject = subject(*step.after),
         .message = more ? fmt::format(
                               "{} was a single pool and would get {}: {}",
                               subject(*step.before),
                               names_of(fresh),
                               reason
                           )
                         : fmt::format(
                               "{} was a single pool and would become a multiple one: {}",
                               subject(*step.before),
                               reason
                           ),
         .hint = std::move(hint)}
    );
}

void check_growth(const Way& way, WayReport& report) {
    for (const PoolStep& step : way.pools) {
        if (!is_kind(*step.before, PoolKind::single) || !step.after->kind.given())
            continue;
        const std::string who = subject(*step.after);
        const Machine* collocated = way.before.collocated_machine(*step.before);
        const bool turns = is_kind(*step.after, PoolKind::multiple);
        if (collocated != nullptr && (grows(step) || turns)) {
            refuse_growth(
                step,
                fmt::format(
                    "its first machine {} is a Standard Edition front end", *collocated->fqdn
                ),
                std::string{start_anew},
                report.findings
            );
            for (const std::string_view rule : {"POOL-02", "ED-02", "ED-03"})
                report.supersedes.push_back({std::string{rule}, who});
        } else if (grows(step) && report.findings.ruleset() == Ruleset::lync2013) {
            refuse_growth(
                step,
                "under lync2013 a single pool never grows",
                std::string{start_anew},
                report.findings
            );
            report.supersedes.push_back({"POOL-02", who});
        } else if (grows(step) && !turns) {
            refuse_growth(
                step,
                "it has to become a multiple one first",
                fmt::format(
                    "write 'kind: multiple', give it a name of its own and 'renamedFrom: {}'",
                    *step.before->fqdn
                ),
                report.findings
            );
            report.supersedes.push_back({"POOL-02", who});
        }
    }
}

void check_kind(const Way& way, WayReport& report) {
    for (const PoolStep& step : way.pools) {
        const std::string who = subject(*step.after);
        if (is_kind(*step.before, PoolKind::multiple) && is_kind(*step.after, PoolKind::single)) {
            report.findings.add(
                {.at = step.after->kind.at,
                 .subject = who,
                 .message = fmt::format(
                     "{} is a multiple pool and cannot become a single one", subject(*step.before)
                 ),
                 .hint = "leave 'kind: multiple', it may have one machine; or define a new single "
                         "pool and move the rooms to it"}
            );
            for (const std::string_view rule : {"POOL-02", "POOL-03", "POOL-04", "HA-07"})
                report.supersedes.push_back({std::string{rule}, who});
            continue;
        }
        // Growth, and the pool on a Standard Edition server, are the business of POOL-01.
        const bool turns =
            is_kind(*step.before, PoolKind::single) && is_kind(*step.after, PoolKind::multiple);
        if (!turns || grows(step) || report.findings.ruleset() != Ruleset::lync2013 ||
            way.before.collocated_machine(*step.before) != nullptr)
            continue;
        report.findings.add(
            {.at = step.after->kind.at,
             .subject = who,
             .message = fmt::format(
                 "{} was defined as a single pool: under lync2013 it stays one",
                 subject(*step.before)
             ),
             .hint = std::string{start_anew}}
        );
    }
}

std::vector<const Machine*> active_in(const Pool& pool) {
    std::vector<const Machine*> out;
    for (const Machine& machine : pool.machines)
        if (*machine.active)
            out.push_back(&machine);
    return out;
}

std::string way_to_replace(
    const Way& way, const PoolStep& step, const std::vector<const Machine*>& fresh, Ruleset ruleset
) {
    const std::string& serving = *active_in(*step.before).front()->fqdn;
    const bool single = is_kind(*step.before, PoolKind::single);
    const bool stuck = way.before.collocated_machine(*step.before) != nullptr;
    if (stuck && !fresh.empty())
        return std::string{start_anew};
    if (single && is_kind(*step.after, PoolKind::single))
        return ruleset == Ruleset::lync2013 ? std::string{start_anew}
                                            : fmt::format(
                                                  "make the pool multiple first (renamedFrom) and "
                                                  "keep {} in it; remove {} in a later step",
                                                  serving,
                                                  serving
                                              );
    if (fresh.empty())
        return fmt::format("leave at least one of them active, for example {}", serving);
    return fmt::format(
        "publish {} beside {} first, then take {} out in a second step",
        names_of(fresh),
        serving,
        serving
    );
}

void check_continuity(const Way& way, WayReport& report) {
    for (const PoolStep& step : way.pools) {
        if (!Directory::countable(*step.before) || !Directory::countable(*step.after))
            continue;
        const auto serving = active_in(*step.before);
        const auto later = active_in(*step.after);
        const bool stays = std::any_of(serving.begin(), serving.end(), [&](const Machine* machine) {
            const Machine* same = find_machine(*step.after, machine->fqdn);
            return same != nullptr && *same->active;
        });
        // Where a pool on a Standard Edition server tries to grow, POOL-01 has said all.
        const bool refused = way.before.collocated_machine(*step.before) != nullptr &&
                             (grows(step) || is_kind(*step.after, PoolKind::multiple));
        if (serving.empty() || stays || refused)
            continue;
        Span at = step.after->machines.at;
        if (!later.empty())
            at = later.front()->fqdn.at;
        else if (!step.after->machines.empty())
            at = step.after->machines.items.front().active.at;
        report.findings.add(
            {.at = at,
             .subject = subject(*step.after),
             .message = fmt::format(
                 "no machine that serves {} now would go on serving it: {} {}",
                 subject(*step.before),
                 names_of(serving),
                 serving.size() == 1 ? "is the only active one" : "are the active ones"
             ),
             .hint = way_to_replace(way, step, later, report.findings.ruleset())}
        );
        if (later.empty())
            report.supersedes.push_back({"POOL-09", subject(*step.after)});
    }
}

constexpr std::array rules{
    WayRule{
        .rule =
            {.id = "POOL-01",
             .title = "a single pool gets more machines",
             .why = "The sources contradict each other. The Lync Server 2013 page says twice that "
                    "a pool started with a single server never gets another, so under lync2013 "
                    "that is always an error. The 2015 page forbids it only where the first server "
                    "is a Standard Edition front end, and advises to install the first one "
                    "standalone, so that more can be added later; the help of its Topology Builder "
                    "still says never. Under sfb2015 the page is followed: a single pool on its "
                    "own machine may become a multiple one. Because a single pool bears the name "
                    "of its machine and a multiple one must not, growing renames it, and "
                    "'renamedFrom' carries its rooms over.",
             .source = "Lync Server 2013: Components and topologies for Persistent Chat Server; "
                       "Skype for Business Server 2015: Plan Persistent Chat Server topology",
             .fix = "Under sfb2015 write 'kind: multiple', a new pool name and 'renamedFrom' with "
                    "the old one. Otherwise define a new pool and move the rooms. To avoid all "
                    "this, begin with 'kind: multiple' and one machine.",
             .origin = Origin::page},
        .check = check_growth},
    WayRule{
        .rule =
            {.id = "WAY-01",
             .title = "the kind of a pool changes",
             .why =
                 "The kind is decided when a pool is defined. A multiple pool shares its database, "
                 "file store and bus among its machines and has a name of its own, which clients "
                 "and certificates know; nothing leads back from there. From single to multiple "
                 "leads one way under sfb2015 (POOL-01), and none under lync2013.",
             .source = "Lync Server 2013: Components and topologies for Persistent Chat Server; "
                       "Skype for Business Server 2015: Topology Builder help",
             .fix = "Leave the kind; a multiple pool may have one machine. Otherwise define a new "
                    "pool and move the rooms."},
        .check = check_kind},
    WayRule{
        .rule =
            {.id = "WAY-04",
             .title = "no machine that serves a pool now goes on serving it",
             .why =
                 "When all active machines change at once, every session of the pool ends in the "
                 "same moment, and if the new machines do not come up, nothing is left to go back "
                 "to. With one that stays, users move over, and the change can stop half-way.",
             .source = "this project",
             .fix = "Add the new machines first and publish; then set the old ones to 'active: "
                    "false' or remove them, and publish again.",
             .origin = Origin::ours},
        .check = check_continuity},
};

}  // namespace

std::span<const WayRule> pool_way_rules() {
    return rules;
}

}  // namespace pchat::topology
