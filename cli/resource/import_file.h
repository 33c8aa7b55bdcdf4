// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/context.h"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace pchat::cli {

/// A column of a list to import; in JSON lines a key.
struct ImportColumn {
    enum class Kind { text, boolean, number, list };
    std::string name;
    Kind kind = Kind::text;
};

struct ImportRow {
    std::size_t line = 0;
    nlohmann::ordered_json item;
};

struct ImportRows {
    std::string name;  // of the file
    std::vector<ImportRow> rows;
};

struct InputText;

/// Reads CSV with a line of headings, or one JSON object a line: which of both, the first character
/// says. "-" is standard input. Cells of lists hold their items between semicolons; an empty cell
/// says nothing about its field. What is wrong with lines is shown on stderr, all of it
/// (Errc::bad_file).
Result<ImportRows> read_import(
    Context& ctx, const std::string& path, const std::vector<ImportColumn>& columns
);
/// The same of a text that was read already.
Result<ImportRows> read_import(
    Context& ctx, const InputText& input, const std::vector<ImportColumn>& columns
);

}  // namespace pchat::cli
