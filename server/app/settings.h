// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/located.h"
#include "base/config/shape.h"
#include "base/log.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <string>

namespace pchat::app {

using config::List;
using config::Located;
using config::Object;
using Text = Located<std::string>;
using Flag = Located<bool>;
using Number = Located<std::int64_t>;

enum class DirectorySchema : std::uint8_t { openldap, active_directory };

// The model of pchatd.yaml. What is not written has the value given here.

struct ServerSettings : Object {
    Text fqdn;
    Text pool;  // default: the machine's own name
    Text site;
    Text host;  // default: the FQDN, or the address of a loopback listener
};

struct ListenSettings : Object {
    Text address;
    Number port;
    Flag tls{true};
    Text certificate;  // default: those of TlsSettings
    Text key;
};

struct TlsSettings : Object {
    Text certificate;
    Text key;
};

struct DatabaseTlsSettings : Object {
    Located<sql::Encryption> mode{sql::Encryption::verify};
    Text ca;
};

struct DatabaseSettings : Object {
    Located<sql::Engine> engine;
    Text file;  // sqlite
    Text host;  // the others, to the end
    Text instance;
    Number port;
    Text name;
    Text user;
    Text password;  // a reference, never the password
    Text driver;
    DatabaseTlsSettings tls;
    Number sessions{8};
};

struct DirectoryAttributes : Object {
    Text address;  // each: as usual in the schema
    Text display;
    Text email;
    Text company;
    Text site;  // default: users have none of their own
};

struct DirectorySettings : Object {
    Text url;
    Text base_dn;
    Text bind_dn;
    Text password;  // a reference, never the password
    Located<DirectorySchema> schema{DirectorySchema::openldap};
    DirectoryAttributes attributes;
    Text user_filter;
    Text group_filter;
    Flag start_tls;
    Text ca_file;
    Number interval_minutes{15};
    Number max_removal_percent{20};
    Number timeout_seconds{10};
};

struct BusNodeSettings : Object {
    Text address;
    Number port{4222};
};

struct BusSettings : Object {
    List<BusNodeSettings> nodes;
    Text user;
    Text password;  // a reference, never the password
    Text ca;
    Text certificate;
    Text key;
};

struct RegistrySettings : Object {
    Number lifetime_seconds{30};
};

struct LimitSettings : Object {
    Number sessions{20'000};
    Number message{8'000};
    Number story{65'536};
    Number requests_in_flight{64};
    Number rate_per_session{50};
    Number rate_per_user{100};
    Number burst{200};
    Number joins_per_second{15'000};
    Number outbound_bytes{1'048'576};
    Number ping_seconds{30};
    Number search{999};
    Number drain_seconds{600};
};

struct LogSettings : Object {
    Located<log::Level> level{log::Level::info};
};

struct Settings : Object {
    ServerSettings server;
    List<ListenSettings> listen;  // never empty once read
    TlsSettings tls;
    DatabaseSettings database;
    DatabaseSettings compliance;  // absent: nothing is recorded
    DirectorySettings directory;  // absent: all users are made here
    BusSettings bus;              // absent: other servers are followed by way of the database
    RegistrySettings registry;
    LimitSettings limits;
    Number threads;  // 0: as many as there are cores
    LogSettings log;
    Text data{"/var/lib/pchat"};
    Flag allow_unsafe_durability;

    std::string folder;  // of the file; paths that are not absolute begin here
    [[nodiscard]] std::string path(const std::string& written) const;
};

/// The field table: the reader, the JSON Schema and pchatd.yaml(5) are made from it.
const config::Shape& settings_shape();

}  // namespace pchat::app
