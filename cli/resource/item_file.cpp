// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/item_file.h"

#include "base/config/document.h"
#include "base/diagnostic.h"
#include "cli/topology_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <ostream>
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

}  // namespace

Result<Json> read_items(Context& ctx, const std::string& path, const std::string& plural) {
    Result<InputText> input = read_input(ctx, path);
    if (!input)
        return pass(std::move(input).error());
    const config::Document document = config::read_document(input->name, std::move(input->text));
    if (!document.root || tally(document.problems).errors > 0) {
        ctx.err << render_text(*document.source, document.problems);
        return fail_silently(Errc::bad_file);
    }
    Json items = to_json(*document.root);
    if (items.is_object() && items.contains(plural))
        items = Json(items[plural]);
    if (items.is_object())
        items = Json::array({std::move(items)});
    const auto is_object = [](const Json& item) { return item.is_object(); };
    if (!items.is_array() || !std::all_of(items.begin(), items.end(), is_object))
        return fail(
            Errc::bad_file,
            fmt::format("{} holds no list of {}", input->name, plural),
            fmt::format("write {}: and below it one item each: - {{name: ...}}", plural)
        );
    return items;
}

}  // namespace pchat::cli
