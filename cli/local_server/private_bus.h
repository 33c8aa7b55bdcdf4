// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/local_server/data_directory.h"
#include "cli/local_server/process_group.h"
#include "cli/local_server/server_settings.h"

#include <string>

namespace pchat::cli {

Result<std::string> find_nats(const std::string& search_path);

/// A node of NATS of our own, on a port of 127.0.0.1 of its own choosing.
struct PrivateBus {
    ProcessGroup::Number number = 0;
    LocalBus bus;
};
/// Waits until it takes connections.
Result<PrivateBus> start_bus(
    ProcessGroup& group, const DataDirectory& directory, const std::string& program
);

}  // namespace pchat::cli
