// SPDX-License-Identifier: Apache-2.0
#include "topology/capacity.h"
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/thousands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pchat::topology {
namespace {

const FrontEndMachine* machine_named(const FrontEnd& front_end, const Text& fqdn) {
    for (const FrontEndMachine& machine : front_end.machines)
        if (same_host(machine.fqdn, fqdn))
            return &machine;
    return nullptr;
}

DiagnosticNote has_this_machine(const FrontEnd& front_end, const Text& fqdn) {
    const FrontEndMachine* machine = machine_named(front_end, fqdn);
    return {
        machine != nullptr ? machine->fqdn.at : front_end.at,
        fmt::format("{} has this machine, here", subject(front_end))};
}

void no_enterprise_machine(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        for (const Machine& machine : pool.machines) {
            const FrontEnd* front_end = all.front_end_on(machine.fqdn);
            if (front_end == nullptr || !front_end->edition.given() ||
                *front_end->edition != Edition::enterprise)
                continue;
            report.add({
                .at = machine.fqdn.at,
                .subject = subject(pool),
                .message = fmt::format(
                    "machine {} of {} is an Enterprise Edition front end already",
                    *machine.fqdn,
                    subject(pool)
                ),
                .hint = "give the pool a host of its own for this machine; only a Standard Edition "
                        "front end can run a pool as well",
                .notes = {has_this_machine(*front_end, machine.fqdn)},
            });
        }
    }
}

// A pool on a Standard Edition server is that one machine and nothing else; what is said of its
// name (ED-02) makes sense only then.
bool more_than_the_server(const Pool& pool) {
    const bool multiple = pool.kind.given() && *pool.kind == PoolKind::multiple;
    return multiple || pool.machines.size() > 1;
}

void server_gives_the_name(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Machine* machine = all.collocated_machine(pool);
        if (machine == nullptr || !pool.fqdn.given() || !pool.kind.known() ||
            !pool.machines.known() || more_than_the_server(pool) ||
            same_host(pool.fqdn, machine->fqdn))
            continue;
        report.add({
            .at = pool.fqdn.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} runs on Standard Edition server {} and must bear its name",
                subject(pool),
                *machine->fqdn
            ),
            .hint = fmt::format(
                "write fqdn: {} here, or give the pool a machine of its own", *machine->fqdn
            ),
            .notes = {has_this_machine(*all.front_end_on(machine->fqdn), machine->fqdn)},
        });
    }
}

// Which way the pool outgrew the server, and the way back.
Report::Finding outgrown(const Pool& pool, const Machine& machine) {
    if (pool.machines.size() > 1)
        return {
            .at = machine.fqdn.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} has {} machines, but {} is a Standard Edition front end and carries a pool "
                "only alone",
                subject(pool),
                pool.machines.size(),
                *machine.fqdn
            ),
            .hint = fmt::format(
                "take {} out of the pool and leave it as the next hop, or keep no other machine "
                "beside it",
                *machine.fqdn
            )};
    const std::string name = same_host(pool.fqdn, machine.fqdn)
                                 ? std::string{}
                                 : fmt::format(" and fqdn: {}", *machine.fqdn);
    return {
        .at = pool.kind.at,
        .subject = subject(pool),
        .message = fmt::format(
            "{} is of kind multiple, but its machine is Standard Edition front end {}",
            subject(pool),
            *machine.fqdn
        ),
        .hint = fmt::format("write kind: single{}, or give the pool a host of its own", name)};
}

void server_stays_alone(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Machine* machine = all.collocated_machine(pool);
        if (machine == nullptr || !more_than_the_server(pool))
            continue;
        Report::Finding finding = outgrown(pool, *machine);
        finding.notes.push_back(has_this_machine(*all.front_end_on(machine->fqdn), machine->fqdn));
        report.add(std::move(finding));
    }
}

