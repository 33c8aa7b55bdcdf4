// SPDX-License-Identifier: Apache-2.0
// `addin create`, `get`, `list`, `set`, `remove`.
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"

namespace pchat::cli {
namespace {

const Resource& addins() {
    static const Resource resource{
        .noun = "addin",
        .plural = "addins",
        .name_key = "name",
        .name_help = "the add-in's name or id",
        .fields =
            {{.flag = "name",
              .key = "name",
              .value_name = "NAME",
              .help = "the new name",
              .create = false},
             {.flag = "url", .key = "url", .value_name = "URL", .help = "the page that rooms show"},
             {.flag = "allow-http",
              .key = "allow_http",
              .kind = FieldKind::boolean,
              .help = "the page may be without encryption"}},
        .filters = {},
        .columns = {{"NAME", "name"}, {"ROOMS", "rooms", true}, {"URL", "url"}},
        .removal = "from the pool",
        .force = "even if rooms show it: then they show none"};
    return resource;
}

}  // namespace

std::vector<Command> addin_commands() {
    return resource_commands(addins());
}

}  // namespace pchat::cli
