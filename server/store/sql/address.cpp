// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/address.h"

namespace pchat::sql {
namespace {

bool is_loopback(const std::string& host) {
    return host == "localhost" || host == "::1" || host.starts_with("127.");
}

int usual_port(const Address& address) {
    if (address.engine == Engine::postgresql)
        return 5432;
    return address.instance.empty() ? 1433 : 0;
}

}  // namespace

Target target_at(const Address& address) {
    Target target;
    target.engine = address.engine;
    target.database = address.database;
    if (address.engine == Engine::sqlite)
        return target;
    target.host = address.host;
    target.port = address.port.value_or(usual_port(address));
    target.instance = address.instance;
    target.driver = address.driver;
    target.encryption = address.encryption.value_or(
        is_loopback(address.host) ? Encryption::off : Encryption::verify
    );
    target.ca_file = address.ca_file;
    return target;
}

}  // namespace pchat::sql
