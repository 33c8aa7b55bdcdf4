// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/target.h"

#include <optional>
#include <string>

namespace pchat::sql {

/// A database as a file names it, a topology or the settings of a server: what is left out has a
/// default.
struct Address {
    Engine engine = Engine::sqlite;
    std::string host;  // servers
    std::optional<int> port;
    std::string instance;  // sqlserver; empty: the default one
    std::string database;  // servers: its name; sqlite: the file
    std::string driver;    // empty: the engine's default
    std::optional<Encryption> encryption;
    std::string ca_file;
};

/// The target without a login. Certificates are checked unless the address says otherwise or the
/// server is on this machine; an instance with a name is left to its browser to find.
Target target_at(const Address& address);

}  // namespace pchat::sql
