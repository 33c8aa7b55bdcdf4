// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "topology/model.h"

#include <string>
#include <vector>

namespace pchat::topology {

/// A topology document as far as it could be read. When `readable` is false the text is no YAML
/// document and `model` is empty.
struct Parsed {
    config::Document document;
    Topology model;
    std::vector<Diagnostic> problems;  // everything wrong with its form: SHAPE-01..07 and the ids
                                       // that stand in for them
    bool readable = false;
};

Parsed parse(std::string name, std::string text);

}  // namespace pchat::topology
