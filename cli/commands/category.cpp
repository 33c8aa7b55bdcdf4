// SPDX-License-Identifier: Apache-2.0
// `category create`, `get`, `list`, `set`, `remove`.
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"

namespace pchat::cli {
namespace {

const Resource& categories() {
    static const Resource resource{
        .noun = "category",
        .plural = "categories",
        .name_key = "name",
        .name_help = "the category's name or id",
        .fields =
            {{.flag = "name",
              .key = "name",
              .value_name = "NAME",
              .help = "the new name",
              .create = false},
             {.flag = "description",
              .key = "description",
              .value_name = "TEXT",
              .help = "what people read about it"},
             {.flag = "allow",
              .key = "allow",
              .kind = FieldKind::list,
              .value_name = "PRINCIPAL",
              .help = "who may be in its rooms",
              .whole = "allow"},
             {.flag = "deny",
              .key = "deny",
              .kind = FieldKind::list,
              .value_name = "PRINCIPAL",
              .help = "who may not, although allowed",
              .whole = "deny"},
             {.flag = "creator",
              .key = "creators",
              .kind = FieldKind::list,
              .value_name = "PRINCIPAL",
              .help = "who may create rooms in it"},
             {.flag = "invitations",
              .key = "invitations",
              .kind = FieldKind::boolean,
              .help = "people are told of rooms that they were added to"},
             {.flag = "file-upload",
              .key = "file_upload",
              .kind = FieldKind::boolean,
              .help = "files may be posted"},
             {.flag = "history",
              .key = "history",
              .kind = FieldKind::boolean,
              .help = "messages are kept"}},
        .filters = {},
        .columns =
            {{"NAME", "name"},
             {"ROOMS", "rooms", true},
             {"INVITATIONS", "invitations"},
             {"FILES", "file_upload"},
             {"HISTORY", "history"},
             {"DESCRIPTION", "description"}},
        .removal = "with its settings; it must hold no rooms"};
    return resource;
}

}  // namespace

std::vector<Command> category_commands() {
    return resource_commands(categories());
}

}  // namespace pchat::cli
