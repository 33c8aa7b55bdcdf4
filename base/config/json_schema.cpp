// SPDX-License-Identifier: Apache-2.0
#include "base/config/read.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <map>

namespace pchat::config {
namespace {

using Json = nlohmann::ordered_json;

// The names under "$defs": the object's own, qualified where two kinds share it ("capacity").
std::string definition_name(
    const Shape& shape,
    Json& definitions,
    const void* identity,
    std::map<const void*, std::string>& names
) {
    const auto known = names.find(identity);
    if (known != names.end())
        return known->second;
    std::string name{shape.name};
    for (char& c : name)
        if (c == ' ')
            c = '-';
    const std::string base = name;
    for (int number = 2; definitions.contains(name); ++number)
        name = fmt::format("{}-{}", base, number);
    names.emplace(identity, name);
    return name;
}

class SchemaWriter {
public:
    Json object(const Shape& shape) {
        Json out{{"type", "object"}, {"additionalProperties", false}};
        Json required = Json::array();
        out["properties"] = Json::object();
        for (const Field& field : shape.fields) {
            out["properties"][std::string{field.key}] = property(field);
            if (field.required)
                required.push_back(field.key);
        }
        if (!required.empty())
            out["required"] = std::move(required);
        return out;
    }

    Json definitions = Json::object();

private:
    Json reference(const Shape& shape) {
        const bool known = names_.contains(&shape);
        const std::string name = definition_name(shape, definitions, &shape, names_);
        if (!known) {
            definitions[name] = Json::object();  // reserves the name while the fields are written
            definitions[name] = object(shape);
        }
        return {{"$ref", "#/$defs/" + name}};
    }

    Json property(const Field& field) {
        Json out;
        switch (field.kind) {
        case FieldKind::text:
            out = {{"type", "string"}, {"maxLength", field.max_length}};
            break;
        case FieldKind::label:
            out = {{"type", Json::array({"string", "number"})}};
            break;
        case FieldKind::boolean:
            out = {{"type", "boolean"}};
            break;
        case FieldKind::integer:
            out = {{"type", "integer"}, {"minimum", field.min}, {"maximum", field.max}};
            break;
        case FieldKind::choice:
            out = choice(field);
            break;
        case FieldKind::text_list:
            out = {
                {"type", "array"},
                {"items", {{"type", "string"}, {"maxLength", field.max_length}}}};
            if (!field.choices.empty())
                out["items"] = {{"enum", field.choices}};
            break;
        case FieldKind::object:
            out = reference(field.shape());
            break;
        case FieldKind::object_list:
            out = {{"type", "array"}, {"items", reference(field.shape())}};
            if (field.required)
                out["minItems"] = 1;
            break;
        }
        out["description"] = field.doc;
        if (!field.default_text.empty())
            out["default"] = default_value(field);
        return out;
    }

    // Words that are numbers (2015) may be written with or without quotes.
    static Json choice(const Field& field) {
        Json values = Json::array();
        for (const std::string_view word : field.choices) {
            values.push_back(word);
            if (word.find_first_not_of("0123456789") == std::string_view::npos)
                values.push_back(std::stoi(std::string{word}));
        }
        return {{"enum", std::move(values)}};
    }

    static Json default_value(const Field& field) {
        if (field.kind == FieldKind::boolean)
            return field.default_text == "true";
        if (field.kind == FieldKind::integer)
            return std::stoll(std::string{field.default_text});
        return field.default_text;
    }

    std::map<const void*, std::string> names_;
};

}  // namespace

std::string json_schema(const Shape& root, std::string_view id, std::string_view title) {
    SchemaWriter writer;
    Json out{
        {"$schema", "https://json-schema.org/draft/2020-12/schema"}, {"$id", id}, {"title", title}};
    const Json top = writer.object(root);
    out.update(top);
    out["$defs"] = writer.definitions;
    return out.dump(2) + "\n";
}

}  // namespace pchat::config
