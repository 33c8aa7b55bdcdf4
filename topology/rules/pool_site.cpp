// SPDX-License-Identifier: Apache-2.0
// Where a pool stands: its site, its neighbours, the domain, zone and network of its machines.
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

void site_of_pool_exists(const Directory& all, const Pool& pool, Report& report) {
    const List<Site>& sites = all.spec().sites;
    if (!pool.site.given())
        return;
    if (pool.site->empty()) {
        report.error({
            .at = pool.site.at,
            .subject = subject(pool),
            .message = fmt::format("the site of {} is empty", subject(pool)),
            .hint = "name the site that the pool belongs to",
        });
        return;
    }
    // Without sites that could be read, their absence is the finding.
    const bool all_named =
        sites.known() && !sites.empty() &&
        std::all_of(sites.begin(), sites.end(), [](const Site& site) { return site.name.given(); });
    if (!all_named || all.site(pool.site) != nullptr)
        return;
    std::vector<std::string_view> names;
    for (const Site& site : sites)
        names.push_back(*site.name);
    report.error({
        .at = pool.site.at,
        .subject = subject(pool),
        .message =
            fmt::format("site {} of {} is not defined in this document", *pool.site, subject(pool)),
        .hint = fmt::format(
            "name one of sites ({}), or add {{name: {}}} there",
            listed({names.begin(), names.end()}),
            *pool.site
        ),
        .remark = did_you_mean(*pool.site, names),
    });
}

void site_has_default_pool(const Directory& all, const Site& site, Report& report) {
    if (!site.default_pool.known() || stated(site.default_pool) || !site.name.given())
        return;
    const Pool* resident = nullptr;
    for (const Pool& pool : all.spec().pools) {
        // A pool for all sites serves this one too.
        if (!pool.all_sites.known() || *pool.all_sites)
            return;
        if (resident == nullptr && all.site(pool.site) == &site)
            resident = &pool;
    }
    if (resident == nullptr || !resident->fqdn.given())
        return;
    report.warning({
        .at = site.at,
        .subject = subject(site),
        .message = fmt::format(
            "{} has {} but no default pool, so its users are sent to none",
            subject(site),
            subject(*resident)
        ),
        .hint = fmt::format("add defaultPool: {}", *resident->fqdn),
        .notes = {{resident->site.at, "the pool belongs to the site here"}},
    });
}

void sites_and_pools(const Directory& all, Report& report) {
    for (const Site& site : all.spec().sites)
        site_has_default_pool(all, site, report);
    for (const Pool& pool : all.spec().pools)
        site_of_pool_exists(all, pool, report);
}

void one_default_per_site(const Directory& all, Report& report) {
    const Pool* everywhere = nullptr;
    bool contested = false;
    for (const Pool& pool : all.spec().pools) {
        if (!pool.all_sites.given() || !*pool.all_sites)
            continue;
        if (everywhere == nullptr) {
            everywhere = &pool;
            continue;
        }
        contested = true;
        report.error({
            .at = pool.all_sites.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} and {} both want to be the default of every site",
                subject(*everywhere),
                subject(pool)
            ),
            .hint = "keep allSites: true on one of them, and name the other as defaultPool where "
                    "it is meant",
            .notes = {{everywhere->all_sites.at, fmt::format("{} here", subject(*everywhere))}},
        });
    }
    if (everywhere == nullptr || contested)
        return;
    for (const Site& site : all.spec().sites) {
        const Pool* own = all.pool(site.default_pool);
        if (own == nullptr || own == everywhere)
            continue;
        report.warning({
            .at = site.default_pool.at,
            .subject = subject(site),
            .message = fmt::format(
                "{} has {} as its default, but {} is the default of every site",
                subject(site),
                subject(*own),
                subject(*everywhere)
            ),
            .hint = "remove one of the two: allSites leaves no room for exceptions",
            .notes = {{everywhere->all_sites.at, "allSites here"}},
        });
    }
}

bool says_why_apart(const Pool& pool) {
    return !pool.data_residency.known() ||
           pool.data_residency->find_first_not_of(" \t\n") != std::string::npos;
}

