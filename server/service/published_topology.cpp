// SPDX-License-Identifier: Apache-2.0
#include "server/service/published_topology.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "topology/effective.h"
#include "topology/parse.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat {
namespace {

bool same(std::string_view a, std::string_view b) {
    return fold_case(a) == fold_case(b);
}

tl::unexpected<Error> unknown(
    std::string_view reason,
    std::string_view kind,
    std::string_view name,
    const std::vector<std::string_view>& known,
    std::string_view field
) {
    const auto meant = nearest(name, known);
    std::string hint;
    if (meant)
        hint = fmt::format("did you mean '{}'?", *meant);
    else if (known.size() <= 10)
        hint = fmt::format("it has: {}", fmt::join(known, ", "));
    else
        hint = "add it there first: pchatctl topology publish";
    return fail_as(
        reason,
        Errc::invalid,
        fmt::format("{} '{}' is not in the topology as published", kind, printable(name)),
        std::move(hint),
        field
    );
}

template <class List, class Name>
std::vector<std::string_view> names_of(const List& list, const Name& name) {
    std::vector<std::string_view> out;
    for (const auto& one : list)
        out.push_back(one.*name);
    return out;
}

}  // namespace

const PublishedTopology::Site* PublishedTopology::site(std::string_view name) const {
    const auto found = std::find_if(sites.begin(), sites.end(), [&](const Site& one) {
        return same(one.name, name);
    });
    return found == sites.end() ? nullptr : &*found;
}

const PublishedTopology::Pool* PublishedTopology::pool(std::string_view fqdn) const {
    const auto found = std::find_if(pools.begin(), pools.end(), [&](const Pool& one) {
        return same(one.fqdn, fqdn);
    });
    return found == pools.end() ? nullptr : &*found;
}

const PublishedTopology::Machine* PublishedTopology::machine(
    std::string_view pool_name, std::string_view fqdn
) const {
    const Pool* of = pool(pool_name);
    if (of == nullptr)
        return nullptr;
    const auto found =
        std::find_if(of->machines.begin(), of->machines.end(), [&](const Machine& one) {
            return same(one.fqdn, fqdn);
        });
    return found == of->machines.end() ? nullptr : &*found;
}

std::string_view PublishedTopology::default_pool(std::string_view name) const {
    const Site* where = site(name);
    if (where != nullptr && !where->default_pool.empty())
        return where->default_pool;
    for (const Pool& one : pools)
        if (one.all_sites)
            return one.fqdn;
    return {};
}

PublishedTopology read_published(const TopologyVersion& published) {
    PublishedTopology out;
    out.version = published.version;
    const topology::Topology model =
        topology::effective(topology::parse("published", published.document).model);
    for (const topology::Site& site : model.spec.sites.items)
        if (!site.name->empty())
            out.sites.push_back({*site.name, *site.default_pool});
    for (const topology::Pool& pool : model.spec.pools.items) {
        if (pool.fqdn->empty())
            continue;
        out.pools.push_back(
            {*pool.fqdn, *pool.site, *pool.all_sites, *pool.capacity.concurrent_users, {}}
        );
        for (const topology::Machine& machine : pool.machines.items)
            out.pools.back().machines.push_back({*machine.fqdn, *machine.active});
    }
    for (const topology::Text& domain : model.spec.sip_domains.items)
        if (!domain->empty())
            out.sip_domains.push_back(*domain);
    return out;
}

Result<void> check_site(
    const PublishedTopology& topology, std::string_view site, std::string_view field
) {
    if (topology.version == 0 || topology.site(site) != nullptr)
        return {};
    return unknown(
        "site-not-found",
        "site",
        site,
        names_of(topology.sites, &PublishedTopology::Site::name),
        field
    );
}

Result<void> check_pool(
    const PublishedTopology& topology, std::string_view fqdn, std::string_view field
) {
    if (topology.version == 0 || topology.pool(fqdn) != nullptr)
        return {};
    return unknown(
        "pool-not-found",
        "pool",
        fqdn,
        names_of(topology.pools, &PublishedTopology::Pool::fqdn),
        field
    );
}

Result<void> check_sip_domain(
    const PublishedTopology& topology, std::string_view address, std::string_view field
) {
    const std::string_view domain = address.substr(std::min(address.find('@') + 1, address.size()));
    const bool known =
        std::any_of(topology.sip_domains.begin(), topology.sip_domains.end(), [&](const auto& one) {
            return same(one, domain);
        });
    if (topology.version == 0 || known)
        return {};
    const std::vector<std::string_view> domains{
        topology.sip_domains.begin(), topology.sip_domains.end()};
    return unknown("domain-not-found", "SIP domain", domain, domains, field);
}

}  // namespace pchat
