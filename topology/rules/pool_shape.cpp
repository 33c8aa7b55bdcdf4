// SPDX-License-Identifier: Apache-2.0
#include "topology/capacity.h"
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/wording.h"
#include "topology/thousands.h"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace pchat::topology {
namespace {

bool is_kind(const Pool& pool, PoolKind kind) {
    return pool.kind.given() && *pool.kind == kind;
}

bool has_machine(const Pool& pool, const Text& fqdn) {
    for (const Machine& machine : pool.machines)
        if (same_host(machine.fqdn, fqdn))
            return true;
    return false;
}

// The caret of a list that may stand over many lines goes to one machine of it.
Span place_of_machine(const Pool& pool, std::size_t index) {
    return pool.machines.items[index].at;
}

void kind_fits_machines(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        // ED-03 speaks for a pool on a Standard Edition server: there more machines are no way out.
        if (!is_kind(pool, PoolKind::single) || !pool.machines.known() ||
            pool.machines.size() < 2 || all.collocated_machine(pool) != nullptr)
            continue;
        report.add({
            .at = pool.kind.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} is of kind single, but has {} machines", subject(pool), pool.machines.size()
            ),
            .hint = has_machine(pool, pool.fqdn)
                        ? "write kind: multiple and give the pool a name of its own, or keep one "
                          "machine"
                        : "write kind: multiple, or keep one machine",
            .notes = {{place_of_machine(pool, 1), "the second machine"}},
        });
    }
}

void room_to_grow(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        if (!is_kind(pool, PoolKind::single) || !pool.machines.known() ||
            pool.machines.size() != 1 || all.perhaps_collocated(pool))
            continue;
        report.add({
            .at = pool.kind.at,
            .subject = subject(pool),
            .message = fmt::format("{} is of kind single and has no room to grow", subject(pool)),
            .hint = "write kind: multiple with a name apart from the machine's, even for one "
                    "machine; or accept POOL-03",
        });
    }
}

void single_is_named_like_its_machine(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        // ED-02 asks the same of a pool on a Standard Edition server, for its own reason.
        if (!is_kind(pool, PoolKind::single) || !pool.machines.known() ||
            pool.machines.size() != 1 || all.collocated_machine(pool) != nullptr)
            continue;
        const Text& machine = pool.machines.items.front().fqdn;
        if (!pool.fqdn.given() || !machine.given() || same_host(pool.fqdn, machine))
            continue;
        report.add({
            .at = pool.fqdn.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} is of kind single and must be named like its machine, {}",
                subject(pool),
                *machine
            ),
            .hint = fmt::format(
                "write fqdn: {} here, or kind: multiple to keep a name of its own", *machine
            ),
            .notes = {{machine.at, "its machine"}},
        });
    }
}

void multiple_has_its_own_name(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        if (!is_kind(pool, PoolKind::multiple) || !pool.fqdn.given())
            continue;
        const Machine* on_front_end = all.collocated_machine(pool);
        for (const Machine& machine : pool.machines) {
            // On a Standard Edition server the kind is what is wrong: ED-03.
            if (!same_host(machine.fqdn, pool.fqdn) || &machine == on_front_end)
                continue;
            report.add({
                .at = pool.fqdn.at,
                .subject = subject(pool),
                .message =
                    fmt::format("{} is of kind multiple, but named like a machine", subject(pool)),
                .hint = "give the pool a name of its own, with one DNS record for each machine",
                .notes = {{machine.fqdn.at, "the machine"}},
            });
            break;
        }
    }
}

void at_most_eight_machines(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        if (pool.machines.size() <= machines_max)
            continue;
        report.add({
            .at = place_of_machine(pool, machines_max),
            .subject = subject(pool),
            .message = fmt::format(
                "{} has {} machines, {} is the limit",
                subject(pool),
                pool.machines.size(),
                machines_max
            ),
            .hint = fmt::format(
                "remove {}; a second pool adds no capacity, all pools together serve {} users",
                counted(pool.machines.size() - machines_max, "machine"),
                with_thousands(users_over_all)
            ),
        });
    }
}

void at_most_four_active(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        std::vector<const Machine*> active;
        for (const Machine& machine : pool.machines)
            if (machine.active.known() && *machine.active)
                active.push_back(&machine);
        if (active.size() <= active_machines_max)
            continue;
        const Machine& first_too_many = *active[active_machines_max];
        const std::size_t excess = active.size() - active_machines_max;
        report.add({
            .at = first_too_many.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} has {} active machines, {} is the limit",
                subject(pool),
                active.size(),
                active_machines_max
            ),
            .hint = fmt::format(
                "put {} on standby with active: false, or remove {}",
                excess == 1 && stated(first_too_many.fqdn) ? *first_too_many.fqdn
                                                           : counted(excess, "machine"),
                excess == 1 ? "it" : "them"
            ),
        });
    }
}

