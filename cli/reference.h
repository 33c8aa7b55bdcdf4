// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <filesystem>
#include <string>

namespace pchat::cli {

// Reference texts that are made from the program's own tables, committed, and tested to be in step
// with them (scripts/docs).

/// schemas/topology.v1.schema.json.
std::string topology_schema();

/// docs/diagnostics.md; the examples are those of the tests in `rule_data`, one folder for each
/// rule.
std::string diagnostics_page(const std::filesystem::path& test_data);

/// The FIELDS part of pchat-topology(5), in troff.
std::string topology_fields();

/// schemas/estate.v1.schema.json.
std::string estate_schema();

/// The same of pchatd.yaml.
std::string settings_schema();
std::string settings_fields();

}  // namespace pchat::cli
