// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"
#include "cli/resource/import_file.h"
#include "cli/resource/resource.h"

#include <string>
#include <vector>

namespace pchat::cli {

struct ItemFile {
    std::string name;    // as messages call it
    std::string sha256;  // of its text
    std::vector<ImportRow> items;
};

/// The things that a file describes. YAML (JSON is YAML): a list of objects, one object, or an
/// object whose key is the plural of the resource. CSV and JSON lines: as read_import() has them;
/// by the end of the name, .csv or .jsonl, or by how the text begins. "-" reads standard input.
/// Problems of form are shown on stderr (Errc::bad_file).
Result<ItemFile> read_items(Context& ctx, const std::string& path, const Resource& resource);

}  // namespace pchat::cli
