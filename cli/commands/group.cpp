// SPDX-License-Identifier: Apache-2.0
// `group create`, `get`, `list`, `set`, `remove`.
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"

namespace pchat::cli {
namespace {

const Resource& groups() {
    static const Resource resource{
        .noun = "group",
        .plural = "groups",
        .name_key = "name",
        .name_help = "the group's name, with or without group:, or the id",
        .fields =
            {{.flag = "name",
              .key = "name",
              .value_name = "NAME",
              .help = "the new name",
              .create = false},
             {.flag = "display",
              .key = "display",
              .value_name = "TEXT",
              .help = "the name that people see"},
             {.flag = "email", .key = "email", .value_name = "ADDRESS", .help = "mail address"},
             {.flag = "member",
              .key = "members",
              .kind = FieldKind::list,
              .value_name = "PRINCIPAL",
              .help = "users and groups in it"}},
        .filters = {},
        .columns =
            {{"NAME", "name"},
             {"MEMBERS", "member_count", true},
             {"DISPLAY", "display"},
             {"SOURCE", "source"}},
        .removal = "with every entry that names it",
        .force = "even if a category denies it, whose rooms its members might get into then",
        .in_order = true};
    return resource;
}

}  // namespace

std::vector<Command> group_commands() {
    return resource_commands(groups());
}

}  // namespace pchat::cli
