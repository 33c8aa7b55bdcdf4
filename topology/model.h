// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/located.h"
#include "base/config/shape.h"

#include <cstdint>
#include <string>

namespace pchat::topology {

using config::List;
using config::Located;
using config::Object;
using config::Shape;
using Text = Located<std::string>;
using Flag = Located<bool>;
using Number = Located<std::int64_t>;
using TextList = List<Text>;

// The order of the enumerators is the order of the choices in spec.cpp.
enum class ApiVersion : std::uint8_t { v1 };
enum class DocumentKind : std::uint8_t { topology };
enum class Ruleset : std::uint8_t { sfb2015, lync2013 };
enum class Edition : std::uint8_t { enterprise, standard };
enum class Version : std::uint8_t { v2013, v2015, v2019 };
enum class Bandwidth : std::uint8_t { high, low };
enum class Engine : std::uint8_t { sqlserver, postgresql, sqlite };
enum class SqlEdition : std::uint8_t { express, standard, enterprise };
enum class Availability : std::uint8_t { none, mirroring, cluster, availability_group };
enum class TlsMode : std::uint8_t { verify, require, off };
enum class PoolKind : std::uint8_t { single, multiple };
enum class Placement : std::uint8_t { pool_machines, front_end };

struct Metadata : Object {
    Text name;
    Text description;
};

struct PlannedLoad : Object {  // spec.capacity
    Number provisioned_users;
    Number concurrent_users;
    Number endpoints;
    Number acl_entries;
    Number invitations;
};

struct DataCenter : Object {
    Text name;
};

struct Link : Object {
    TextList between;
    Located<Bandwidth> bandwidth;
    Number latency_ms;
};

struct Site : Object {
    Text name;
    Text default_pool;
};

struct FrontEndMachine : Object {
    Text fqdn;
};

struct FrontEnd : Object {
    Text fqdn;
    Located<Edition> edition;
    Located<Version> version{Version::v2015};
    Text site;
    Text domain;
    Text time_zone;
    List<FrontEndMachine> machines;
    Text sql;
};

struct OtherServer : Object {
    Text fqdn;
    TextList roles;
};

struct SqlTls : Object {
    Located<TlsMode> mode;
    Text ca;
};

struct Credentials : Object {
    Text provision;
    Text owner;
    Text run;
    Text reader;
};

struct SqlInstance : Object {
    Text name;
    Located<Engine> engine;
    Text server;
    Text instance;
    Number port;
    Text path;
    Located<SqlEdition> edition;
    Text version;
    Text data_center;
    Text domain;
    Located<Availability> availability;
    Text mirror;
    Text witness;
    Number mirror_port{5022};
    TextList other_databases;
    Text driver;
    SqlTls tls;
    Credentials credentials;
};

struct FileStore : Object {
    Text name;
    Text server;
    Text share;
    Text path;
    Text site;
};

struct Ssh : Object {
    Text host;
    Number port{22};
    Text user{"root"};
};

struct Machine : Object {
    Text fqdn;
    Flag active{true};
    Text data_center;
    Text domain;
    Text time_zone;
    TextList addresses;
    Ssh ssh;
};

struct PoolLoad : Object {  // pools[].capacity
    Number concurrent_users;
};

struct Ports : Object {
    Number sip{5041};
    Number bus{8011};
    Number https{443};
    Number bus_client{4222};
};

struct PoolTls : Object {
    Text certificate;
    Text key;
    Text ca;
};

struct Databases : Object {
    Text content_name{"pchat_content"};
    Text compliance_name{"pchat_compliance"};
    Text content;
    Text compliance;
    Text backup_content;
    Text backup_compliance;
    Text log_shipping_share;
};

struct Compliance : Object {
    Flag enabled;
    Located<Placement> placement;
    Text output_directory;
};

struct Pool : Object {
    Text fqdn;
    Text renamed_from;
    Text display_name;
    Located<PoolKind> kind;
    Text site;
    Flag all_sites;
    Text next_hop;
    Text data_residency;
    PoolLoad capacity;
    Ports ports;
    PoolTls tls;
    List<Machine> machines;
    Databases databases;
    Compliance compliance;
    Text file_store;
};

struct Acceptance : Object {
    Text rule;
    Text on;
    Text reason;
    Text until;
};

struct Spec : Object {
    Located<Ruleset> ruleset;
    Flag production;
    Text domain;
    TextList sip_domains;
    PlannedLoad capacity;
    List<DataCenter> data_centers;
    List<Link> links;
    List<Site> sites;
    List<FrontEnd> front_ends;
    List<OtherServer> other_servers;
    List<SqlInstance> sql_instances;
    List<FileStore> file_stores;
    List<Pool> pools;
    List<Acceptance> accept;
};

/// A deployment as one document describes it. Pure data; every value knows its place in the text.
struct Topology : Object {
    Located<ApiVersion> api_version;
    Located<DocumentKind> kind;
    Metadata metadata;
    Spec spec;
};

/// The field table of the whole document.
const Shape& topology_shape();

}  // namespace pchat::topology
