// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "cli/context.h"
#include "cli/estate/document.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pchat::cli {

/// An estate document as far as it could be read.
struct EstateFile {
    config::Document document;
    EstateDocument model;
    std::vector<Diagnostic> problems;  // of its form
};
EstateFile parse_estate(std::string name, std::string text);

/// Reads a file, "-" standard input. What is wrong with its form is shown on stderr
/// (Errc::bad_file).
Result<EstateFile> load_estate(Context& ctx, const std::string& path);

enum class PruneAll : std::uint8_t { no, yes };
/// What is said, as the server takes it. PruneAll: of every section that is there.
nlohmann::ordered_json estate_request(const EstateFile& file, PruneAll prune);

/// What the server finds wrong with items, each at its place in the text.
std::vector<Diagnostic> estate_findings(
    const EstateFile& file, const nlohmann::ordered_json& problems
);

/// A document that says what the server tells of the pool.
nlohmann::ordered_json estate_document(const nlohmann::ordered_json& tree);

/// "max_file_size_kb" -> "maxFileSizeKb".
std::string document_key(const std::string& wire_key);

}  // namespace pchat::cli
