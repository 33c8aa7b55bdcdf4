// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <vector>

namespace pchat::cli {

/// A file as it shall be on a node. What is secret is shown to nobody: not in a plan, a log or a
/// journal.
struct NodeFile {
    std::string path;
    std::string owner;
    std::string group;
    unsigned mode = 0644;
    std::string content;
    bool secret = false;
};

/// All that pchat has on one node.
struct NodeWant {
    std::string fqdn;
    std::string release;  // "<version>-<hash12>", a folder of /opt/pchat/releases
    std::vector<NodeFile> files;
    std::vector<std::string> units;  // services, in the order in which they are started
};

}  // namespace pchat::cli
