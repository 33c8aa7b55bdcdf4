// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/ui/output.h"
#include "topology/model.h"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace pchat::cli {

/// One list of things out of a topology: the objects of the document with every field, and beside
/// them what other parts of it say about them ("holds", "pool", "activeMachines").
struct TopologyTable {
    std::string kind;  // "sql-instance", as in `topology add sql-instance`
    std::string title;
    nlohmann::ordered_json items;
    std::vector<Column> columns;
};

/// The words that `kind` can be.
std::vector<std::string> topology_table_kinds();

/// All tables in the order in which a reader needs them; `model` with its effective values.
std::vector<TopologyTable> topology_tables(const topology::Topology& model);

/// What is said of the deployment as a whole, as a table of two columns.
TopologyTable deployment_facts(const topology::Topology& model);

}  // namespace pchat::cli
