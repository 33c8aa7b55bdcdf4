// SPDX-License-Identifier: Apache-2.0
#include "base/suggest.h"
#include "base/unicode.h"
#include "topology/edit.h"
#include "topology/model.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

namespace pchat::topology {
namespace {

using config::Field;
using config::FieldKind;

const Shape& spec_shape() {
    return topology_shape().find("spec")->shape();
}

const Shape* shape_of(const EditKind& kind) {
    if (kind.word == "machine")
        return &spec_shape().find("pools")->shape().find("machines")->shape();
    return &spec_shape().find(kind.list)->shape();
}

void collect(const Shape& shape, const std::string& prefix, std::vector<EditField>& fields) {
    for (const Field& field : shape.fields) {
        const std::string path = prefix + std::string{field.key};
        if (field.kind == FieldKind::object)
            collect(field.shape(), path + ".", fields);
        else
            fields.push_back({path, &field});
    }
}

bool is_secret(const EditField& field) {
    return field.path.starts_with("credentials.") || field.path == "tls.key";
}

std::string wrong_text(const Field& field, const std::string& text) {
    if (first_invalid_utf8(text))
        return "is not UTF-8 text";
    if (printable(text) != text)
        return "must be one line without control characters";
    if (count_code_points(text) > field.max_length)
        return fmt::format("must not be longer than {} characters", field.max_length);
    if (field.choices.empty() ||
        std::find(field.choices.begin(), field.choices.end(), text) != field.choices.end())
        return {};
    const auto guess = nearest(text, field.choices);
    return fmt::format(
        "must be one of {}, got '{}'{}",
        fmt::join(field.choices, ", "),
        text,
        guess ? fmt::format("; did you mean '{}'?", *guess) : ""
    );
}

std::string wrong_integer(const Field& field, const std::string& text) {
    std::int64_t number = 0;
    const char* end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, number);
    const bool spelled_out =
        text == "0" || (!text.empty() && text.front() != '0' && !text.starts_with("-0"));
    if (problem == std::errc{} && stop == end && spelled_out && number >= field.min &&
        number <= field.max)
        return {};
    return fmt::format(
        "must be a whole number from {} to {}, got '{}'",
        field.min,
        field.max,
        printable(text.substr(0, 60))
    );
}

}  // namespace

const std::vector<EditKind>& edit_kinds() {
    static const std::vector<EditKind> kinds{
        {"site", "sites", "a site", "name", {"name"}},
        {"data-center", "dataCenters", "a data center", "name", {"name"}},
        {"link", "links", "a link between two data centers", "link", {"between"}, "A:B"},
        {"front-end", "frontEnds", "a front end", "fqdn", {"fqdn"}},
        {"other-server", "otherServers", "another server", "fqdn", {"fqdn"}},
        {"sql-instance", "sqlInstances", "an SQL instance", "name", {"name"}},
        {"file-store", "fileStores", "a file store", "name", {"name"}},
        {"pool", "pools", "a pool", "fqdn", {"fqdn"}},
        {"machine", "machines", "a machine of a pool or a front end", "fqdn", {"fqdn"}},
        {"acceptance", "accept", "an accepted warning", "acceptance", {"rule", "on"}, "RULE:NAME"},
    };
    return kinds;
}

const EditKind* find_edit_kind(std::string_view word) {
    const auto& kinds = edit_kinds();
    const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const EditKind& kind) {
        return kind.word == word;
    });
    return found == kinds.end() ? nullptr : &*found;
}

std::vector<EditField> edit_fields(std::string_view kind) {
    std::vector<EditField> fields;
    if (kind == deployment_kind) {
        collect(topology_shape().find("metadata")->shape(), "", fields);
        collect(spec_shape(), "", fields);
        std::erase_if(fields, [](const EditField& field) {
            return field.field->kind == FieldKind::object_list;
        });
        return fields;
    }
    const EditKind* known = find_edit_kind(kind);
    if (known == nullptr)
        return fields;
    collect(*shape_of(*known), "", fields);
    std::erase_if(fields, [&](const EditField& field) {
        return std::find(known->naming.begin(), known->naming.end(), field.path) !=
               known->naming.end();
    });
    return fields;
}

std::string flag_name(std::string_view path) {
    std::string flag;
    for (const char c : path) {
        if (c >= 'A' && c <= 'Z') {
            flag += '-';
            flag += static_cast<char>(c - 'A' + 'a');
        } else {
            flag += c == '.' ? '-' : c;
        }
    }
    return flag;
}

std::string refusal(const EditField& field, const std::string& text) {
    if (is_secret(field) && !text.starts_with("env:") && !text.starts_with("file:"))
        return "takes a reference, env:VARIABLE or file:PATH, and never the secret itself";
    switch (field.field->kind) {
    case FieldKind::boolean:
        return text == "true" || text == "false"
                   ? ""
                   : fmt::format("must be true or false, got '{}'", printable(text.substr(0, 60)));
    case FieldKind::integer:
        return wrong_integer(*field.field, text);
    case FieldKind::object_list:
        return text.empty() ? "must not be empty"
                            : wrong_text(field.field->shape().fields.front(), text);
    default:
        return wrong_text(*field.field, text);
    }
}

}  // namespace pchat::topology
