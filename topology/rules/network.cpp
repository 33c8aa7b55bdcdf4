// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/host_name.h"
#include "topology/rules/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

// A name, what bears it, and what it may be.
struct BorneName {
    const Text& name;
    std::string bearer;  // "pool pchat.contoso.example", "the deployment"
    NameKind kind;
};

std::vector<BorneName> names_of_hosts(const Spec& spec) {
    std::vector<BorneName> names;
    const auto host = [&](const Text& name, std::string bearer) {
        names.push_back({name, std::move(bearer), NameKind::host});
    };
    for (const FrontEnd& front_end : spec.front_ends) {
        host(front_end.fqdn, "a front end");
        for (const FrontEndMachine& machine : front_end.machines)
            host(machine.fqdn, fmt::format("a machine of {}", subject(front_end)));
    }
    for (const OtherServer& server : spec.other_servers)
        host(server.fqdn, "another server");
    for (const FileStore& store : spec.file_stores)
        host(store.server, fmt::format("the server of {}", subject(store)));
    for (const Pool& pool : spec.pools) {
        host(pool.fqdn, "a pool");
        for (const Machine& machine : pool.machines)
            host(machine.fqdn, fmt::format("a machine of {}", subject(pool)));
    }
    return names;
}

std::vector<BorneName> names_of_domains(const Spec& spec) {
    std::vector<BorneName> names;
    const auto domain = [&](const Text& name, std::string bearer) {
        names.push_back({name, std::move(bearer), NameKind::domain});
    };
    domain(spec.domain, "the deployment's domain");
    for (const Text& name : spec.sip_domains)
        domain(name, "a SIP domain");
    for (const FrontEnd& front_end : spec.front_ends)
        domain(front_end.domain, fmt::format("the domain of {}", subject(front_end)));
    for (const Pool& pool : spec.pools)
        for (const Machine& machine : pool.machines)
            domain(machine.domain, fmt::format("the domain of {}", subject(machine)));
    return names;
}

void names_are_well_formed(const Directory& all, Report& report) {
    const auto judge = [&](const std::vector<BorneName>& names) {
        for (const BorneName& borne : names) {
            if (!borne.name.given())
                continue;
            const auto flaw = flaw_of_name(*borne.name, borne.kind, *all.spec().domain);
            if (!flaw)
                continue;
            report.add({
                .at = borne.name.at,
                .subject = borne.bearer,
                .message =
                    fmt::format("\"{}\" cannot name {}: {}", *borne.name, borne.bearer, flaw->what),
                .hint = flaw->hint,
            });
        }
    };
    judge(names_of_hosts(all.spec()));
    judge(names_of_domains(all.spec()));
}

// Something that is one machine.
struct HostName {
    const Text& name;
    std::string what;  // "a machine of front end fe.contoso.example"
    const FileStore* store = nullptr;
};

std::vector<HostName> host_names(const Spec& spec) {
    std::vector<HostName> hosts;
    const auto host = [&](const Text& name, std::string what, const FileStore* store = nullptr) {
        hosts.push_back({name, std::move(what), store});
    };
    for (const FrontEnd& front_end : spec.front_ends)
        for (const FrontEndMachine& machine : front_end.machines)
            host(machine.fqdn, fmt::format("a machine of {}", subject(front_end)));
    for (const Pool& pool : spec.pools)
        for (const Machine& machine : pool.machines)
            host(machine.fqdn, fmt::format("a machine of {}", subject(pool)));
    for (const OtherServer& server : spec.other_servers)
        host(server.fqdn, "another server");
    for (const SqlInstance& instance : spec.sql_instances)
        host(instance.server, fmt::format("the server of {}", subject(instance)));
    for (const FileStore& store : spec.file_stores)
        host(store.server, fmt::format("the server of {}", subject(store)), &store);
    return hosts;
}

void report_clash(
    Report& report, const Text& name, const std::string& owner, const HostName& host
) {
    report.add({
        .at = host.name.at,
        .subject = owner,
        .message = fmt::format("{} is {}, but also the name of {}", *host.name, host.what, owner),
        .hint = "give one of them another name; the name of a pool stands for all its machines",
        .notes = {{name.at, fmt::format("{} here", owner)}},
    });
}

// A Standard Edition server is its machine and goes by one name.
bool is_the_server_itself(const Directory& all, const FrontEnd& front_end) {
    const bool enterprise = front_end.edition.given() && *front_end.edition == Edition::enterprise;
    return !enterprise &&
           (front_end.machines.empty() || all.front_end_on(front_end.fqdn) == &front_end);
}