void several_pools_have_a_reason(const Directory& all, Report& report) {
    const Pool* main = nullptr;
    for (const Pool& pool : all.spec().pools) {
        if (says_why_apart(pool))
            continue;
        if (main == nullptr) {
            main = &pool;
            continue;
        }
        if (same_host(pool.fqdn, main->fqdn))
            continue;  // REF-02: one pool, written twice
        report.add({
            .at = pool.at,
            .subject = subject(pool),
            .message = fmt::format(
                "{} stands beside {} and does not say why", subject(pool), subject(*main)
            ),
            .hint = "write the reason in dataResidency, or merge the pools: all of them together "
                    "serve 80,000 users, like one",
            .notes = {{main->at, fmt::format("{} here", subject(*main))}},
        });
    }
}

// Empty when it was not written, or could not be read.
std::string_view stated_domain(const Directory& all, const Text& own) {
    const Text& domain = own.absent() ? all.spec().domain : own;
    return domain.given() ? std::string_view{*domain} : std::string_view{};
}

// What machines are measured against: the next hop, or without a usable one the pool's first
// machine.
struct Yardstick {
    std::string_view value;
    std::string owner;
    Span at;
};

Yardstick domain_to_match(const Directory& all, const Pool& pool) {
    if (const FrontEnd* next_hop = all.front_end(pool.next_hop))
        return {
            stated_domain(all, next_hop->domain),
            fmt::format("next hop {}", *next_hop->fqdn),
            next_hop->domain.at};
    if (pool.machines.empty())
        return {};
    const Machine& first = pool.machines.items.front();
    return {stated_domain(all, first.domain), subject(first), first.domain.at};
}

void one_directory_domain(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const Yardstick due = domain_to_match(all, pool);
        if (due.value.empty())
            continue;
        Report::Finding finding;
        for (const Machine& machine : pool.machines) {
            const std::string_view own = stated_domain(all, machine.domain);
            if (own.empty() || equal_ignoring_case(own, due.value))
                continue;
            if (!finding.message.empty()) {
                finding.notes.push_back(
                    {machine.domain.at, fmt::format("{} is in {} too", subject(machine), own)}
                );
                continue;
            }
            finding.at = machine.domain.at;
            finding.subject = subject(pool);
            finding.message = fmt::format(
                "{} of {} is in domain {}, {} in {}",
                subject(machine),
                subject(pool),
                own,
                due.owner,
                due.value
            );
            finding.hint = fmt::format(
                "use machines of {}, or accept POOL-18 where the two domains trust each other",
                due.value
            );
            finding.notes.push_back({due.at, fmt::format("the domain of {}", due.owner)});
        }
        if (!finding.message.empty())
            report.add(std::move(finding));
    }
}

void one_time_zone(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        const FrontEnd* next_hop = all.front_end(pool.next_hop);
        if (next_hop == nullptr || !stated(next_hop->time_zone))
            continue;
        Report::Finding finding;
        for (const Machine& machine : pool.machines) {
            const bool serves = machine.active.known() && *machine.active;
            if (!serves || !stated(machine.time_zone) ||
                equal_ignoring_case(*machine.time_zone, *next_hop->time_zone))
                continue;
            if (!finding.message.empty()) {
                finding.notes.push_back(
                    {machine.time_zone.at,
                     fmt::format("{} is set to {}", subject(machine), *machine.time_zone)}
                );
                continue;
            }
            finding.at = machine.time_zone.at;
            finding.subject = subject(pool);
            finding.message = fmt::format(
                "active {} of {} is set to {}, its next hop to {}",
                subject(machine),
                subject(pool),
                *machine.time_zone,
                *next_hop->time_zone
            );
            finding.hint = fmt::format(
                "set the machine to {}; names are compared as they are written",
                *next_hop->time_zone
            );
            finding.notes.push_back(
                {next_hop->time_zone.at, fmt::format("the zone of next hop {}", *next_hop->fqdn)}
            );
        }
        if (!finding.message.empty())
            report.add(std::move(finding));
    }
}

bool is_ipv6(const Text& address) {
    return address->find(':') != std::string::npos;
}

void one_network_interface(const Directory& all, Report& report) {
    for (const Pool& pool : all.spec().pools) {
        for (const Machine& machine : pool.machines) {
            const auto& addresses = machine.addresses.items;
            const auto second =
                std::find_if(addresses.begin(), addresses.end(), [&](const Text& address) {
                    return std::any_of(addresses.data(), &address, [&](const Text& earlier) {
                        return is_ipv6(earlier) == is_ipv6(address) && *earlier != *address;
                    });
                });
            if (second == addresses.end())
                continue;
            report.add({
                .at = second->at,
                .subject = subject(pool),
                .message = fmt::format(
                    "{} of {} has several {} addresses, so it stands in more than one network",
                    subject(machine),
                    subject(pool),
                    is_ipv6(*second) ? "IPv6" : "IPv4"
                ),
                .hint = "keep the address that the next hop and the other machines use; one of "
                        "each IP version is fine",
            });
        }
    }
}

