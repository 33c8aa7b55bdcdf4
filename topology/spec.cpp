// SPDX-License-Identifier: Apache-2.0
// The field table of the topology document: the reader, the JSON Schema, the flags of `topology add|set`,
// completion and pchat-topology(5) are made from it.
#include "base/config/shape.h"
#include "topology/model.h"

#include <initializer_list>
#include <utility>

namespace pchat::topology {
namespace {

using config::choice;
using config::Field;
using config::FieldKind;
using config::object;
using config::object_list;
using config::plain;

constexpr std::int64_t most_users = 100'000'000;  // above any plan; keeps sums far from overflow

// Small words for what deviates from an optional field, so that a row below stays a row.
Field required(Field field) {
    field.required = true;
    return field;
}

Field required(Field field, std::string_view rule, std::string_view missing_text) {
    field.required = true;
    field.missing_rule = rule;
    field.missing_text = missing_text;
    return field;
}

Field with_default(Field field, std::string_view text) {
    field.default_text = text;
    return field;
}

Field refers(Field field, std::string_view kind) {
    field.refers = kind;
    return field;
}

Field range(Field field, std::int64_t min, std::int64_t max, std::string_view rule = "SHAPE-07") {
    field.min = min;
    field.max = max;
    field.range_rule = rule;
    return field;
}

Field port(Field field, std::string_view text, std::string_view rule = "SHAPE-07") {
    return with_default(range(std::move(field), 1, 65535, rule), text);
}

Field label(Field field) {
    field.kind = FieldKind::label;
    return field;
}

Field long_text(Field field, std::size_t length) {
    field.max_length = length;
    return field;
}

Field any_of(Field field, std::vector<std::string_view> choices) {
    field.choices = std::move(choices);
    return field;
}

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
        {range(plain<&PlannedLoad::provisioned_users>("provisionedUsers", "users whose policy lets them use persistent chat"), 0, most_users),
         range(plain<&PlannedLoad::concurrent_users>("concurrentUsers", "users connected at the same time, over all pools"), 0, most_users),
         range(plain<&PlannedLoad::endpoints>("endpoints", "connected clients; a user may have several"), 0, most_users),
         range(plain<&PlannedLoad::acl_entries>("aclEntries", "entries in the membership lists of all rooms and categories"), 0, most_users),
         range(plain<&PlannedLoad::invitations>("invitations", "invitations that rooms send out, one for each user and room"), 0, most_users)}};
    return shape;
}

const Shape& data_center_shape() {
    static const Shape shape{
        "data center", "name", {required(plain<&DataCenter::name>("name", "name of the data center"))}};
    return shape;
}

