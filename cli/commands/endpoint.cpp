// SPDX-License-Identifier: Apache-2.0
// `endpoint create`, `list`, `remove`: the rows of a resource that never changes.
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"

#include <algorithm>

namespace pchat::cli {
namespace {

const Resource& endpoints() {
    static const Resource resource{
        .noun = "endpoint",
        .plural = "endpoints",
        .name_key = "address",
        .name_help = "the endpoint's address: sip:name@domain",
        .fields =
            {{.flag = "pool",
              .key = "pool",
              .value_name = "FQDN",
              .help = "the pool that it leads to; default: that of the server",
              .set = false},
             {.flag = "display",
              .key = "display",
              .value_name = "TEXT",
              .help = "what people see; default: the part before the @",
              .set = false}},
        .filters =
            {{.flag = "pool", .value_name = "FQDN", .help = "only those that lead to this pool"}},
        .columns = {{"ADDRESS", "address"}, {"POOL", "pool"}, {"DISPLAY", "display"}},
        .removal = "and legacy clients that use it find no pool"};
    return resource;
}

}  // namespace

std::vector<Command> endpoint_commands() {
    std::vector<Command> rows = resource_commands(endpoints());
    std::erase_if(rows, [](const Command& one) {
        return one.path == "endpoint get" || one.path == "endpoint set";
    });
    for (Command& one : rows)
        if (one.path == "endpoint create")
            one.summary = "Give a pool one more address, or all of a file";
        else if (one.path == "endpoint remove")
            one.summary = "Remove an endpoint";
    return rows;
}

}  // namespace pchat::cli