void standard_is_for_trials(const Directory& all, Report& report) {
    const Flag& production = all.spec().production;
    if (!production.given() || !*production)
        return;
    for (const Pool& pool : all.spec().pools) {
        if (!all.hangs_on_standard(pool))
            continue;
        const Machine* machine = all.collocated_machine(pool);
        const Text& server = machine != nullptr ? machine->fqdn : pool.next_hop;
        report.add({
            .at = server.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} is in production, but {} Standard Edition server {}",
                subject(pool),
                machine != nullptr ? "runs on" : "depends on",
                *server
            ),
            .hint = "route it through an Enterprise Edition front end, or accept ED-04 with the "
                    "reason why one server is enough",
            .notes = {{production.at, "production: true is here"}},
        });
    }
}

// One thing of a pool that only makes sense where there is high availability.
struct Spare {
    Span at;
    std::string what;
    const SqlInstance* on_express = nullptr;
};

std::vector<Spare> spares_of(const Directory& all, const Pool& pool) {
    std::vector<Spare> spares;
    std::vector<const SqlInstance*> seen;
    for (const DatabasePlace& place : all.databases()) {
        const SqlInstance& instance = *place.instance;
        if (place.pool != &pool || std::find(seen.begin(), seen.end(), &instance) != seen.end())
            continue;
        seen.push_back(&instance);
        const bool is_express =
            instance.edition.given() && *instance.edition == SqlEdition::express;
        const SqlInstance* express = is_express ? &instance : nullptr;
        if (instance.mirror.given())
            spares.push_back({instance.mirror.at, "a mirror", express});
        if (instance.witness.given())
            spares.push_back({instance.witness.at, "a witness", express});
    }
    // A backup of a single pool is wrong with any edition: HA-07 says so.
    if (!pool.kind.given() || *pool.kind == PoolKind::single)
        return spares;
    if (pool.databases.backup_content.given())
        spares.push_back({pool.databases.backup_content.at, "a backup of the content database"});
    if (pool.databases.backup_compliance.given())
        spares.push_back(
            {pool.databases.backup_compliance.at, "a backup of the compliance database"}
        );
    return spares;
}

void standard_has_no_spare(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        if (!all.hangs_on_standard(pool))
            continue;
        std::vector<Spare> spares = spares_of(all, pool);
        if (spares.empty())
            continue;
        // One finding for the pool, at its gravest spare: the others go with it.
        std::stable_partition(spares.begin(), spares.end(), [](const Spare& spare) {
            return spare.on_express != nullptr;
        });
        Report::Finding finding{
            .at = spares.front().at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} hangs on a Standard Edition server, where {} brings no high availability",
                subject(pool),
                spares.front().what
            ),
            .hint = "leave it out, or move the pool behind an Enterprise Edition front end"};
        for (std::size_t i = 1; i < spares.size(); ++i)
            finding.notes.push_back({spares[i].at, fmt::format("and {} here", spares[i].what)});
        if (spares.front().on_express == nullptr) {
            report.warning(std::move(finding));
            continue;
        }
        finding.message = fmt::format(
            "{} of {} is SQL Server Express, which cannot have {}",
            subject(*spares.front().on_express),
            subject(pool),
            spares.front().what
        );
        report.error(std::move(finding));
    }
}

void standard_carries_20000(const Directory& all, Report& report) {
    for (const FrontEnd& server : all.spec().front_ends) {
        const std::int64_t users = all.users_carried_by(server);
        if (users <= users_per_server)
            continue;
        std::vector<DiagnosticNote> notes;
        for (const Pool& pool : all.spec().pools) {
            const Number* planned = all.planned_users(pool);
            if (planned == nullptr || all.standard_carrier(pool) != &server)
                continue;
            notes.push_back(
                {planned->at,
                 fmt::format("{} of them for {}", with_thousands(**planned), subject(pool))}
            );
        }
        const Span at = notes.front().at;
        if (notes.size() == 1)
            notes.clear();
        report.add({
            .at = at,
            .subject = subject(server),
            .message = fmt::format(
                "{} concurrent users are planned on Standard Edition server {}, {} is its limit",
                with_thousands(users),
                *server.fqdn,
                with_thousands(users_per_server)
            ),
            .hint = "plan fewer, or give the pool machines of its own behind an Enterprise Edition "
                    "front end: one active machine for each 20,000 users",
            .notes = std::move(notes),
        });
    }
}

