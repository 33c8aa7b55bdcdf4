// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/app/settings.h"
#include "server/service/changes.h"
#include "server/service/directory_duty.h"

#include <cstddef>
#include <memory>

namespace pchat::app {

/// The directory of the organisation as pchatd.yaml names it: what reads it, and who is asked for
/// passwords, by one of so many `workers`. Connects only when it is needed.
struct DirectoryParts {
    std::unique_ptr<DirectorySource> source;
    std::unique_ptr<PasswordCheck> passwords;
    std::unique_ptr<DirectorySync> sync;
    std::unique_ptr<DirectoryDuty> duty;
};
Result<DirectoryParts> open_directory(
    const Settings& settings, Changes& changes, const Clock& clock, std::size_t workers
);

}  // namespace pchat::app
