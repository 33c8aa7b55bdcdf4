// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/command.h"
#include "cli/ui/output.h"

#include <cstdint>
#include <string>
#include <vector>

namespace pchat::cli {

/// How a field of a thing is given on the command line.
enum class FieldKind : std::uint8_t {
    text,     // --description TEXT
    number,   // --history COUNT
    choice,   // --privacy {open | closed}
    boolean,  // --disabled, --disabled=false
    list,  // create: --member X; set: --add-member, --remove-member, --set-members, --clear-members
    password,  // --password-file FILE; sent as text
};

/// One field that can be set.
struct ResourceField {
    std::string flag;  // "member"
    std::string key;   // on the wire: "members"
    FieldKind kind = FieldKind::text;
    std::string value_name = {};  // "TEXT"
    std::string help = {};        // one phrase
    std::vector<std::string> choices =
        {};                  // of a choice; of a boolean: what true and false are sent as
    bool create = true;      // `create` takes it
    bool set = true;         // `set` takes it
    std::string whole = {};  // of a list in --set-X and --clear-X; empty: the flag with an s
};

/// What `list` can narrow down to, besides --filter and --limit.
struct ResourceFilter {
    std::string flag;  // also its name on the wire
    FieldKind kind = FieldKind::text;
    std::string value_name = {};
    std::string help = {};
    std::vector<std::string> choices =
        {};  // of a choice; of a boolean: what true and false are sent as
};

/// A kind of thing that can be created, looked at, listed, changed and removed by name: everything
/// that its five commands need.
struct Resource {
    std::string noun;      // "room"
    std::string plural;    // "rooms": the path and the key of lists
    std::string name_key;  // the field that names one: "name"
    std::string name_help;
    std::vector<ResourceField> fields;
    std::vector<ResourceFilter> filters;
    std::vector<Column> columns;
    std::string removal;     // what is lost: "with all its messages"
    std::string force = {};  // what `remove --force` does; empty: there is none
    bool upsert = false;     // `set` makes it when it is missing: there is no `create`
    bool in_order = false;   // items of a file may name those before them
};

/// "room create", "room get", "room list", "room set", "room remove". The resource must live as
/// long as the program.
std::vector<Command> resource_commands(const Resource& resource);

}  // namespace pchat::cli
