// SPDX-License-Identifier: Apache-2.0
// How a pool is met: its display name, its ports and the front end that routes to it.
#include "base/unicode.h"
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"
#include "topology/rules/wording.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t\n");
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(" \t\n") - first + 1);
}

void empty_display_name(const Pool& pool, Report& report) {
    if (!pool.display_name.given() || !trimmed(*pool.display_name).empty())
        return;
    report.error({
        .at = pool.display_name.at,
        .subject = subject(pool),
        .message = fmt::format("the display name of {} is empty", subject(pool)),
        .hint = "write the name that people shall see in their room list",
    });
}

void repeated_display_name(const Pool& pool, const Pool& earlier, Report& report) {
    report.warning({
        .at = pool.display_name.at,
        .subject = subject(pool),
        .message = fmt::format(
            "{} is called \"{}\" like {}", subject(pool), *pool.display_name, subject(earlier)
        ),
        .hint = "give each pool a display name that people can tell apart",
        .notes = {{earlier.display_name.at, fmt::format("{} here", subject(earlier))}},
    });
}

void display_names(const Directory& all, Report& report) {
    const List<Pool>& pools = all.spec().pools;
    for (auto pool = pools.begin(); pool != pools.end(); ++pool) {
        empty_display_name(*pool, report);
        const auto twin = std::find_if(pools.begin(), pool, [&](const Pool& earlier) {
            const std::string_view name = trimmed(*pool->display_name);
            return !name.empty() && equal_ignoring_case(trimmed(*earlier.display_name), name) &&
                   !same_host(earlier.fqdn, pool->fqdn);
        });
        if (twin != pool)
            repeated_display_name(*pool, *twin, report);
    }
}

struct NamedPort {
    std::string_view key;
    const Number& number;
    std::int64_t usual;
};

std::array<NamedPort, 4> ports_of(const Ports& ports) {
    static const Ports usual{};
    return {
        NamedPort{"sip", ports.sip, *usual.sip},
        NamedPort{"bus", ports.bus, *usual.bus},
        NamedPort{"https", ports.https, *usual.https},
        NamedPort{"busClient", ports.bus_client, *usual.bus_client}};
}

void clashing_ports(const Pool& pool, const NamedPort& a, const NamedPort& b, Report& report) {
    const bool both_read = a.number.known() && b.number.known();
    const bool one_written = a.number.given() || b.number.given();
    if (!both_read || !one_written || *a.number != *b.number)
        return;
    const bool blame_b =
        b.number.given() && (!a.number.given() || b.number.at.begin > a.number.at.begin);
    const NamedPort& blamed = blame_b ? b : a;
    const NamedPort& other = blame_b ? a : b;
    Report::Finding finding{
        .at = blamed.number.at,
        .subject = subject(pool),
        .message = fmt::format(
            "port {} of {} is both {} and {}{}",
            *blamed.number,
            subject(pool),
            blamed.key,
            other.key,
            other.number.given() ? std::string{} : fmt::format(", {} by default", other.key)
        ),
        .hint =
            *blamed.number == blamed.usual
                ? fmt::format("choose another port for {}", other.key)
                : fmt::format(
                      "choose another port for {}; {} is the usual one", blamed.key, blamed.usual
                  )};
    if (other.number.given())
        finding.notes.push_back({other.number.at, fmt::format("{} here", other.key)});
    report.add(std::move(finding));
}

bool taken_by_front_end(std::int64_t port) {
    return port == 443 || port == 444 || (port >= 5060 && port <= 5087);
}

// Of a pool that shares a Standard Edition server as it should; where it should not, ED-01 and
// ED-03 tell to move it, and then its ports are free.
void ports_beside_front_end(const Directory& all, const Pool& pool, Report& report) {
    const Machine* machine = all.collocated_machine(pool);
    const bool multiple = pool.kind.given() && *pool.kind == PoolKind::multiple;
    if (machine == nullptr || multiple || pool.machines.size() > 1)
        return;
    for (const NamedPort& port : ports_of(pool.ports)) {
        if (!port.number.known() || !taken_by_front_end(*port.number))
            continue;
        const std::int64_t free = taken_by_front_end(port.usual) ? 8443 : port.usual;
        report.add({
            .at = port.number.given() ? port.number.at : machine->at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} port {} of {} is taken by the front end on {}{}",
                port.key,
                *port.number,
                subject(pool),
                *machine->fqdn,
                port.number.given() ? "" : " (it is the default)"
            ),
            .hint = pool.ports.given() ? fmt::format("write {}: {} under ports", port.key, free)
                                       : fmt::format("write ports: {{{}: {}}}", port.key, free),
        });
    }
}

void port_collisions(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const auto ports = ports_of(pool.ports);
        for (const auto* second = ports.begin(); second != ports.end(); ++second)
            for (const auto* first = ports.begin(); first != second; ++first)
                clashing_ports(pool, *first, *second, report);
        ports_beside_front_end(all, pool, report);
    }
}

