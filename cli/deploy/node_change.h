// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/deploy/node_files.h"
#include "cli/deploy/render_node.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

/// All that a node shall have, as the program on the node takes it (deploy/node says how): put in
/// force and taken back as one thing.
struct NodeChange {
    std::string id;                    // by what is in it: the same change has the same one
    std::vector<std::string> listing;  // its files in lines: path, owner, group, mode, hash, effect
    std::string archive;               // holds secrets
};

/// `probe`: the words after `pchatctl test ready` that ask the server on the node.
Result<NodeChange> make_change(
    const NodeWant& want, Supervisor supervisor, const std::vector<std::string>& probe
);

/// What a service must do once the file is another: "restart=pchatd", "reload=pchat-nats", several
/// between commas.
std::string effect_of(const NodeFile& file, const NodeWant& want);

std::string mode_text(unsigned mode);  // "0640"

}  // namespace pchat::cli
