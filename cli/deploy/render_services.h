// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/deploy/node_files.h"
#include "cli/deploy/render_node.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pchat::cli {

struct ServiceWish {
    Supervisor supervisor = Supervisor::systemd;
    bool with_bus = false;
    std::int64_t open_files = 0;
    bool low_port = false;              // below 1024: needs a capability
    bool own_driver = false;            // an ODBC driver of the machine's own
    std::vector<std::string> writable;  // folders besides the data directory
};

/// Adds the units of systemd or the services of runit, and what they are called.
void add_services(const ServiceWish& wish, NodeWant& want);

}  // namespace pchat::cli