Report::Finding no_front_end(const Directory& all, const Pool& pool) {
    Report::Finding finding{.at = pool.next_hop.at, .subject = subject(pool)};
    if (pool.next_hop->empty()) {
        finding.message = fmt::format("the next hop of {} is empty", subject(pool));
        finding.hint = "name the front end that routes to the pool";
        return finding;
    }
    const std::string what = fmt::format("next hop {} of {}", *pool.next_hop, subject(pool));
    if (const FrontEnd* owner = all.front_end_on(pool.next_hop)) {
        finding.message = fmt::format("{} is only a machine of {}", what, subject(*owner));
        finding.hint = fmt::format("write nextHop: {}", *owner->fqdn);
        return finding;
    }
    std::vector<std::string> names;
    for (const FrontEnd& front_end : all.spec().front_ends)
        names.push_back(*front_end.fqdn);
    finding.message = fmt::format("{} is not a front end of this document", what);
    finding.hint =
        fmt::format("name one of frontEnds ({}), or add {} there", listed(names), *pool.next_hop);
    finding.remark = did_you_mean(*pool.next_hop, {names.begin(), names.end()});
    return finding;
}

void next_hop_is_a_front_end(const Directory& all, Report& report) {
    const List<FrontEnd>& front_ends = all.spec().front_ends;
    const bool all_named =
        std::all_of(front_ends.begin(), front_ends.end(), [](const FrontEnd& front_end) {
            return front_end.fqdn.given();
        });
    // Without front ends that could be read, their absence is the finding (ED-07, SHAPE-03).
    const bool searchable = front_ends.known() && !front_ends.empty() && all_named;
    for (const Pool& pool : all.spec().pools) {
        const bool empty = pool.next_hop.given() && pool.next_hop->empty();
        const bool lost =
            pool.next_hop.given() && searchable && all.front_end(pool.next_hop) == nullptr;
        if (empty || lost)
            report.add(no_front_end(all, pool));
    }
}

void next_hop_is_not_older(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const FrontEnd* next_hop = all.front_end(pool.next_hop);
        if (next_hop == nullptr || !next_hop->version.given() ||
            *next_hop->version != Version::v2013)
            continue;
        report.add({
            .at = pool.next_hop.at,
            .subject = subject(pool),
            .message = fmt::format(
                "next hop {} of {} is version 2013, older than the pool under ruleset sfb2015",
                *next_hop->fqdn,
                subject(pool)
            ),
            .hint = "route the pool through a front end of version 2015, or write ruleset: "
                    "lync2013 for a deployment of 2013",
            .notes = {{next_hop->version.at, "its version"}},
        });
    }
}

constexpr std::array rules{
    Rule{
        .id = "POOL-10",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "a pool has no display name, or one that another pool has too",
        .why = "The display name is what people see where they choose rooms. Without one the pool "
               "cannot be published, an error; with the same one twice nobody can tell two pools "
               "apart, a warning.",
        .source = "Topology Builder, define the pool",
        .fix = "Give each pool a short display name of its own.",
        .check = display_names},
    Rule{
        .id = "POOL-11",
        .title = "a port of a pool is missing, no port number, or taken",
        .why =
            "A pool listens for its next hop, for its own servers, for browsers and for its bus "
            "node, each on a port of its own from 1 to 65535. A Standard Edition front end on the "
            "same machine holds 443, 444 and 5060 to 5087; there the pool's web port has to "
            "move. On a machine of its own the defaults are right.",
        .source = "Skype for Business Server 2015 and Lync Server 2013, port requirements",
        .fix = "Choose a free port under 'ports'; beside a front end, 'https: 8443' is usual.",
        .check = port_collisions},
    Rule{
        .id = "POOL-12",
        .title = "the next hop of a pool is missing or not a front end",
        .why =
            "The product routes every request to a pool through one front end, the next hop; the "
            "two depend on each other from the first day. pchatd signs users in by itself, but "
            "the next hop still decides by its edition and version what the pool may be.",
        .source = "Skype for Business Server 2015, plan Persistent Chat, architecture",
        .fix = "Name a front end that is listed under 'frontEnds', by its 'fqdn'.",
        .origin = Origin::page,
        .check = next_hop_is_a_front_end},
    Rule{
        .id = "POOL-13",
        .lync2013 = Level::off,
        .title = "the next hop of a pool is older than the pool",
        .why = "A pool speaks with a front end of its own generation or a newer one. Lync Server "
               "2013 says the same of 2010, which a document cannot even name; so under 'lync2013' "
               "there is nothing to find.",
        .source = "Lync Server 2013, coexistence and migration of Persistent Chat",
        .fix = "Route the pool through a front end of version 2015, or judge the deployment under "
               "'ruleset: lync2013'.",
        .check = next_hop_is_not_older},
};

}  // namespace

std::span<const Rule> pool_network_rules() {
    return rules;
}

}  // namespace pchat::topology
