// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/sql/provision.h"

#include <string>
#include <vector>

namespace pchat::sql {

enum class Fate : std::uint8_t {
    drop,    // database and logins go
    detach,  // the files stay
};

struct Uninstall {
    bool exists = false;  // else there is nothing to do
    std::vector<ProvisionStep> steps;
    std::vector<std::string> kept;  // "login 'x' stays: another database uses it"
};

/// What has to go. `gone`: databases of the same server that will have gone before, so that their
/// use of a login does not count.
Result<Uninstall> plan_uninstall(
    const Wanted& wanted, Fate fate, const std::vector<std::string>& gone
);

/// Does it; returns what was done. Errc::conflict while somebody uses the database.
Result<std::vector<std::string>> uninstall(const Wanted& wanted, const Uninstall& plan);

/// SQL Server's part of the plan, for a database that is there.
std::vector<ProvisionStep> sqlserver_uninstall(const Wanted& wanted, Fate fate);

}  // namespace pchat::sql
