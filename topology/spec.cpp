// SPDX-License-Identifier: Apache-2.0
// The field table of the topology document: the reader, the JSON Schema, the flags of `topology
// add|set`, completion and pchat-topology(5) are made from it.
#include "topology/spec_words.h"

namespace pchat::topology {
using namespace spec_words;
namespace {

const Shape& metadata_shape() {
    static const Shape shape{
        "metadata",
        "",
        {required(plain<&Metadata::name>("name", "short name of the deployment")),
         long_text(plain<&Metadata::description>("description", "what it is for"), 4096)}};
    return shape;
}

const Shape& planned_load_shape() {
    static const Shape shape{
        "capacity",
        "",
        {range(
             plain<&PlannedLoad::provisioned_users>(
                 "provisionedUsers", "users whose policy lets them use persistent chat"
             ),
             0,
             most_users
         ),
         range(
             plain<&PlannedLoad::concurrent_users>(
                 "concurrentUsers", "users connected at the same time, over all pools"
             ),
             0,
             most_users
         ),
         range(
             plain<&PlannedLoad::endpoints>(
                 "endpoints", "connected clients; a user may have several"
             ),
             0,
             most_users
         ),
         range(
             plain<&PlannedLoad::acl_entries>(
                 "aclEntries", "entries in the membership lists of all rooms and categories"
             ),
             0,
             most_users
         ),
         range(
             plain<&PlannedLoad::invitations>(
                 "invitations", "invitations that rooms send out, one for each user and room"
             ),
             0,
             most_users
         )}};
    return shape;
}

const Shape& data_center_shape() {
    static const Shape shape{
        "data center",
        "name",
        {required(plain<&DataCenter::name>("name", "name of the data center"))}};
    return shape;
}

const Shape& link_shape() {
    static const Shape shape{
        "link",
        "",
        {required(refers(
             plain<&Link::between>("between", "the two data centers that it connects"),
             "data-center"
         )),
         with_default(
             choice<&Link::bandwidth>(
                 "bandwidth",
                 {"high", "low"},
                 "whether the link carries the traffic of active servers on both sides"
             ),
             "high"
         ),
         range(plain<&Link::latency_ms>("latencyMs", "round trip in milliseconds"), 0, 60'000)}};
    return shape;
}

const Shape& site_shape() {
    static const Shape shape{
        "site",
        "name",
        {required(plain<&Site::name>("name", "name of the site")),
         refers(
             plain<&Site::default_pool>("defaultPool", "pool that the users of this site use"),
             "pool"
         )}};
    return shape;
}

const Shape& acceptance_shape() {
    static const Shape shape{
        "acceptance",
        "",
        {required(refers(
             plain<&Acceptance::rule>("rule", "id of the rule whose warning is accepted"), "rule"
         )),
         required(plain<&Acceptance::on>("on", "name of the thing it is accepted for, or \"*\"")),
         long_text(plain<&Acceptance::reason>("reason", "why it is accepted"), 4096),
         label(plain<&Acceptance::until>("until", "last day on which it holds, YYYY-MM-DD"))}};
    return shape;
}

const Shape& spec_shape() {
    static const Shape shape{
        "spec",
        "",
        {with_default(
             choice<&Spec::ruleset>(
                 "ruleset", {"sfb2015", "lync2013"}, "which product's rules hold"
             ),
             "sfb2015"
         ),
         with_default(
             plain<&Spec::production>("production", "true turns some advice into warnings"), "false"
         ),
         required(plain<&Spec::domain>("domain", "directory domain")),
         plain<&Spec::sip_domains>(
             "sipDomains", "domains of SIP addresses; default: the directory domain"
         ),
         object<&Spec::capacity>(
             "capacity", planned_load_shape, "planned load of the whole deployment"
         ),
         object_list<&Spec::data_centers>("dataCenters", data_center_shape, "data centers"),
         object_list<&Spec::links>("links", link_shape, "links between data centers"),
         required(object_list<&Spec::sites>("sites", site_shape, "sites")),
         required(
             object_list<&Spec::front_ends>(
                 "frontEnds",
                 front_end_shape,
                 "front ends: who registers users and routes SIP to the pools"
             ),
             "ED-07",
             "has no front end"
         ),
         object_list<&Spec::other_servers>(
             "otherServers", other_server_shape, "what else runs where, for the collocation rules"
         ),
         object_list<&Spec::sql_instances>("sqlInstances", sql_instance_shape, "SQL instances"),
         object_list<&Spec::file_stores>("fileStores", file_store_shape, "file stores"),
         object_list<&Spec::pools>("pools", pool_shape, "persistent chat pools"),
         object_list<&Spec::accept>(
             "accept", acceptance_shape, "warnings that are accepted, with a reason"
         )}};
    return shape;
}

}  // namespace

const Shape& topology_shape() {
    static const Shape shape{
        "topology",
        "",
        {required(choice<&Topology::api_version>(
             "apiVersion", {"pchat/v1"}, "version of this document's form"
         )),
         required(choice<&Topology::kind>("kind", {"Topology"}, "what the document is")),
         required(object<&Topology::metadata>(
             "metadata", metadata_shape, "what the deployment is called"
         )),
         required(object<&Topology::spec>("spec", spec_shape, "the deployment"))}};
    return shape;
}

}  // namespace pchat::topology