constexpr std::array rules{
    Rule{
        .id = "POOL-14",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "a pool belongs to no site, or its site has no default pool",
        .why = "Users are sent to the default pool of the site they are homed in. A pool without a "
               "site of this document is an error; a site that has pools but no default leaves its "
               "users without one, a warning.",
        .source = "Topology Builder, define the pool; Set-CsSite -DefaultPersistentChatPool",
        .fix =
            "Name a site from 'sites' in the pool, and the pool as 'defaultPool' of the site; or "
            "write 'allSites: true' in the one pool that serves them all.",
        .check = sites_and_pools},
    Rule{
        .id = "POOL-15",
        .sfb2015 = Level::varies,
        .lync2013 = Level::varies,
        .title = "several pools claim to be the default of a site",
        .why = "A site has one default pool. Two pools for all sites contradict each other, an "
               "error. One pool for all sites beside a site with another default is read in two "
               "ways, a warning: either the site is an exception, or it was forgotten.",
        .source = "Topology Builder, site affinity",
        .fix = "Use 'allSites' on one pool, or 'defaultPool' in each site, but not both.",
        .check = one_default_per_site},
    Rule{
        .id = "POOL-17",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "there are several pools, and they do not say why",
        .why =
            "The topology pages of both products count multiple pools among the supported "
            "topologies and give 80,000 users for each pool. The planning page of 2015 adds that "
            "80,000 hold over all pools: more pools bring no scale, and rooms, categories and "
            "add-ins cannot leave theirs. What speaks for several is a law that keeps data in a "
            "country. So all pools but one must say what keeps them apart.",
        .source =
            "Skype for Business Server 2015, plan Persistent Chat, and plan the topology; Lync "
            "Server 2013, components and topologies",
        .fix = "Write the reason in 'dataResidency', or merge the pools.",
        .origin = Origin::page,
        .check = several_pools_have_a_reason},
    Rule{
        .id = "POOL-18",
        .sfb2015 = Level::warning,
        .lync2013 = Level::warning,
        .title = "machines of a pool and its next hop are in different directory domains",
        .why =
            "Both products advise one domain for the machines of a pool, the front end and the "
            "compliance service; they do not demand it, so this is a warning. A thing without "
            "'domain' counts as being in the deployment's. The compliance service runs on one of "
            "these machines and needs no look of its own.",
        .source =
            "Lync Server 2013, components and topologies; Skype for Business Server 2015, plan "
            "the topology",
        .fix = "Use machines of one domain, or accept the warning where the trust between the "
               "domains is known to work.",
        .origin = Origin::page,
        .check = one_directory_domain},
    Rule{
        .id = "POOL-19",
        .sfb2015 = Level::off,
        .title = "an active machine is set to another time zone than its next hop",
        .why =
            "Lync Server 2013 demands the same time zone on active servers and the pool that "
            "routes to them; Skype for Business Server 2015 no longer mentions it. So this is an "
            "error under 'lync2013' and nothing under 'sfb2015'. Only zones that are written on "
            "both sides are compared, by their names.",
        .source =
            "Lync Server 2013, resources required for high availability and disaster recovery",
        .fix = "Set the machine to the zone of the next hop, or put it on standby.",
        .check = one_time_zone},
    Rule{
        .id = "POOL-20",
        .lync2013 = Level::off,
        .title = "a machine of a pool has several addresses of one IP version",
        .why =
            "Skype for Business Server 2015 does not support a chat server in two networks: the "
            "others might reach it under an address at which it does not answer. Lync Server 2013 "
            "has no such sentence. An IPv4 and an IPv6 address together are one interface and "
            "fine.",
        .source = "Skype for Business Server 2015, hardware and software requirements",
        .fix = "List the one address that the pool is reached under.",
        .check = one_network_interface},
};

}  // namespace

std::span<const Rule> pool_site_rules() {
    return rules;
}

}  // namespace pchat::topology
