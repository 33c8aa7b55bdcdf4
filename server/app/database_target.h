// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret_reference.h"
#include "server/app/settings.h"
#include "server/store/sql/target.h"

namespace pchat::app {

/// One of the databases of the settings with its login; reads the password that they refer to.
Result<sql::Target> target_of(
    const Settings& settings, const DatabaseSettings& database, const EnvironmentLookup& environment
);

}  // namespace pchat::app
