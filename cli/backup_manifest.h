// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "cli/part_file.h"
#include "server/store/sql/target.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pchat::cli {

/// What stands beside a backup, as FILE.json: enough to know it again and to see damage.
struct BackupManifest {
    std::string engine;
    std::string purpose;  // "content", "compliance"
    std::string pool;
    int schema_version = 0;
    Digest digest;
    Microseconds at = 0;
    std::vector<std::pair<std::string, std::int64_t>> rows;
};

std::string manifest_path(const std::string& backup);

/// Written, but without its name until keep().
Result<PartFile> begin_manifest(
    const std::string& backup, const BackupManifest& manifest, Replace replace
);

/// Reads it and judges it: the engine, the purpose and a schema that this program knows.
Result<BackupManifest> read_manifest(
    const std::string& backup, sql::Engine engine, sql::Purpose purpose
);

/// Whether the file is the one that the manifest speaks of.
Result<void> check_digest(
    const std::string& backup, const BackupManifest& manifest, const Digest& found
);

/// "2026-11-21T05:31:33Z", and "20261121T053133Z" for the names of files.
std::string time_text(Microseconds at);
std::string time_for_names(Microseconds at);

}  // namespace pchat::cli
