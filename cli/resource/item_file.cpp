// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/item_file.h"

#include "base/config/document.h"
#include "base/diagnostic.h"
#include "base/sha256.h"
#include "base/unicode.h"
#include "cli/topology_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <ostream>
#include <string_view>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using config::Node;
using config::NodeKind;

Json scalar_json(const Node& node) {
    if (node.style != config::ScalarStyle::plain)
        return node.value;
    if (node.value == "true" || node.value == "false")
        return node.value == "true";
    std::int64_t number = 0;
    const char* end = node.value.data() + node.value.size();
    const auto [stop, problem] = std::from_chars(node.value.data(), end, number);
    // "010" and "+1" stay what they look like: names.
    if (problem == std::errc{} && stop == end && std::to_string(number) == node.value)
        return number;
    return node.value;
}

Json to_json(const Node& node) {
    switch (node.kind) {
    case NodeKind::scalar:
        return scalar_json(node);
    case NodeKind::sequence: {
        Json out = Json::array();
        for (const Node& item : node.items)
            out.push_back(to_json(item));
        return out;
    }
    case NodeKind::mapping: {
        Json out = Json::object();
        for (const config::Entry& entry : node.entries)
            out[entry.key.value] = to_json(entry.value);
        return out;
    }
    case NodeKind::null:
    case NodeKind::broken:
        break;
    }
    return nullptr;
}

std::vector<ImportColumn> columns_of(const Resource& resource) {
    std::vector<ImportColumn> out{{resource.name_key}};
    for (const ResourceField& field : resource.fields) {
        if (!field.create || field.key == resource.name_key)
            continue;
        const bool words = field.choices.size() == 2;  // what true and false are sent as
        const auto kind = field.kind == FieldKind::list                ? ImportColumn::Kind::list
                          : field.kind == FieldKind::number            ? ImportColumn::Kind::number
                          : field.kind == FieldKind::boolean && !words ? ImportColumn::Kind::boolean
                                                                       : ImportColumn::Kind::text;
        out.push_back({field.key, kind});
    }
    return out;
}

bool ends_with_one_of(std::string_view path, std::initializer_list<std::string_view> endings) {
    return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
        return path.size() > ending.size() &&
               equal_ignoring_case(path.substr(path.size() - ending.size()), ending);
    });
}

std::string_view line_at(std::string_view text, std::size_t begin) {
    begin = std::min(text.find_first_not_of(" \t\r\n\xEF\xBB\xBF", begin), text.size());
    return text.substr(begin, text.find('\n', begin) - begin);
}

/// One object a line, or a line of columns: neither is a list of things in YAML.
bool is_lines(std::string_view text, const std::vector<ImportColumn>& columns) {
    std::string_view first = line_at(text, 0);
    if (first.starts_with('{')) {
        const auto next = static_cast<std::size_t>(first.data() + first.size() - text.data());
        return Json::accept(first) && line_at(text, next).starts_with('{');
    }
    while (first.ends_with('\r') || first.ends_with(' '))
        first.remove_suffix(1);
    for (bool more = true; more;) {
        const std::size_t comma = first.find(',');
        more = comma != std::string_view::npos;
        const std::string_view name = first.substr(0, comma);
        if (std::none_of(columns.begin(), columns.end(), [&](const ImportColumn& one) {
                return one.name == name;
            }))
            return false;
        first.remove_prefix(more ? comma + 1 : first.size());
    }
    return true;
}

Result<std::vector<ImportRow>> read_yaml(
    Context& ctx, const InputText& input, const std::string& plural
) {
    const config::Document document = config::read_document(input.name, input.text);
    if (!document.root || tally(document.problems).errors > 0) {
        ctx.err << render_text(*document.source, document.problems);
        return fail_silently(Errc::bad_file);
    }
    const Node* list = &*document.root;
    if (const config::Entry* named = list->find(plural))
        list = &named->value;
    std::vector<ImportRow> out;
    const auto take = [&](const Node& item) {
        const auto line = document.source->position(item.span.begin).line;
        out.push_back({static_cast<std::size_t>(line), to_json(item)});
    };
    if (list->kind == NodeKind::mapping)
        take(*list);
    for (const Node& item : list->items)
        take(item);
    const auto is_object = [](const ImportRow& row) { return row.item.is_object(); };
    const bool has_items = list->kind == NodeKind::mapping || list->kind == NodeKind::sequence;
    if (!has_items || !std::all_of(out.begin(), out.end(), is_object))
        return fail(
            Errc::bad_file,
            fmt::format("{} holds no list of {}", input.name, plural),
            fmt::format("write {}: and below it one item each: - {{name: ...}}", plural)
        );
    return out;
}

}  // namespace

Result<ItemFile> read_items(Context& ctx, const std::string& path, const Resource& resource) {
    const Result<InputText> input = read_input(ctx, path);
    if (!input)
        return pass(input.error());
    ItemFile out{input->name, sha256_hex(input->text), {}};
    const std::vector<ImportColumn> columns = columns_of(resource);
    const bool is_yaml = ends_with_one_of(path, {".yaml", ".yml", ".json"});
    if (ends_with_one_of(path, {".csv", ".jsonl", ".ndjson"}) ||
        (!is_yaml && is_lines(input->text, columns))) {
        Result<ImportRows> rows = read_import(ctx, *input, columns);
        if (!rows)
            return pass(std::move(rows).error());
        out.items = std::move(rows->rows);
        return out;
    }
    Result<std::vector<ImportRow>> items = read_yaml(ctx, *input, resource.plural);
    if (!items)
        return pass(std::move(items).error());
    out.items = std::move(*items);
    return out;
}

}  // namespace pchat::cli
