// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/way.h"
#include "topology/rules/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

// The new pool that the removed one probably is, under another name: it has one of its machines.
const Pool* heir_of(const Way& way, const Pool& removed) {
    for (const Pool* pool : way.added)
        for (const Machine& machine : pool->machines)
            if (find_machine(removed, machine.fqdn) != nullptr)
                return pool;
    return nullptr;
}

// Whether POOL-01 or WAY-01 would let the removed pool become this one.
bool may_become(const Way& way, const Pool& removed, const Pool& heir, Ruleset ruleset) {
    const auto is = [](const Pool& pool, PoolKind kind) {
        return pool.kind.given() && *pool.kind == kind;
    };
    if (is(removed, PoolKind::multiple))
        return !is(heir, PoolKind::single);
    const bool bound =
        ruleset == Ruleset::lync2013 || way.before.collocated_machine(removed) != nullptr;
    return !bound || !is(heir, PoolKind::multiple);
}

void check_removal(const Way& way, WayReport& report) {
    const List<Pool>& left = way.after.spec().pools;
    const bool all_named =
        std::all_of(left.begin(), left.end(), [](const Pool& pool) { return pool.fqdn.given(); });
    if (!left.known() || !all_named)
        return;
    for (const Pool* pool : way.removed) {
        const Pool* heir = heir_of(way, *pool);
        // A wrong 'renamedFrom' is WAY-07's finding.
        if (heir != nullptr && !heir->renamed_from.absent() && !heir->renamed_from->empty())
            continue;
        const bool lives_on =
            heir != nullptr && may_become(way, *pool, *heir, report.findings.ruleset());
        const Span list = heir != nullptr ? heir->fqdn.at : left.at;
        report.findings.add(
            {.at = {list.begin, heir != nullptr ? list.end : std::min(list.end, list.begin + 1)},
             .subject = subject(*pool),
             .message = fmt::format(
                 "{} is removed; whether it still has rooms only the running system knows, and "
                 "publish will ask it",
                 subject(*pool)
             ),
             .hint = lives_on ? fmt::format(
                                    "if it lives on as {}, write 'renamedFrom: {}' there",
                                    *heir->fqdn,
                                    *pool->fqdn
                                )
                              : fmt::format(
                                    "look first, at a server of {}: pchatctl room list", *pool->fqdn
                                )}
        );
    }
}

void refuse_name(
    const Pool& pool, std::string message, std::string hint, std::string remark, Report& report
) {
    report.add(
        {.at = pool.renamed_from.at,
         .subject = subject(pool),
         .message = std::move(message),
         .hint = std::move(hint),
         .remark = std::move(remark)}
    );
}

void check_former_name(const Way& way, WayReport& report) {
    const List<Pool>& old_pools = way.before.spec().pools;
    for (const Pool* pool : way.added) {
        const Text& former = pool->renamed_from;
        if (!stated(former))
            continue;
        if (way.after.pool(former) != nullptr) {
            refuse_name(
                *pool,
                fmt::format(
                    "{} says that it was {}, but that one is still there", subject(*pool), *former
                ),
                fmt::format("remove 'renamedFrom', or remove {}", *former),
                "",
                report.findings
            );
            continue;
        }
        const auto taken =
            std::find_if(way.pools.begin(), way.pools.end(), [&](const PoolStep& step) {
                return same_host(step.before->fqdn, former);
            });
        if (taken != way.pools.end()) {
            refuse_name(
                *pool,
                fmt::format(
                    "{} says that it was {}, but {} says so too",
                    subject(*pool),
                    *former,
                    subject(*taken->after)
                ),
                "one pool becomes one pool: remove one 'renamedFrom'",
                "",
                report.findings
            );
            continue;
        }
        const bool all_named = std::all_of(old_pools.begin(), old_pools.end(), [](const Pool& old) {
            return old.fqdn.given();
        });
        if (!old_pools.known() || !all_named)
            continue;
        std::vector<std::string_view> names;
        for (const Pool& old : old_pools)
            names.emplace_back(*old.fqdn);
        refuse_name(
            *pool,
            fmt::format(
                "{} says that it was {}, but there was no such pool", subject(*pool), *former
            ),
            names.empty() ? "remove 'renamedFrom': the old document has no pools"
                          : fmt::format("pools before: {}", fmt::join(names, ", ")),
            did_you_mean(*former, names),
            report.findings
        );
    }
}

constexpr std::array rules{
    WayRule{
        .rule =
            {.id = "WAY-06",
             .sfb2015 = Level::warning,
             .lync2013 = Level::warning,
             .title = "a pool is removed",
             .why = "Rooms, categories and add-ins belong to one pool and go with it. Two "
                    "documents cannot tell whether there are any; 'publish' asks the running "
                    "system and refuses while there are.",
             .source = "Skype for Business Server 2015: Plan for Persistent Chat Server, "
                       "regulatory requirements",
             .fix = "Export or move what is still needed first. If the pool only got another name, "
                    "say so with 'renamedFrom'."},
        .check = check_removal},
    WayRule{
        .rule =
            {.id = "WAY-07",
             .title = "renamedFrom does not name a pool that was there and is gone",
             .why = "'renamedFrom' makes two names one pool: its database, rooms and rights stay. "
                    "With a name that never was, or one that is still in use, a new and empty pool "
                    "would come up instead of the old one. Once the change is published the line "
                    "may stay: it is ignored when the pool already had its new name before.",
             .source = "this project",
             .fix = "Write the name that the pool has in the old document, or remove the line.",
             .origin = Origin::ours},
        .check = check_former_name},
};

}  // namespace

std::span<const WayRule> name_way_rules() {
    return rules;
}

}  // namespace pchat::topology
