// SPDX-License-Identifier: Apache-2.0
#include "base/config/field_words.h"
#include "server/app/settings.h"

namespace pchat::app {
using namespace config::field_words;
using config::choice;
using config::Field;
using config::object;
using config::object_list;
using config::plain;
using config::Shape;
namespace {

constexpr std::size_t longest_path = 4096;

template <auto Member>
Field path(std::string_view key, std::string_view doc) {
    return long_text(plain<Member>(key, doc), longest_path);
}

template <auto Member>
Field limit(
    std::string_view key,
    std::int64_t min,
    std::int64_t max,
    std::string_view default_text,
    std::string_view doc
) {
    return with_default(range(plain<Member>(key, doc), min, max), default_text);
}

const Shape& server_shape() {
    static const Shape shape{
        "server",
        "",
        {required(plain<&ServerSettings::fqdn>("fqdn", "name of this machine in the network")),
         plain<&ServerSettings::pool>(
             "pool", "name of the pool that it belongs to; default: its own name"
         ),
         plain<&ServerSettings::site>(
             "site", "site of users whose own is not known; default: the pool's in the topology"
         ),
         plain<&ServerSettings::host>(
             "host",
             "host name or IP address in the URLs that clients are told; default: fqdn, or the "
             "address of a loopback listener"
         )}};
    return shape;
}

const Shape& listen_shape() {
    static const Shape shape{
        "listener",
        "",
        {required(plain<&ListenSettings::address>(
             "address", "IP address to listen on; 0.0.0.0 and :: are all of the machine"
         )),
         required(range(plain<&ListenSettings::port>("port", "TCP port; 0 takes any"), 0, 65535)),
         with_default(
             plain<&ListenSettings::tls>(
                 "tls", "false: without encryption, on loopback addresses only"
             ),
             "true"
         ),
         path<&ListenSettings::certificate>(
             "certificate",
             "file with the certificate and its chain (PEM); default: tls.certificate"
         ),
         path<&ListenSettings::key>("key", "file with its private key (PEM); default: tls.key")}};
    return shape;
}

const Shape& tls_shape() {
    static const Shape shape{
        "tls",
        "",
        {path<&TlsSettings::certificate>(
             "certificate", "file with the server's certificate and its chain (PEM)"
         ),
         path<&TlsSettings::key>("key", "file with its private key (PEM)")}};
    return shape;
}

const Shape& database_tls_shape() {
    static const Shape shape{
        "tls",
        "",
        {choice<&DatabaseTlsSettings::mode>(
             "mode",
             {"verify", "require", "off"},
             "verify: certificate checked; require: encrypted only; default: verify, off on "
             "loopback addresses"
         ),
         path<&DatabaseTlsSettings::ca>("ca", "file with the certificates that are trusted")}};
    return shape;
}

const Shape& database_shape() {
    static const Shape shape{
        "database",
        "",
        {required(choice<&DatabaseSettings::engine>(
             "engine", {"sqlite", "postgresql", "sqlserver"}, "database engine"
         )),
         path<&DatabaseSettings::file>("file", "the database file, sqlite only"),
         plain<&DatabaseSettings::host>("host", "host name of the database server"),
         plain<&DatabaseSettings::instance>(
             "instance", "instance name, sqlserver only; empty is the default instance"
         ),
         range(
             plain<&DatabaseSettings::port>(
                 "port", "TCP port; default 1433 for sqlserver, 5432 for postgresql"
             ),
             1,
             65535
         ),
         plain<&DatabaseSettings::name>("name", "name of the database on its server"),
         plain<&DatabaseSettings::user>("user", "login that reads and writes and needs no more"),
         secret(path<&DatabaseSettings::password>(
             "password", "env: or file: reference of the login's password"
         )),
         plain<&DatabaseSettings::driver>(
             "driver", "ODBC driver; default: FreeTDS or PostgreSQL Unicode, by engine"
         ),
         object<&DatabaseSettings::tls>("tls", database_tls_shape, "encryption of the connection"),
         limit<&DatabaseSettings::sessions>(
             "sessions", 1, 256, "8", "connections that are kept open"
         )}};
    return shape;
}

const Shape& directory_attributes_shape() {
    static const Shape shape{
        "attributes",
        "",
        {plain<&DirectoryAttributes::address>(
             "address",
             "attribute with a user's SIP address; default: mail, of activeDirectory "
             "msRTCSIP-PrimaryUserAddress, sip: of proxyAddresses or mail, the first that is there"
         ),
         plain<&DirectoryAttributes::display>(
             "display", "with the name that people see; default: displayName, else cn"
         ),
         plain<&DirectoryAttributes::email>("email", "with the mail address; default: mail"),
         plain<&DirectoryAttributes::company>(
             "company", "with the company; default: o, of activeDirectory company"
         ),
         plain<&DirectoryAttributes::site>(
             "site", "with the name of the user's site; default: users have none of their own"
         )}};
    return shape;
}

const Shape& directory_shape() {
    static const Shape shape{
        "directory",
        "",
        {required(long_text(
             plain<&DirectorySettings::url>(
                 "url", "where it answers: ldaps://HOST, or ldap://HOST with startTls"
             ),
             512
         )),
         required(path<&DirectorySettings::base_dn>(
             "baseDn", "DN below which users and groups are looked for"
         )),
         required(path<&DirectorySettings::bind_dn>(
             "bindDn", "DN of the account that reads them and needs no more"
         )),
         required(secret(path<&DirectorySettings::password>(
             "password", "env: or file: reference of the account's password"
         ))),
         with_default(
             choice<&DirectorySettings::schema>(
                 "schema", {"openldap", "activeDirectory"}, "how it names things"
             ),
             "openldap"
         ),
         object<&DirectorySettings::attributes>(
             "attributes", directory_attributes_shape, "what the fields of a user come from"
         ),
         path<&DirectorySettings::user_filter>(
             "userFilter", "filter that users must meet too, as (employeeType=staff)"
         ),
         path<&DirectorySettings::group_filter>("groupFilter", "filter that groups must meet too"),
         with_default(
             plain<&DirectorySettings::start_tls>(
                 "startTls", "true: encrypt an ldap:// connection before anything is said"
             ),
             "false"
         ),
         path<&DirectorySettings::ca_file>(
             "caFile", "file with the authorities that are trusted (PEM); default: the machine's"
         ),
         limit<&DirectorySettings::interval_minutes>(
             "intervalMinutes", 1, 1'440, "15", "minutes between two synchronizations"
         ),
         limit<&DirectorySettings::max_removal_percent>(
             "maxRemovalPercent",
             0,
             100,
             "20",
             "of all users, groups and memberships; a synchronization that would take more away "
             "stops"
         ),
         limit<&DirectorySettings::timeout_seconds>(
             "timeoutSeconds", 1, 300, "10", "seconds that each answer is waited for"
         )}};
    return shape;
}

const Shape& bus_node_shape() {
    static const Shape shape{
        "nodes",
        "",
        {required(plain<&BusNodeSettings::address>("address", "host name or address of the node")),
         limit<&BusNodeSettings::port>("port", 1, 65535, "4222", "TCP port for clients")}};
    return shape;
}

const Shape& bus_shape() {
    static const Shape shape{
        "bus",
        "",
        {object_list<&BusSettings::nodes>(
             "nodes",
             bus_node_shape,
             "NATS servers in the order of preference, this machine's first"
         ),
         plain<&BusSettings::user>("user", "name of this server at the bus"),
         secret(path<&BusSettings::password>("password", "env: or file: reference of its password")
         ),
         path<&BusSettings::ca>(
             "ca", "file with the authorities that the nodes' certificates are of (PEM)"
         ),
         path<&BusSettings::certificate>(
             "certificate", "file with this server's certificate at the bus (PEM)"
         ),
         path<&BusSettings::key>("key", "file with its private key (PEM)")}};
    return shape;
}

const Shape& registry_shape() {
    static const Shape shape{
        "registry",
        "",
        {limit<&RegistrySettings::lifetime_seconds>(
            "lifetimeSeconds",
            3,
            300,
            "30",
            "seconds without a heartbeat after which the others take this server for lost; "
            "it sends six in that time"
        )}};
    return shape;
}

const Shape& limits_shape() {
    static const Shape shape{
        "limits",
        "",
        {limit<&LimitSettings::sessions>(
             "sessions",
             1,
             30'000,
             "20000",
             "sessions at the same time; more are sent elsewhere; half as many again, "
             "30000 at most, while another active server of the pool is lost"
         ),
         limit<&LimitSettings::message>(
             "message", 1, 100'000, "8000", "characters of a message or an alert"
         ),
         limit<&LimitSettings::story>("story", 1, 100'000, "65536", "characters of a story"),
         limit<&LimitSettings::requests_in_flight>(
             "requestsInFlight", 1, 1'000, "64", "requests of one session that wait for an answer"
         ),
         limit<&LimitSettings::rate_per_session>(
             "ratePerSession", 1, 100'000, "50", "requests of one session in a second, on average"
         ),
         limit<&LimitSettings::rate_per_user>(
             "ratePerUser", 1, 100'000, "100", "requests of all sessions of one user in a second"
         ),
         limit<&LimitSettings::burst>(
             "burst", 1, 100'000, "200", "requests that may come at once after a pause"
         ),
         limit<&LimitSettings::joins_per_second>(
             "joinsPerSecond", 1, 100'000, "15000", "joins of all sessions in a second"
         ),
         limit<&LimitSettings::outbound_bytes>(
             "outboundBytes",
             65'536,
             67'108'864,
             "1048576",
             "bytes waiting for one session; beyond it is closed as too slow"
         ),
         limit<&LimitSettings::ping_seconds>(
             "pingSeconds",
             1,
             600,
             "30",
             "seconds of silence, or up to a quarter fewer, after which a session is asked whether "
             "it lives; after twice as many it is closed"
         ),
         limit<&LimitSettings::search>("search", 1, 999, "999", "messages in one search result"),
         limit<&LimitSettings::drain_seconds>(
             "drainSeconds",
             0,
             86'400,
             "600",
             "seconds that people may stay at a server that is drained, unless it is said"
         )}};
    return shape;
}

const Shape& log_shape() {
    static const Shape shape{
        "log",
        "",
        {with_default(
            choice<&LogSettings::level>(
                "level", {"debug", "info", "warning", "error"}, "what is not worth less is logged"
            ),
            "info"
        )}};
    return shape;
}

}  // namespace

const Shape& settings_shape() {
    static const Shape shape{
        "settings",
        "",
        {required(object<&Settings::server>("server", server_shape, "which machine this is")),
         object_list<&Settings::listen>(
             "listen", listen_shape, "where clients connect; default: 0.0.0.0, port 443, with TLS"
         ),
         object<&Settings::tls>("tls", tls_shape, "certificate of the listeners"),
         required(
             object<&Settings::database>("database", database_shape, "content database of the pool")
         ),
         object<&Settings::compliance>(
             "compliance", database_shape, "compliance database; default: nothing is recorded"
         ),
         object<&Settings::directory>(
             "directory",
             directory_shape,
             "LDAP directory that users and groups come from; default: all are made here"
         ),
         object<&Settings::bus>(
             "bus",
             bus_shape,
             "between the servers of a pool; default: they follow each other by the database alone"
         ),
         object<&Settings::registry>(
             "registry", registry_shape, "how the servers of a pool know who of them lives"
         ),
         object<&Settings::limits>("limits", limits_shape, "what one server lets through"),
         limit<&Settings::threads>(
             "threads", 0, 256, "0", "threads that serve connections; 0: one for each core"
         ),
         object<&Settings::log>("log", log_shape, "what is written to standard error"),
         with_default(
             path<&Settings::data>("data", "directory for what the server itself keeps"),
             "/var/lib/pchat"
         ),
         with_default(
             plain<&Settings::allow_unsafe_durability>(
                 "allowUnsafeDurability",
                 "true: start on a database that may forget what it has confirmed"
             ),
             "false"
         )}};
    return shape;
}

}  // namespace pchat::app