constexpr std::array rules{
    Rule{
        .id = "ED-01",
        .title = "a machine of a pool is an Enterprise Edition front end",
        .why =
            "Enterprise Edition front ends are built to scale out and share their state; the chat "
            "role was never made to run inside one. Both products say so, without exception.",
        .source =
            "Lync Server 2013, components and topologies; Skype for Business Server 2015, plan "
            "the topology",
        .fix = "Put the pool on machines of its own and keep the front end as its next hop. Only a "
               "Standard Edition front end can run a pool as well.",
        .origin = Origin::page,
        .check = no_enterprise_machine},
    Rule{
        .id = "ED-02",
        .title = "a pool on a Standard Edition server bears another name than the server",
        .why = "On a Standard Edition server all roles share one machine and one name; clients and "
               "the next hop reach the pool under the server's own name, and its certificate holds "
               "no other.",
        .source = "Lync Server 2013 and Skype for Business Server 2015, add Persistent Chat to the "
                  "topology",
        .fix = "Name the pool like the server, or give it a machine and a name of its own.",
        .check = server_gives_the_name},
    Rule{
        .id = "ED-03",
        .title = "a pool on a Standard Edition server is made for more than that one machine",
        .why = "Skype for Business Server 2015 says it outright: when the first machine is shared "
               "with a Standard Edition front end, none can be added. Lync Server 2013 does not "
               "mention the case, but there a pool that began with one machine never grows at all, "
               "so the outcome is the same.",
        .source = "Skype for Business Server 2015, plan the topology; Lync Server 2013, components "
                  "and topologies",
        .fix =
            "Move the pool to machines of its own, with the Standard Edition server as next hop; "
            "or keep it on the server as a single pool.",
        .origin = Origin::page,
        .check = server_stays_alone},
    Rule{
        .id = "ED-04",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "a production pool hangs on a Standard Edition server",
        .why =
            "Standard Edition is meant for trials and proofs of concept: performance and scale "
            "suffer, and there is no high availability. Whether that matters is yours to say, so "
            "the rule speaks only under 'production: true'.",
        .source = "Skype for Business Server 2015, plan the topology",
        .fix =
            "Route the pool through an Enterprise Edition front end, or accept the warning with a "
            "reason.",
        .origin = Origin::page,
        .check = standard_is_for_trials},
    Rule{
        .id = "ED-05",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "a pool that hangs on a Standard Edition server has a mirror, witness or backup",
        .why =
            "One server routes for the pool; when it is gone, a second copy of the database helps "
            "nobody. That is a warning. Where the copy is of an SQL Server Express instance it is "
            "an error: Express can be a witness, never a partner of a mirror.",
        .source =
            "Skype for Business Server 2015, plan the topology; SQL Server, features by edition",
        .fix =
            "Leave the spare out, or move the pool behind an Enterprise Edition front end and its "
            "databases to an instance of SQL Server Standard or Enterprise.",
        .origin = Origin::page,
        .check = standard_has_no_spare},
    Rule{
        .id = "ED-06",
        .lync2013 = Level::off,
        .title = "more than 20,000 concurrent users are planned on a Standard Edition server",
        .why =
            "The hardware guide of 2015 gives a Standard Edition server 20,000 concurrent users "
            "and an Enterprise Edition deployment 80,000. More chat machines behind the server do "
            "not help: all pools that it routes for count together. The guide of 2013 gives no "
            "figure by edition; there only the limit per machine holds (CAP-01).",
        .source = "Skype for Business Server 2015, hardware and software requirements",
        .fix = "Plan fewer users, or route the pool through an Enterprise Edition front end.",
        .check = standard_carries_20000},
    Rule{
        .id = "ED-07",
        .title = "there is no front end",
        .why = "Persistent Chat is a role beside an existing deployment, never one by itself: a "
               "front end registers the users and routes their requests to the pool.",
        .source =
            "Lync Server 2013, components and topologies; Skype for Business Server 2015, plan "
            "Persistent Chat",
        .fix = "List at least one front end pool or Standard Edition server under 'frontEnds'.",
        .origin = Origin::page,
        .check = nullptr},
};

}  // namespace

std::span<const Rule> edition_rules() {
    return rules;
}

}  // namespace pchat::topology
