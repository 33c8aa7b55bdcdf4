// SPDX-License-Identifier: Apache-2.0
#include "topology/picture.h"

#include "base/unicode.h"
#include "topology/picture_builder.h"
#include "topology/thousands.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {

std::string_view to_string(BoxKind kind) {
    switch (kind) {
    case BoxKind::front_end:
        return "front end";
    case BoxKind::machine_active:
        return "active machine";
    case BoxKind::machine_standby:
        return "standby machine";
    case BoxKind::database:
        return "database instance";
    case BoxKind::file_store:
        return "file store";
    case BoxKind::other_server:
        return "other server";
    case BoxKind::missing:
        return "not in the document";
    }
    return "";
}

std::string_view to_string(EdgeKind kind) {
    switch (kind) {
    case EdgeKind::next_hop:
        return "next hop";
    case EdgeKind::database:
        return "database of the pool";
    case EdgeKind::backup:
        return "backup (log shipping)";
    case EdgeKind::back_end:
        return "back end of the front end";
    case EdgeKind::mirror:
        return "mirror";
    case EdgeKind::witness:
        return "witness";
    case EdgeKind::files:
        return "files";
    }
    return "";
}

namespace {

std::string link_fact(const Link& link) {
    std::string between;
    for (const Text& name : link.between)
        between += (between.empty() ? "" : " to ") + printable(*name);
    std::string fact = fmt::format("link {}", between);
    if (link.bandwidth.given())
        fact += *link.bandwidth == Bandwidth::high ? ", high bandwidth" : ", low bandwidth";
    if (link.latency_ms.given())
        fact += fmt::format(", {} ms", *link.latency_ms);
    return fact;
}

std::vector<std::string> facts_of(const Topology& topology) {
    const Spec& spec = topology.spec;
    std::vector<std::string> facts;
    if (!topology.metadata.description->empty())
        facts.push_back(printable(*topology.metadata.description));
    if (!spec.domain->empty())
        facts.push_back("domain " + printable(*spec.domain));
    facts.emplace_back(
        *spec.ruleset == Ruleset::lync2013 ? "rules of Lync Server 2013"
                                           : "rules of Skype for Business Server 2015"
    );
    if (*spec.production)
        facts.emplace_back("production");
    if (spec.capacity.provisioned_users.given())
        facts.push_back(with_thousands(*spec.capacity.provisioned_users) + " users provisioned");
    if (spec.capacity.concurrent_users.given())
        facts.push_back(with_thousands(*spec.capacity.concurrent_users) + " at the same time");
    for (const Link& link : spec.links)
        facts.push_back(link_fact(link));
    return facts;
}

}  // namespace

Picture make_picture(const Topology& topology) {
    PictureBuilder builder(topology);
    builder.add_pools();
    builder.add_front_ends();
    builder.add_unused();
    builder.add_other_servers();
    Picture picture = builder.take();
    const std::string name = printable(*topology.metadata.name);
    picture.title = name.empty() ? "Persistent chat topology" : name + ": persistent chat topology";
    picture.facts = facts_of(topology);
    return picture;
}

}  // namespace pchat::topology
