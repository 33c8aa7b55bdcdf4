// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// How many steps of the databases' schemas a release knows; 0: it does not say.
struct SchemaSteps {
    int content = 0;
    int compliance = 0;
};

/// A release bundle on this machine (scripts/bundle makes them) and what it says of itself.
struct Bundle {
    std::string path;
    std::string release;  // "<version>-<hash12>"
    std::string version;  // "0.1.0"
    std::string sha256;   // of the archive
    std::int64_t bytes = 0;
    std::string architecture;  // as Debian calls it: "amd64"
    std::string glibc;         // the oldest that it starts with: "2.34"
    SchemaSteps schema;
};

/// Where a bundle is looked for when none is named: $PCHATCTL_BUNDLE, beside the programs of a
/// build (../bundle), and where a package puts it.
std::vector<std::string> bundle_folders(const Context& ctx);

/// The release in the name of such a file, "" when it is none.
std::string release_of(const std::string& file_name);

/// "2.36" as numbers, so that 2.4 is before 2.36.
std::vector<int> numbers_of(std::string_view version);

/// The named file, or the newest in those folders. Errc::not_found says where it looked.
Result<Bundle> open_bundle(const Context& ctx, const std::string& named);

}  // namespace pchat::cli
