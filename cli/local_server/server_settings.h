// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/local_server/data_directory.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// Where a local server listens.
struct ListenAddress {
    std::string ip;
    std::uint16_t port = 0;  // 0: any
    bool loopback = false;
};

/// "127.0.0.1:8443", "[::1]:8443"; localhost is 127.0.0.1.
Result<ListenAddress> parse_listen_address(const std::string& text);

/// The variable of pchatd's environment that holds the password of its database.
inline constexpr std::string_view database_password_variable = "PCHATD_DATABASE_PASSWORD";

/// A node of the bus on this machine.
struct LocalBus {
    std::uint16_t port = 0;
    std::string password_file;
};

struct LocalSettings {
    ListenAddress listen;
    bool plain = false;  // no TLS
    std::string log_level = "info";
    std::string fqdn = "localhost.example";
    // Of one of several servers:
    std::string pool = {};  // empty: it is alone
    std::string data = {};  // a folder of its own; empty: the directory
    std::optional<LocalBus> bus = {};
};

/// The text of pchatd.yaml. Holds no password.
std::string settings_text(
    const DataDirectory& directory, const LocalSettings& settings, const sql::Target& database
);

/// Names that clients on this machine and elsewhere may know the server by.
std::vector<std::string> certificate_names(const ListenAddress& listen);

}  // namespace pchat::cli
