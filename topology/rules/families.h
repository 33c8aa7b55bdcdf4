// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/rules/rules.h"

#include <span>

namespace pchat::topology {

// One function per rule family, with the file that has it. static_rules() strings them together in
// the order of the catalogue; nothing registers itself.

// shape.cpp: SHAPE-*, judged while the document is read
std::span<const Rule> shape_rules();
// references.cpp: REF-*, names that refer and names that clash
std::span<const Rule> reference_rules();
// editions.cpp: ED-01..07, front ends and what shares their machine
std::span<const Rule> edition_rules();
// collocation.cpp: ED-08..12, what else runs where
std::span<const Rule> collocation_rules();
// pool_shape.cpp: POOL-02..09, kind, name and machines
std::span<const Rule> pool_shape_rules();
// pool_network.cpp: POOL-10..13, display name, ports, next hop
std::span<const Rule> pool_network_rules();
// pool_site.cpp: POOL-14..20, sites, domains, time zones, addresses
std::span<const Rule> pool_site_rules();
// capacity_rules.cpp: CAP-*
std::span<const Rule> capacity_rules();
// sql_sharing.cpp: SQL-01..03, one of each kind
std::span<const Rule> sql_sharing_rules();
// sql_neighbours.cpp: SQL-04..07, what stands beside what
std::span<const Rule> sql_neighbour_rules();
// sql_instances.cpp: SQL-08..12, each instance by itself
std::span<const Rule> sql_rules();
// mirroring.cpp: HA-01..03, mirrors and witnesses
std::span<const Rule> mirroring_rules();
// mirror_partners.cpp: HA-04 and HA-05, what they have in common
std::span<const Rule> mirror_partner_rules();
// backups.cpp: HA-06..10, copies for the loss of a data center
std::span<const Rule> backup_rules();
// availability.cpp: HA-11..16, stretched pools
std::span<const Rule> ha_rules();
// files.cpp: FS-*
std::span<const Rule> file_rules();
// network.cpp: NET-*, names
std::span<const Rule> network_rules();
// compliance.cpp: COMP-*
std::span<const Rule> compliance_rules();
// ownership.cpp: OWN-01..04, sqlite, credentials, unused things
std::span<const Rule> ownership_rules();
// acceptance.cpp: OWN-05 and OWN-06, accepted warnings
std::span<const Rule> acceptance_rules();

}  // namespace pchat::topology
