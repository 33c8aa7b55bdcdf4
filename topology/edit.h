// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/config/document.h"
#include "base/config/shape.h"
#include "base/result.h"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::topology {

/// A kind of thing that `topology add|set|remove` knows.
struct EditKind {
    std::string_view word;  // "sql-instance"
    std::string_view list;  // its list in spec: "sqlInstances"; machine: "machines" of its parent
    std::string_view summary;                   // "an SQL instance"
    std::string_view value_name;                // how help calls its name: "fqdn"
    std::vector<std::string_view> naming = {};  // the fields that the name consists of
    std::string_view form = {};                 // of a name of two parts: "RULE:NAME"
};
const std::vector<EditKind>& edit_kinds();
const EditKind* find_edit_kind(std::string_view word);

/// The word for metadata and spec themselves, which can only be set.
inline constexpr std::string_view deployment_kind = "deployment";

/// A field that can be given a value, from the field table: of an object inside the thing as
/// "ports.https".
struct EditField {
    std::string path;
    const config::Field* field = nullptr;
};
/// In the order of the field table; what the name consists of is left out. Empty for an unknown
/// kind.
std::vector<EditField> edit_fields(std::string_view kind);

/// "ports.busClient" as a flag: "ports-bus-client".
std::string flag_name(std::string_view path);

/// What is wrong with `text` as a value of the field, as the rest of a sentence that begins with
/// the field: "must be true or false, got 'ja'". Empty when nothing is. Never tells a credential.
std::string refusal(const EditField& field, const std::string& text);

/// Values for a field by its path; more than one for lists.
struct Assignment {
    std::string path;
    std::vector<std::string> values;
};

/// Which thing is meant.
struct Target {
    std::string kind;         // an EditKind word, or deployment_kind
    std::string name;         // of two parts: "dc1:dc2", "SQL-04:content"
    std::string parent_kind;  // machines only: "pool" or "front-end" ...
    std::string parent;  // ... and its name; may be left out where one machine only has the name
};

/// The text after the edit; every byte that the edit does not mean stays as it was, and an edit
/// that changes nothing returns the same text. Names and values are checked against the field
/// table; whether the result is a good topology is for judge(). Errc::conflict: there is such a
/// thing already.
Result<std::string> add_thing(
    const config::Document& document, const Target& target, const std::vector<Assignment>& values
);
/// `unset` names fields, or objects of them ("tls"), that are taken out.
Result<std::string> set_thing(
    const config::Document& document,
    const Target& target,
    const std::vector<Assignment>& values,
    const std::vector<std::string>& unset
);
/// Comment lines directly above the thing, indented like it, belong to it and go with it.
Result<std::string> remove_thing(const config::Document& document, const Target& target);

}  // namespace pchat::topology
