// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/deployment.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What a server takes from the topology as published. Version 0: none is; then every site, pool
/// and SIP domain is good.
struct PublishedTopology {
    struct Site {
        std::string name;
        std::string default_pool;
    };
    struct Machine {
        std::string fqdn;
        bool active = true;
    };
    struct Pool {
        std::string fqdn;
        std::string site;
        bool all_sites = false;
        std::int64_t concurrent_users = 0;  // 0: not planned
        std::vector<Machine> machines;
    };
    std::int64_t version = 0;
    std::vector<Site> sites;
    std::vector<Pool> pools;
    std::vector<std::string> sip_domains;

    /// Null when the topology does not have it.
    [[nodiscard]] const Site* site(std::string_view name) const;
    [[nodiscard]] const Pool* pool(std::string_view fqdn) const;
    /// Of that pool; null when it is none of its machines.
    [[nodiscard]] const Machine* machine(std::string_view pool, std::string_view fqdn) const;
    /// Where users of the site belong: its own pool, else the one that is for all sites. Empty when
    /// the topology does not say.
    [[nodiscard]] std::string_view default_pool(std::string_view site) const;
};

/// Also of a document that a newer server has published: what cannot be read is left out.
PublishedTopology read_published(const TopologyVersion& published);

// For what is about to be written: names that the topology does not have are refused, with the
// nearest that it has. `field` is a literal.

Result<void> check_site(
    const PublishedTopology& topology, std::string_view site, std::string_view field
);
Result<void> check_pool(
    const PublishedTopology& topology, std::string_view fqdn, std::string_view field
);
/// `address`: user@domain.
Result<void> check_sip_domain(
    const PublishedTopology& topology, std::string_view address, std::string_view field
);

}  // namespace pchat
