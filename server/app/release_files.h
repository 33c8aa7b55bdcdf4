// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>

namespace pchat::app {

/// A release that was unpacked somewhere (bin/, lib/, share/, MANIFEST) brings ODBC drivers,
/// certificates and time zones for machines that have none. Where `program` is in one, names them
/// in the environment: drivers always, the others where the machine lacks its own; what somebody
/// has set stays. Before there are threads.
void use_release_files(const std::string& program);

/// The same for the program that runs.
void use_release_files();

}  // namespace pchat::app