void standby_needs_a_backup(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        if (pool.machines.size() <= active_machines_max || !pool.databases.known() ||
            !pool.databases.backup_content.absent())
            continue;
        report.add({
            .at = pool.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} has {} machines but no backup database, so the ones past {} can never take "
                "over",
                subject(pool),
                pool.machines.size(),
                active_machines_max
            ),
            .hint = "name an instance of the other data center as databases.backupContent, or keep "
                    "four "
                    "machines",
        });
    }
}

void somebody_is_active(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        if (pool.machines.empty() || !Directory::countable(pool) ||
            Directory::active_machines(pool) > 0)
            continue;
        const Machine& first = pool.machines.items.front();
        report.add({
            .at = first.active.at,
            .subject = subject(pool),
            .message = fmt::format(
                "no machine of {} is active, so nobody can use its rooms", subject(pool)
            ),
            .hint = fmt::format("make at least one active, such as {}", *first.fqdn),
        });
    }
}

constexpr std::array rules{
    Rule{
        .id = "POOL-02",
        .title = "the kind of a pool does not fit the number of its machines",
        .why =
            "A single pool is one machine that bears the pool's name; a multiple pool has a name "
            "of its own and at least one machine behind it.",
        .source = "Topology Builder, define the pool",
        .fix = "Write 'kind: multiple' for several machines, or keep one.",
        .check = kind_fits_machines},
    Rule{
        .id = "POOL-03",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "a pool is of kind single",
        .why =
            "The kind decides whether the pool can grow. Lync Server 2013 never lets a single "
            "pool grow and advises a multiple pool even for one server. Skype for Business Server "
            "2015 advises a first server that stands alone so that others can follow, while its "
            "guide to adding servers still says to remove and define the pool anew; here a "
            "single pool may become a multiple one under 'sfb2015', at the price of a new pool "
            "name (POOL-01). Starting with 'multiple' costs nothing and spares the renaming. On a "
            "Standard Edition server a pool can only be single; there the rule is silent.",
        .source =
            "Lync Server 2013, components and topologies; Skype for Business Server 2015, plan "
            "the topology",
        .fix = "Write 'kind: multiple' and choose a pool name apart from the machine's; or accept "
               "the warning for a deployment that stays small.",
        .origin = Origin::page,
        .check = room_to_grow},
    Rule{
        .id = "POOL-04",
        .title = "a single pool is not named like its machine",
        .why =
            "A single pool has no name of its own: clients, certificates and the next hop use the "
            "machine's.",
        .source = "Topology Builder, define the pool's FQDN",
        .fix = "Name the pool like its machine, or make it a multiple pool.",
        .check = single_is_named_like_its_machine},
    Rule{
        .id = "POOL-05",
        .title = "a multiple pool is named like one of its machines",
        .why = "The name of a multiple pool resolves to all its machines. Were it the name of one, "
               "nobody could tell the machine from the pool, neither DNS nor a certificate.",
        .source = "Topology Builder, define the pool's FQDN",
        .fix = "Give the pool a name of its own, with one A or AAAA record for each machine.",
        .check = multiple_has_its_own_name},
    Rule{
        .id = "POOL-06",
        .title = "a pool has more than eight machines",
        .why =
            "Four machines serve and four more can stand by in the other data center; the product "
            "was not tested with more.",
        .source =
            "Lync Server 2013, components and topologies; Skype for Business Server 2015, plan "
            "the topology",
        .fix = "Keep at most eight machines, four of them active.",
        .origin = Origin::page,
        .check = at_most_eight_machines},
    Rule{
        .id = "POOL-07",
        .title = "a pool has more than four active machines",
        .why = "Four servers with 20,000 users each make the 80,000 concurrent users that the role "
               "is built for. Others may be in the pool, but only on standby.",
        .source =
            "Lync Server 2013, components and topologies; Skype for Business Server 2015, plan "
            "the topology",
        .fix = "Put the machines past the fourth on standby with 'active: false', or remove them.",
        .origin = Origin::page,
        .check = at_most_four_active},
    Rule{
        .id = "POOL-08",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "a pool has standby machines but no backup database",
        .why = "More than four machines are meant for disaster recovery, where the standby half "
               "works on the backup of the databases. Without one it waits for a failover that "
               "cannot happen.",
        .source =
            "Lync Server 2013, components and topologies; Skype for Business Server 2015, plan "
            "the topology",
        .fix = "Add a backup instance and the log shipping share, or keep four machines.",
        .origin = Origin::page,
        .check = standby_needs_a_backup},
    Rule{
        .id = "POOL-09",
        .title = "no machine of a pool is active",
        .why = "A pool without an active machine serves nobody. While a failback runs the list of "
               "active machines is empty for a time; that is a step in the running system, not a "
               "state to publish.",
        .source = "Topology Builder, active servers; Set-CsPersistentChatActiveServer",
        .fix = "Leave at least one machine active.",
        .check = somebody_is_active},
};

}  // namespace

std::span<const Rule> pool_shape_rules() {
    return rules;
}

}  // namespace pchat::topology