const Shape& link_shape() {
    static const Shape shape{
        "link",
        "",
        {required(refers(plain<&Link::between>("between", "the two data centers that it connects"), "data-center")),
         with_default(choice<&Link::bandwidth>("bandwidth", {"high", "low"}, "whether the link carries the traffic of active servers on both sides"), "high"),
         range(plain<&Link::latency_ms>("latencyMs", "round trip in milliseconds"), 0, 60'000)}};
    return shape;
}

const Shape& site_shape() {
    static const Shape shape{
        "site",
        "name",
        {required(plain<&Site::name>("name", "name of the site")),
         refers(plain<&Site::default_pool>("defaultPool", "pool that the users of this site use"), "pool")}};
    return shape;
}

const Shape& front_end_machine_shape() {
    static const Shape shape{
        "machine", "fqdn", {required(plain<&FrontEndMachine::fqdn>("fqdn", "host name of the machine"))}};
    return shape;
}

const Shape& front_end_shape() {
    static const Shape shape{
        "front end",
        "fqdn",
        {required(plain<&FrontEnd::fqdn>("fqdn", "name of the front end pool, or of the Standard Edition server")),
         required(choice<&FrontEnd::edition>("edition", {"enterprise", "standard"}, "edition of the front end")),
         with_default(choice<&FrontEnd::version>("version", {"2013", "2015", "2019"}, "product year; 2019 is known, and refused"), "2015"),
         refers(plain<&FrontEnd::site>("site", "site that it stands in"), "site"),
         plain<&FrontEnd::domain>("domain", "directory domain of its machines; default: the deployment's"),
         plain<&FrontEnd::time_zone>("timeZone", "time zone of its machines"),
         object_list<&FrontEnd::machines>("machines", front_end_machine_shape, "its machines"),
         refers(plain<&FrontEnd::sql>("sql", "SQL instance with its back end"), "sql-instance")}};
    return shape;
}

const Shape& other_server_shape() {
    static const Shape shape{
        "other server",
        "fqdn",
        {required(plain<&OtherServer::fqdn>("fqdn", "host name of the machine")),
         required(any_of(
             plain<&OtherServer::roles>("roles", "what runs there"),
             {"director", "edge", "mediation", "officeWebApps", "videoInterop", "exchangeUm", "sharePoint", "reverseProxy", "monitoring", "archiving"}
         ))}};
    return shape;
}

const Shape& sql_tls_shape() {
    static const Shape shape{
        "tls",
        "",
        {with_default(choice<&SqlTls::mode>("mode", {"verify", "require", "off"}, "verify: certificate checked; require: encrypted only"), "verify"),
         long_text(plain<&SqlTls::ca>("ca", "file with the certificates that are trusted"), 4096)}};
    return shape;
}

const Shape& credentials_shape() {
    static const Shape shape{
        "credentials",
        "",
        {long_text(plain<&Credentials::provision>("provision", "env: or file: reference of the login that creates databases and logins"), 4096),
         long_text(plain<&Credentials::owner>("owner", "env: or file: reference of the login that migrates the schema"), 4096),
         long_text(plain<&Credentials::run>("run", "env: or file: reference of the server's own login: reads and writes, no DDL"), 4096),
         long_text(plain<&Credentials::reader>("reader", "env: or file: reference of the login for reports and export"), 4096)}};
    return shape;
}

const Shape& sql_instance_shape() {
    static const Shape shape{
        "sql instance",
        "name",
        {required(plain<&SqlInstance::name>("name", "how the rest of the document calls it")),
         required(choice<&SqlInstance::engine>("engine", {"sqlserver", "postgresql", "sqlite"}, "database engine")),
         plain<&SqlInstance::server>("server", "host name of the database server"),
         plain<&SqlInstance::instance>("instance", "instance name, sqlserver only; empty is the default instance"),
         range(plain<&SqlInstance::port>("port", "TCP port; default 1433 for sqlserver, 5432 for postgresql"), 1, 65535),
         long_text(plain<&SqlInstance::path>("path", "directory of the database files, sqlite only"), 4096),
         choice<&SqlInstance::edition>("edition", {"express", "standard", "enterprise"}, "edition, sqlserver only"),
         label(plain<&SqlInstance::version>("version", "sqlserver: 2008R2, 2012, 2014, ...; postgresql: 15, ...")),
         refers(plain<&SqlInstance::data_center>("dataCenter", "data center that it stands in"), "data-center"),
         plain<&SqlInstance::domain>("domain", "directory domain of the server; default: the deployment's"),
         with_default(choice<&SqlInstance::availability>("availability", {"none", "mirroring", "cluster", "availabilityGroup"}, "how the engine keeps it available"), "none"),
         refers(plain<&SqlInstance::mirror>("mirror", "SQL instance that mirrors this one"), "sql-instance"),
         refers(plain<&SqlInstance::witness>("witness", "SQL instance that decides when primary and mirror lose each other"), "sql-instance"),
         port(plain<&SqlInstance::mirror_port>("mirrorPort", "TCP port of the mirroring endpoint"), "5022"),
         any_of(plain<&SqlInstance::other_databases>("otherDatabases", "what else it holds"), {"monitoring", "archiving"}),
         plain<&SqlInstance::driver>("driver", "ODBC driver; default: FreeTDS or PostgreSQL Unicode, by engine"),
         object<&SqlInstance::tls>("tls", sql_tls_shape, "encryption of the connection"),
         object<&SqlInstance::credentials>("credentials", credentials_shape, "where the logins are found; never the logins themselves")}};
    return shape;
}

const Shape& file_store_shape() {
    static const Shape shape{
        "file store",
        "name",
        {required(plain<&FileStore::name>("name", "how the rest of the document calls it")),
         plain<&FileStore::server>("server", "host name of the file server"),
         plain<&FileStore::share>("share", "network share on the server"),
         long_text(plain<&FileStore::path>("path", "directory under which the pool's machines see it"), 4096),
         refers(plain<&FileStore::site>("site", "site that it stands in"), "site")}};
    return shape;
}

const Shape& ssh_shape() {
    static const Shape shape{
        "ssh",
        "",
        {plain<&Ssh::host>("host", "name or address for SSH; default: the machine's fqdn"),
         port(plain<&Ssh::port>("port", "TCP port of SSH"), "22"),
         with_default(plain<&Ssh::user>("user", "login for SSH; one that is not root needs sudo"), "root")}};
    return shape;
}

const Shape& machine_shape() {
    static const Shape shape{
        "machine",
        "fqdn",
        {required(plain<&Machine::fqdn>("fqdn", "host name of the machine")),
         with_default(plain<&Machine::active>("active", "false: standby, takes no users until it is activated"), "true"),
         refers(plain<&Machine::data_center>("dataCenter", "data center that it stands in"), "data-center"),
         plain<&Machine::domain>("domain", "directory domain; default: the deployment's"),
         plain<&Machine::time_zone>("timeZone", "time zone of the machine"),
         plain<&Machine::addresses>("addresses", "network addresses, when they shall be part of the plan"),
         object<&Machine::ssh>("ssh", ssh_shape, "how `pchatctl deploy` reaches it")}};
    return shape;
}

const Shape& pool_load_shape() {
    static const Shape shape{
        "capacity",
        "",
        {range(plain<&PoolLoad::concurrent_users>("concurrentUsers", "users connected to this pool at the same time"), 0, most_users)}};
    return shape;
}

const Shape& ports_shape() {
    static const Shape shape{
        "ports",
        "",
        {port(plain<&Ports::sip>("sip", "SIP from the next hop"), "5041", "POOL-11"),
         port(plain<&Ports::bus>("bus", "between the servers of the pool"), "8011", "POOL-11"),
         port(plain<&Ports::https>("https", "web pages, API and WebSocket"), "443", "POOL-11"),
         port(plain<&Ports::bus_client>("busClient", "from a server to its own bus node"), "4222", "POOL-11")}};
    return shape;
}

const Shape& pool_tls_shape() {
    static const Shape shape{
        "tls",
        "",
        {long_text(plain<&PoolTls::certificate>("certificate", "env: or file: reference of the pool's certificate chain"), 4096),
         long_text(plain<&PoolTls::key>("key", "env: or file: reference of its private key"), 4096),
         long_text(plain<&PoolTls::ca>("ca", "env: or file: reference of the authority that issued it"), 4096)}};
    return shape;
}

const Shape& databases_shape() {
    static const Shape shape{
        "databases",
        "",
        {with_default(plain<&Databases::content_name>("contentName", "name of the content database"), "pchat_content"),
         with_default(plain<&Databases::compliance_name>("complianceName", "name of the compliance database"), "pchat_compliance"),
         required(refers(plain<&Databases::content>("content", "SQL instance with the content database"), "sql-instance"), "SQL-10", "name no SQL instance for the content database"),
         refers(plain<&Databases::compliance>("compliance", "SQL instance with the compliance database"), "sql-instance"),
         refers(plain<&Databases::backup_content>("backupContent", "SQL instance for the content database after a disaster"), "sql-instance"),
         refers(plain<&Databases::backup_compliance>("backupCompliance", "SQL instance for the compliance database after a disaster"), "sql-instance"),
         long_text(plain<&Databases::log_shipping_share>("logShippingShare", "network share for log backups"), 4096)}};
    return shape;
}

const Shape& compliance_shape() {
    static const Shape shape{
        "compliance",
        "",
        {with_default(plain<&Compliance::enabled>("enabled", "record every event for compliance"), "false"),
         with_default(choice<&Compliance::placement>("placement", {"poolMachines", "frontEnd"}, "where the compliance service runs"), "poolMachines"),
         long_text(plain<&Compliance::output_directory>("outputDirectory", "directory for what the compliance adapter writes"), 4096)}};
    return shape;
}

const Shape& pool_shape() {
    static const Shape shape{
        "pool",
        "fqdn",
        {required(plain<&Pool::fqdn>("fqdn", "name of the pool")),
         plain<&Pool::renamed_from>("renamedFrom", "the pool's name before, when a single pool became a multiple one"),
         required(plain<&Pool::display_name>("displayName", "name that people see"), "POOL-10", "has no display name"),
         required(choice<&Pool::kind>("kind", {"single", "multiple"}, "one machine for ever, or room to grow")),
         required(refers(plain<&Pool::site>("site", "site that it belongs to"), "site"), "POOL-14", "belongs to no site"),
         with_default(plain<&Pool::all_sites>("allSites", "default pool of every site"), "false"),
         required(refers(plain<&Pool::next_hop>("nextHop", "front end that routes to it"), "front-end"), "POOL-12", "has no next hop"),
         long_text(plain<&Pool::data_residency>("dataResidency", "why this pool is apart, when there are several"), 4096),
         object<&Pool::capacity>("capacity", pool_load_shape, "planned load of this pool"),
         object<&Pool::ports>("ports", ports_shape, "TCP ports"),
         object<&Pool::tls>("tls", pool_tls_shape, "certificate; default: the small authority of `pchatctl deploy ca`"),
         required(object_list<&Pool::machines>("machines", machine_shape, "its machines"), "POOL-02", "has no machine"),
         required(object<&Pool::databases>("databases", databases_shape, "where its databases are"), "SQL-10", "has no databases"),
         object<&Pool::compliance>("compliance", compliance_shape, "compliance recording"),
         required(refers(plain<&Pool::file_store>("fileStore", "file store for uploaded files"), "file-store"), "FS-01", "has no file store")}};
    return shape;
}

const Shape& acceptance_shape() {
    static const Shape shape{
        "acceptance",
        "",
        {required(refers(plain<&Acceptance::rule>("rule", "id of the rule whose warning is accepted"), "rule")),
         required(plain<&Acceptance::on>("on", "name of the thing it is accepted for, or \"*\"")),
         long_text(plain<&Acceptance::reason>("reason", "why it is accepted"), 4096),
         label(plain<&Acceptance::until>("until", "last day on which it holds, YYYY-MM-DD"))}};
    return shape;
}

const Shape& spec_shape() {
    static const Shape shape{
        "spec",
        "",
        {with_default(choice<&Spec::ruleset>("ruleset", {"sfb2015", "lync2013"}, "which product's rules hold"), "sfb2015"),
         with_default(plain<&Spec::production>("production", "true turns some advice into warnings"), "false"),
         required(plain<&Spec::domain>("domain", "directory domain")),
         plain<&Spec::sip_domains>("sipDomains", "domains of SIP addresses; default: the directory domain"),
         object<&Spec::capacity>("capacity", planned_load_shape, "planned load of the whole deployment"),
         object_list<&Spec::data_centers>("dataCenters", data_center_shape, "data centers"),
         object_list<&Spec::links>("links", link_shape, "links between data centers"),
         required(object_list<&Spec::sites>("sites", site_shape, "sites")),
         required(object_list<&Spec::front_ends>("frontEnds", front_end_shape, "front ends: who registers users and routes SIP to the pools"), "ED-07", "has no front end"),
         object_list<&Spec::other_servers>("otherServers", other_server_shape, "what else runs where, for the collocation rules"),
         object_list<&Spec::sql_instances>("sqlInstances", sql_instance_shape, "SQL instances"),
         object_list<&Spec::file_stores>("fileStores", file_store_shape, "file stores"),
         object_list<&Spec::pools>("pools", pool_shape, "persistent chat pools"),
         object_list<&Spec::accept>("accept", acceptance_shape, "warnings that are accepted, with a reason")}};
    return shape;
}

}  // namespace

const Shape& topology_shape() {
    static const Shape shape{
        "topology",
        "",
        {required(choice<&Topology::api_version>("apiVersion", {"pchat/v1"}, "version of this document's form")),
         required(choice<&Topology::kind>("kind", {"Topology"}, "what the document is")),
         required(object<&Topology::metadata>("metadata", metadata_shape, "what the deployment is called")),
         required(object<&Topology::spec>("spec", spec_shape, "the deployment"))}};
    return shape;
}

}  // namespace pchat::topology
