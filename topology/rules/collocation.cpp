// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/directory.h"
#include "topology/rules/families.h"
#include "topology/rules/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace pchat::topology {
namespace {

struct RoleName {
    std::string_view value;  // as in otherServers[].roles
    std::string_view shown;
};

// Roles that are installed as servers of their own.
constexpr std::array own_server_roles{
    RoleName{"director", "Director"},
    RoleName{"edge", "Edge"},
    RoleName{"mediation", "Mediation"},
    RoleName{"officeWebApps", "Office Web Apps"}};
constexpr RoleName video_interop{"videoInterop", "Video Interop"};  // new in 2015

// Products that never share a server with this role.
constexpr std::array foreign_roles{
    RoleName{"exchangeUm", "Exchange Unified Messaging"},
    RoleName{"sharePoint", "SharePoint"},
    RoleName{"reverseProxy", "reverse proxy"}};

struct RoleOnMachine {
    const Pool& pool;
    const Machine& machine;
    const Text& role;
    std::string_view shown;
};

template <class F>
void for_each_role_on_a_pool_machine(
    const Directory& all, std::span<const RoleName> roles, F&& with
) {
    for (const OtherServer& server : all.spec().other_servers)
        for (const Pool& pool : all.spec().pools)
            for (const Machine& machine : pool.machines) {
                if (!same_host(server.fqdn, machine.fqdn))
                    continue;
                for (const Text& role : server.roles)
                    for (const RoleName& known : roles)
                        if (role.given() && *role == known.value)
                            with(RoleOnMachine{pool, machine, role, known.shown});
            }
}

void report_role(Report& report, const RoleOnMachine& found) {
    report.add({
        .at = found.role.at,
        .subject = subject(found.pool),
        .message = fmt::format(
            "{} runs the {} role, but is a machine of {}",
            *found.machine.fqdn,
            found.shown,
            subject(found.pool)
        ),
        .hint = fmt::format("give the {} role a host of its own", found.shown),
        .notes =
            {{found.machine.fqdn.at,
              fmt::format("{} has this machine, here", subject(found.pool))}},
    });
}

void roles_with_servers_of_their_own(const Directory& all, Report& report) {
    const auto put = [&](const RoleOnMachine& found) { report_role(report, found); };
    for_each_role_on_a_pool_machine(all, own_server_roles, put);
    if (report.ruleset() == Ruleset::sfb2015)
        for_each_role_on_a_pool_machine(all, {&video_interop, 1}, put);
}

void roles_of_other_products(const Directory& all, Report& report) {
    for_each_role_on_a_pool_machine(all, foreign_roles, [&](const RoleOnMachine& found) {
        report_role(report, found);
    });
}

void dropped_in_2019(const Directory& all, Report& report) {
    for (const FrontEnd& front_end : all.spec().front_ends) {
        if (!front_end.version.given() || *front_end.version != Version::v2019)
            continue;
        report.add({
            .at = front_end.version.at,
            .subject = subject(front_end),
            .message =
                fmt::format("{} is version 2019, which has no Persistent Chat", subject(front_end)),
            .hint = "keep a front end of version 2015 for the pools",
        });
    }
}

void standard_is_one_machine(const FrontEnd& server, Report& report) {
    if (!server.edition.given() || *server.edition != Edition::standard ||
        server.machines.size() < 2)
        return;
    report.add({
        .at = server.machines.items[1].at,
        .subject = subject(server),
        .message = fmt::format(
            "{} is Standard Edition with {} machines, it is always one",
            subject(server),
            server.machines.size()
        ),
        .hint = "list each Standard Edition server as a front end of its own, or write "
                "edition: enterprise",
    });
}

void lync_standard_routes_to_one(const Directory& all, const Pool& pool, Report& report) {
    const FrontEnd* next_hop = all.front_end(pool.next_hop);
    const bool shares_a_front_end =
        std::any_of(pool.machines.begin(), pool.machines.end(), [&](const Machine& machine) {
            return all.front_end_on(machine.fqdn) != nullptr;
        });
    // ED-01 and ED-03 speak for a shared machine; POOL-02 for a single pool with several.
    if (next_hop == nullptr || shares_a_front_end || !next_hop->edition.given() ||
        *next_hop->edition != Edition::standard || pool.machines.size() < 2 || !pool.kind.given() ||
        *pool.kind != PoolKind::multiple)
        return;
    report.add({
        .at = pool.next_hop.at,
        .subject = subject(pool),
        .message = fmt::format(
            "{} has {} machines, but its next hop {} is a Standard Edition server, which lync2013 "
            "supports with one",
            subject(pool),
            pool.machines.size(),
            *pool.next_hop
        ),
        .hint = "keep one machine, or route the pool through an Enterprise Edition front end",
        .notes = {{next_hop->edition.at, fmt::format("the edition of {}", *next_hop->fqdn)}},
    });
}

void only_supported_shapes(const Directory& all, Report& report) {
    for (const FrontEnd& front_end : all.spec().front_ends)
        standard_is_one_machine(front_end, report);
    if (report.ruleset() != Ruleset::lync2013)
        return;
    for (const Pool& pool : all.spec().pools)
        lync_standard_routes_to_one(all, pool, report);
}

void one_pool_per_machine(const Directory& all, Report& report) {
    const List<Pool>& pools = all.spec().pools;
    for (auto later = pools.begin(); later != pools.end(); ++later)
        for (const Machine& machine : later->machines) {
            if (all.front_end_on(machine.fqdn) != nullptr)
                continue;
            for (auto first = pools.begin(); first != later; ++first) {
                const auto twin = std::find_if(
                    first->machines.begin(),
                    first->machines.end(),
                    [&](const Machine& other) { return same_host(other.fqdn, machine.fqdn); }
                );
                // The same pool written twice is REF-02's finding, not one for each machine.
                if (twin == first->machines.end() || same_host(first->fqdn, later->fqdn))
                    continue;
                report.add({
                    .at = machine.fqdn.at,
                    .subject = subject(*later),
                    .message = fmt::format(
                        "machine {} of {} belongs to {} already",
                        *machine.fqdn,
                        subject(*later),
                        subject(*first)
                    ),
                    .hint = "take it out of one of the two; a machine serves one pool",
                    .notes = {{twin->fqdn.at, fmt::format("in {} here", subject(*first))}},
                });
                break;
            }
        }
}

constexpr std::array rules{
    Rule{
        .id = "ED-08",
        .title = "a machine of a pool also runs a role that needs a server of its own",
        .why =
            "Director, Edge, stand-alone Mediation and Office Web Apps are installed on servers "
            "of their own, with their own ports, certificates and place in the network. Skype for "
            "Business Server 2015 adds Video Interop to the list; under 'lync2013' that role does "
            "not exist and is not judged.",
        .source = "Lync Server 2013, supported server collocation; Skype for Business Server 2015, "
                  "topology basics",
        .fix = "Give one of the two a host of its own.",
        .check = roles_with_servers_of_their_own},
    Rule{
        .id = "ED-09",
        .title = "a machine of a pool also runs Exchange, SharePoint or a reverse proxy",
        .why = "Other server products bring their own web server settings, service accounts and "
               "patch days; none of them was ever supported beside this role.",
        .source = "Lync Server 2013, supported server collocation; Skype for Business Server 2015, "
                  "topology basics",
        .fix = "Give one of the two a host of its own.",
        .check = roles_of_other_products},
    Rule{
        .id = "ED-10",
        .title = "a front end is of version 2019",
        .why = "Persistent Chat ended with version 2015: the release of 2019 dropped the role and "
               "points its users to Teams. A front end of 2019 may be part of the network, but "
               "nothing here can hang on it.",
        .source = "Skype for Business Server 2015, plan Persistent Chat",
        .fix =
            "Keep a front end of version 2015 for the pools and take the one of 2019 out of this "
            "document.",
        .origin = Origin::page,
        .check = dropped_in_2019},
    Rule{
        .id = "ED-11",
        .title = "front end and pool form a topology that is not on the list of supported ones",
        .why =
            "Both products list what they support. 2015: a pool on the Standard Edition server "
            "itself, a pool beside a Standard Edition server, one or several machines behind "
            "Enterprise Edition. 2013: one or several machines behind Enterprise Edition, the "
            "Standard Edition server itself, and one separate server with Standard Edition as its "
            "next hop. They differ in one point: 2015 lets the pool beside a Standard Edition "
            "server grow, 2013 speaks of a single server there. So several machines behind a "
            "Standard Edition server are an error under 'lync2013' and fine under 'sfb2015'; one "
            "machine of kind 'multiple' is fine under both, as 2013 itself advises that kind. A "
            "Standard Edition server with several machines is none at all. Which front end a pool "
            "on "
            "a Standard Edition server names as its next hop is left open by both. What other "
            "rules say "
            "more closely (ED-01, ED-03, POOL-02) is not said again here.",
        .source = "Skype for Business Server 2015, plan the topology; Lync Server 2013, components "
                  "and topologies",
        .fix = "Route the pool through an Enterprise Edition front end, or keep it at one machine.",
        .origin = Origin::page,
        .check = only_supported_shapes},
    Rule{
        .id = "ED-12",
        .title = "a machine belongs to two pools",
        .why = "The servers of a pool are alike and share its databases, ports and certificate. A "
               "machine in two pools would need two of everything under one name. Machines shared "
               "with a front end are the business of ED-01 to ED-03.",
        .source = "Lync Server 2013, supported server collocation; Skype for Business Server 2015, "
                  "topology basics",
        .fix = "Take the machine out of one of the pools.",
        .check = one_pool_per_machine},
};

}  // namespace

std::span<const Rule> collocation_rules() {
    return rules;
}

}  // namespace pchat::topology