void front_end_is_no_host(const Directory& all, const FrontEnd& front_end, Report& report) {
    if (is_the_server_itself(all, front_end))
        return;
    if (all.front_end_on(front_end.fqdn) == &front_end) {
        report.add({
            .at = front_end.fqdn.at,
            .subject = subject(front_end),
            .message = fmt::format(
                "{} is Enterprise Edition, but named like its own machine", subject(front_end)
            ),
            .hint = "give the front end a name of its own, which stands for all its machines",
        });
        return;
    }
    for (const HostName& host : host_names(all.spec())) {
        // A share on a front end pool is for FS-03.
        if (!same_host(host.name, front_end.fqdn) || host.store != nullptr)
            continue;
        report_clash(report, front_end.fqdn, subject(front_end), host);
        return;
    }
}

bool has_machine_of_its_name(const Pool& pool) {
    return std::any_of(pool.machines.begin(), pool.machines.end(), [&](const Machine& machine) {
        return same_host(machine.fqdn, pool.fqdn);
    });
}

void pool_is_nothing_else(const Directory& all, const Pool& pool, Report& report) {
    // A single pool bears its machine's name (POOL-04, ED-02), a multiple one must not (POOL-05).
    if (!pool.kind.given() || *pool.kind != PoolKind::multiple || has_machine_of_its_name(pool))
        return;
    if (const FrontEnd* front_end = all.front_end(pool.fqdn)) {
        report.add({
            .at = pool.fqdn.at,
            .subject = subject(pool),
            .message = fmt::format("{} has the name of {}", subject(pool), subject(*front_end)),
            .hint = "give the pool a name of its own",
            .notes = {{front_end->fqdn.at, fmt::format("{} here", subject(*front_end))}},
        });
        return;
    }
    for (const HostName& host : host_names(all.spec())) {
        if (!same_host(host.name, pool.fqdn))
            continue;
        report_clash(report, pool.fqdn, subject(pool), host);
        return;
    }
}

void one_front_end_per_machine(const Directory& all, const FrontEnd& front_end, Report& report) {
    for (const FrontEndMachine& machine : front_end.machines) {
        const FrontEnd* first = all.front_end_on(machine.fqdn);
        // The same front end written twice is REF-02's finding.
        if (first == nullptr || first == &front_end || same_host(first->fqdn, front_end.fqdn))
            continue;
        report.add({
            .at = machine.at,
            .subject = subject(front_end),
            .message = fmt::format(
                "machine {} of {} belongs to {} already",
                *machine.fqdn,
                subject(front_end),
                subject(*first)
            ),
            .hint = "take it out of one of the two",
            .notes = {{first->at, fmt::format("{} here", subject(*first))}},
        });
    }
}

void one_name_one_thing(const Directory& all, Report& report) {
    for (const FrontEnd& front_end : all.spec().front_ends) {
        front_end_is_no_host(all, front_end, report);
        one_front_end_per_machine(all, front_end, report);
    }
    for (const Pool& pool : all.spec().pools)
        pool_is_nothing_else(all, pool, report);
}

constexpr std::array rules{
    Rule{
        .id = "NET-01",
        .title = "a name is no DNS name",
        .why =
            "Names go into DNS, certificates and the directory, and each of them allows letters "
            "A to Z, digits and hyphens only: no underscore, no other script, no part longer than "
            "63 characters. A host is written with its domain, because the short name resolves "
            "differently on every machine; an address is no name, for no certificate is issued "
            "for it. The server of an SQL instance is judged by SQL-12.",
        .source = "Lync Server 2013 and Skype for Business Server 2015, DNS requirements; RFC 1123",
        .fix = "Write the fully qualified name, such as pc1.contoso.example.",
        .check = names_are_well_formed},
    Rule{
        .id = "NET-03",
        .title = "one name is used for two things",
        .why =
            "A pool's name leads to all its machines, a machine's name to one. Where a name means "
            "both, DNS and certificates answer for the wrong one. Allowed are: a single pool "
            "named like its machine, a Standard Edition front end named like its machine, and a "
            "machine that is its own SQL or file server. A machine shared by a pool and a front "
            "end is judged by ED-01 to ED-03, one shared by two pools by ED-12.",
        .source =
            "Topology Builder, define the FQDN; Lync Server 2013 and Skype for Business Server "
            "2015, DNS requirements",
        .fix = "Give one of the two another name.",
        .check = one_name_one_thing},
};

}  // namespace

std::span<const Rule> network_rules() {
    return rules;
}

}  // namespace pchat::topology
