// SPDX-License-Identifier: Apache-2.0
#include "server/api/estate_tree.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/wire/json_text.h"
#include "server/wire/object_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::api {
namespace {

using Texts = std::vector<std::string>;

// The published size of a pool: 33,077 rooms and a grant for each of 150,000 users.
constexpr std::size_t most_items = 150'000;  // of a section
constexpr std::size_t most_values = 1'500'000;
constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check

/// The names that an object may have.
std::vector<std::string_view> known_names(const EstateShape& shape) {
    std::vector<std::string_view> out{shape.name_key};
    for (const EstateField& field : shape.fields)
        out.push_back(field.key);
    return out;
}

/// Fails when the object has a field of another name.
Result<void> check_names(
    const wire::JsonNode& object, const std::vector<std::string_view>& names, std::string_view where
) {
    const wire::JsonNode* member = &object + 1;
    for (std::uint32_t i = 0; i < object.members; ++i, member += member->nodes) {
        if (std::find(names.begin(), names.end(), member->name) != names.end())
            continue;
        const auto near = nearest(member->name, names);
        return fail_as(
            "bad-request",
            Errc::usage,
            fmt::format("unknown field '{}' in {}", printable(member->name.substr(0, 60)), where),
            near ? fmt::format("did you mean '{}'?", *near) : std::string{}
        );
    }
    return {};
}

void read_field(wire::ObjectReader& in, const EstateField& field, EstateItem& item) {
    switch (field.kind) {
    case EstateKind::flag:
        if (const auto value = in.optional_bool(field.key))
            item.has[field.key] = *value;
        return;
    case EstateKind::number:
        if (const auto value = in.optional_int(field.key))
            item.has[field.key] = *value;
        return;
    case EstateKind::choice:
        if (const auto value = in.optional_choice(field.key, field.choices))
            item.has[field.key] = std::string{field.choices[*value]};
        return;
    case EstateKind::text:
    case EstateKind::reference:
        if (const auto value = in.optional_text(field.key, any))
            item.has[field.key] = std::string{*value};
        return;
    case EstateKind::principals:
        if (auto value = in.text_list(field.key, {most_listed, {1, 512}}))
            item.has[field.key] = std::move(*value);
        return;
    }
}

/// The objects of a section, whose readers do not tell which fields they have.
std::vector<const wire::JsonNode*> nodes_of(const wire::JsonNode& root, std::string_view section) {
    std::vector<const wire::JsonNode*> out;
    const wire::JsonNode* member = &root + 1;
    for (std::uint32_t i = 0; i < root.members; ++i, member += member->nodes) {
        if (member->name != section)
            continue;
        const wire::JsonNode* item = member + 1;
        for (std::uint32_t k = 0; k < member->members; ++k, item += item->nodes)
            out.push_back(item);
        break;  // of a field that comes twice the first counts
    }
    return out;
}

Result<void> read_section(
    const wire::JsonNode& root, wire::ObjectReader& in, EstateNoun noun, EstateSection& out
) {
    const EstateShape& shape = estate_shape(noun);
    const std::vector<std::string_view> names = known_names(shape);
    std::vector<wire::ObjectReader> rows = in.objects(shape.section, most_items);
    if (in.problem())
        return pass(*in.problem());
    const std::vector<const wire::JsonNode*> nodes = nodes_of(root, shape.section);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const std::string where = fmt::format("{}[{}]", shape.section, i);
        if (Result<void> known = check_names(*nodes[i], names, where); !known)
            return known;
        EstateItem item = estate_item(std::string{rows[i].required_text(shape.name_key, any)});
        for (const EstateField& field : shape.fields)
            read_field(rows[i], field, item);
        in.adopt(shape.section, rows[i]);
        if (in.problem())
            return pass(*in.problem());
        out.items.push_back(std::move(item));
    }
    return {};
}

Result<void> read_prune(wire::ObjectReader& in, Estate& out) {
    const auto sections = in.text_list("prune", {estate_noun_count, {1, 64}});
    if (in.problem())
        return pass(*in.problem());
    for (const std::string& section : sections.value_or(Texts{})) {
        const auto noun =
            std::find_if(estate_nouns.begin(), estate_nouns.end(), [&](EstateNoun one) {
                return estate_shape(one).section == section;
            });
        if (noun == estate_nouns.end())
            return fail_as(
                "bad-value",
                Errc::invalid,
                fmt::format("prune: there is no section '{}'", printable(section)),
                {},
                "prune"
            );
        out[*noun].prune = true;
    }
    return {};
}

