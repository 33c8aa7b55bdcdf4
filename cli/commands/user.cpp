// SPDX-License-Identifier: Apache-2.0
// `user create`, `get`, `list`, `set`, `remove`.
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"

namespace pchat::cli {
namespace {

const Resource& users() {
    static const Resource resource{
        .noun = "user",
        .plural = "users",
        .name_key = "user",
        .name_help = "the user as sip:user@domain, or the id",
        .fields =
            {{.flag = "display",
              .key = "display",
              .value_name = "TEXT",
              .help = "the name that others see"},
             {.flag = "email", .key = "email", .value_name = "ADDRESS", .help = "mail address"},
             {.flag = "company", .key = "company", .value_name = "TEXT", .help = "company"},
             {.flag = "site",
              .key = "site",
              .value_name = "NAME",
              .help = "site, which decides on the policy; default: the pool's"},
             {.flag = "password-file",
              .key = "password",
              .kind = FieldKind::password,
              .value_name = "FILE",
              .help = "where the password is; - is standard input"},
             {.flag = "disabled",
              .key = "disabled",
              .kind = FieldKind::boolean,
              .help = "may not sign in",
              .create = false},
             {.flag = "role",
              .key = "roles",
              .kind = FieldKind::list,
              .value_name = "ROLE",
              .help = "viewer, user-admin, pchat-admin, deploy-admin, compliance-officer or "
                      "administrator",
              .create = false}},
        .filters = {},
        .columns =
            {{"USER", "user"},
             {"DISPLAY", "display"},
             {"STATE", "state"},
             {"SITE", "site"},
             {"ROLES", "roles"}},
        .removal = "for ever; what was said stays"};
    return resource;
}

}  // namespace

std::vector<Command> user_commands() {
    return resource_commands(users());
}

}  // namespace pchat::cli
