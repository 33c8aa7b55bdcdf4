// SPDX-License-Identifier: Apache-2.0
#include "topology/parse.h"

#include "base/config/read.h"

#include <utility>

namespace pchat::topology {

Parsed parse(std::string name, std::string text) {
    Parsed parsed;
    parsed.document = config::read_document(std::move(name), std::move(text));
    parsed.problems = parsed.document.problems;
    if (!parsed.document.root)
        return parsed;
    parsed.readable = true;
    config::read_object(
        *parsed.document.root, topology_shape(), parsed.model, parsed.problems, "the document"
    );
    return parsed;
}

}  // namespace pchat::topology
