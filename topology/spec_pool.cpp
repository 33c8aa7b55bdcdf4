// SPDX-License-Identifier: Apache-2.0
// Field table: pools and their machines.
#include "topology/spec_words.h"

namespace pchat::topology {
using namespace spec_words;
namespace {

const Shape& ssh_shape() {
    static const Shape shape{
        "ssh",
        "",
        {plain<&Ssh::host>("host", "name or address for SSH; default: the machine's fqdn"),
         port(plain<&Ssh::port>("port", "TCP port of SSH"), "22"),
         with_default(
             plain<&Ssh::user>("user", "login for SSH; one that is not root needs sudo"), "root"
         )}};
    return shape;
}

const Shape& machine_shape() {
    static const Shape shape{
        "machine",
        "fqdn",
        {required(plain<&Machine::fqdn>("fqdn", "host name of the machine")),
         with_default(
             plain<&Machine::active>(
                 "active", "false: standby, takes no users until it is activated"
             ),
             "true"
         ),
         refers(
             plain<&Machine::data_center>("dataCenter", "data center that it stands in"),
             "data-center"
         ),
         plain<&Machine::domain>("domain", "directory domain; default: the deployment's"),
         plain<&Machine::time_zone>("timeZone", "time zone of the machine"),
         plain<&Machine::addresses>(
             "addresses", "network addresses, when they shall be part of the plan"
         ),
         object<&Machine::ssh>("ssh", ssh_shape, "how it is reached when it is set up")}};
    return shape;
}

const Shape& pool_load_shape() {
    static const Shape shape{
        "capacity",
        "",
        {range(
            plain<&PoolLoad::concurrent_users>(
                "concurrentUsers", "users connected to this pool at the same time"
            ),
            0,
            most_users
        )}};
    return shape;
}

const Shape& ports_shape() {
    static const Shape shape{
        "ports",
        "",
        {port(plain<&Ports::sip>("sip", "SIP from the next hop"), "5041", "POOL-11"),
         port(plain<&Ports::bus>("bus", "between the servers of the pool"), "8011", "POOL-11"),
         port(plain<&Ports::https>("https", "web pages, API and WebSocket"), "443", "POOL-11"),
         port(
             plain<&Ports::bus_client>("busClient", "from a server to its own bus node"),
             "4222",
             "POOL-11"
         )}};
    return shape;
}

const Shape& pool_tls_shape() {
    static const Shape shape{
        "tls",
        "",
        {long_text(
             plain<&PoolTls::certificate>(
                 "certificate", "env: or file: reference of the pool's certificate chain"
             ),
             4096
         ),
         long_text(plain<&PoolTls::key>("key", "env: or file: reference of its private key"), 4096),
         long_text(
             plain<&PoolTls::ca>("ca", "env: or file: reference of the authority that issued it"),
             4096
         )}};
    return shape;
}

const Shape& databases_shape() {
    static const Shape shape{
        "databases",
        "",
        {with_default(
             plain<&Databases::content_name>("contentName", "name of the content database"),
             "pchat_content"
         ),
         with_default(
             plain<&Databases::compliance_name>(
                 "complianceName", "name of the compliance database"
             ),
             "pchat_compliance"
         ),
         required(
             refers(
                 plain<&Databases::content>("content", "SQL instance with the content database"),
                 "sql-instance"
             ),
             "SQL-10",
             "names no SQL instance for the content database"
         ),
         refers(
             plain<&Databases::compliance>(
                 "compliance", "SQL instance with the compliance database"
             ),
             "sql-instance"
         ),
         refers(
             plain<&Databases::backup_content>(
                 "backupContent", "SQL instance for the content database after a disaster"
             ),
             "sql-instance"
         ),
         refers(
             plain<&Databases::backup_compliance>(
                 "backupCompliance", "SQL instance for the compliance database after a disaster"
             ),
             "sql-instance"
         ),
         long_text(
             plain<&Databases::log_shipping_share>(
                 "logShippingShare", "network share for log backups"
             ),
             4096
         )}};
    return shape;
}

const Shape& compliance_shape() {
    static const Shape shape{
        "compliance",
        "",
        {with_default(
             plain<&Compliance::enabled>("enabled", "record every event for compliance"), "false"
         ),
         with_default(
             choice<&Compliance::placement>(
                 "placement", {"poolMachines", "frontEnd"}, "where the compliance service runs"
             ),
             "poolMachines"
         ),
         long_text(
             plain<&Compliance::output_directory>(
                 "outputDirectory", "directory for what the compliance adapter writes"
             ),
             4096
         )}};
    return shape;
}

}  // namespace

const Shape& pool_shape() {
    static const Shape shape{
        "pool",
        "fqdn",
        {required(plain<&Pool::fqdn>("fqdn", "name of the pool")),
         plain<&Pool::renamed_from>(
             "renamedFrom", "the pool's name before, when a single pool became a multiple one"
         ),
         required(
             plain<&Pool::display_name>("displayName", "name that people see"),
             "POOL-10",
             "has no display name"
         ),
         required(choice<&Pool::kind>(
             "kind", {"single", "multiple"}, "one machine for ever, or room to grow"
         )),
         required(
             refers(plain<&Pool::site>("site", "site that it belongs to"), "site"),
             "POOL-14",
             "belongs to no site"
         ),
         with_default(plain<&Pool::all_sites>("allSites", "default pool of every site"), "false"),
         required(
             refers(plain<&Pool::next_hop>("nextHop", "front end that routes to it"), "front-end"),
             "POOL-12",
             "has no next hop"
         ),
         long_text(
             plain<&Pool::data_residency>(
                 "dataResidency", "why this pool is apart, when there are several"
             ),
             4096
         ),
         object<&Pool::capacity>("capacity", pool_load_shape, "planned load of this pool"),
         object<&Pool::ports>("ports", ports_shape, "TCP ports"),
         object<&Pool::tls>(
             "tls", pool_tls_shape, "certificate; default: one of a small authority of its own"
         ),
         required(
             object_list<&Pool::machines>("machines", machine_shape, "its machines"),
             "POOL-02",
             "has no machine"
         ),
         required(
             object<&Pool::databases>("databases", databases_shape, "where its databases are"),
             "SQL-10",
             "has no databases"
         ),
         object<&Pool::compliance>("compliance", compliance_shape, "compliance recording"),
         required(
             refers(
                 plain<&Pool::file_store>("fileStore", "file store for uploaded files"),
                 "file-store"
             ),
             "FS-01",
             "has no file store"
         )}};
    return shape;
}

}  // namespace pchat::topology