void write_value(wire::FieldWriter& out, std::string_view name, const EstateValue& value) {
    if (const auto* flag = std::get_if<bool>(&value))
        out.boolean(name, *flag);
    else if (const auto* number = std::get_if<std::int64_t>(&value))
        out.number(name, *number);
    else if (const auto* text = std::get_if<std::string>(&value))
        out.text(name, wire::well_formed(*text));
    else
        out.texts(name, std::get<Texts>(value));
}

void write_difference(std::string& text, const EstateDifference& one) {
    text += '{';
    wire::FieldWriter out{text};
    out.text("field", one.field);
    const auto is_list = [](const std::optional<EstateValue>& value) {
        return value && std::holds_alternative<Texts>(*value);
    };
    if (is_list(one.before) || is_list(one.after)) {
        out.texts("added", one.added()).texts("removed", one.removed());
    } else {
        if (one.before)
            write_value(out, "before", *one.before);
        if (one.after)
            write_value(out, "after", *one.after);
    }
    text += '}';
}

void write_loss(std::string& text, const EstateLoss& one) {
    text += '{';
    wire::FieldWriter out{text};
    out.text("kind", one.kind);
    if (!one.of.empty())
        out.text("of", one.of);
    out.text("name", one.name);
    if (!one.list.empty())
        out.text("list", one.list);
    if (!one.principal.empty())
        out.text("principal", one.principal);
    if (one.messages > 0)
        out.number("messages", one.messages);
    text += '}';
}

std::string_view to_string(EstateAction action) {
    switch (action) {
    case EstateAction::create:
        return "create";
    case EstateAction::set:
        return "set";
    case EstateAction::remove:
        break;
    }
    return "remove";
}

void write_step(std::string& text, const EstateStep& step) {
    const EstateChange& change = step.change;
    text += '{';
    wire::FieldWriter out{text};
    out.text("action", to_string(change.action))
        .text("noun", estate_shape(change.noun).word)
        .text("name", change.name)
        .list("fields", change.fields, write_difference)
        .list("losses", step.losses, write_loss);
    text += '}';
}

void write_problem(std::string& text, const EstateProblem& one) {
    text += '{';
    wire::FieldWriter{text}
        .text("section", estate_shape(one.noun).section)
        .number("item", static_cast<std::int64_t>(one.item))
        .text("field", one.field)
        .text("value", wire::well_formed(one.value))
        .text("code", error_token(one.error))
        .text("message", wire::well_formed(one.error.message))
        .text("hint", wire::well_formed(one.error.hint));
    text += '}';
}

}  // namespace

Result<Estate> read_estate_tree(std::string_view body) {
    wire::JsonDocument document;
    const auto root = document.parse(body, most_values);
    if (!root)
        return pass(root.error());
    std::vector<std::string_view> names{"prune"};
    for (const EstateNoun noun : estate_nouns)
        names.push_back(estate_shape(noun).section);
    if (Result<void> known = check_names(**root, names, "the estate"); !known)
        return pass(std::move(known).error());
    wire::ObjectReader in{**root};
    Estate out;
    for (const EstateNoun noun : estate_nouns)
        if (Result<void> read = read_section(**root, in, noun, out[noun]); !read)
            return pass(std::move(read).error());
    if (Result<void> read = read_prune(in, out); !read)
        return pass(std::move(read).error());
    return out;
}

std::string estate_tree(const Estate& estate) {
    std::string text = "{";
    wire::FieldWriter out{text};
    for (const EstateNoun noun : estate_nouns) {
        const EstateShape& shape = estate_shape(noun);
        out.list(shape.section, estate[noun].items, [&](std::string& list, const EstateItem& item) {
            list += '{';
            wire::FieldWriter fields{list};
            fields.text(shape.name_key, item.name);
            for (const EstateField& field : shape.fields)
                if (const EstateValue* value = item.find(field.key))
                    write_value(fields, field.key, *value);
            list += '}';
        });
    }
    return text + "}";
}

std::string estate_answer(const EstateOutcome& outcome, bool dry_run) {
    std::string text = "{";
    wire::FieldWriter{text}
        .boolean("applied", outcome.problems.empty() && !dry_run)
        .text("plan", outcome.plan)
        .list("changes", outcome.steps, write_step)
        .list("problems", outcome.problems, write_problem);
    return text + "}";
}

}  // namespace pchat::api
