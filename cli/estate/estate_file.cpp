// SPDX-License-Identifier: Apache-2.0
#include "cli/estate/estate_file.h"

#include "base/config/read.h"
#include "base/unicode.h"
#include "cli/topology_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using config::Field;
using config::FieldKind;
using config::Object;
using config::Shape;
using Json = nlohmann::ordered_json;

// An export of ten thousand rooms can be read again.
constexpr config::DocumentLimits limits{std::size_t{32} * 1024 * 1024, 64, 2'000'000};

/// "maxFileSizeKb" -> "max_file_size_kb".
std::string wire_key(std::string_view key) {
    std::string out;
    for (const char c : key) {
        if (std::isupper(static_cast<unsigned char>(c)) != 0)
            out += '_';
        out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return out;
}

Json to_wire(const Object& object, const Shape& shape);

Json value_of(const Field& field, const Object& object) {
    switch (field.kind) {
    case FieldKind::boolean:
        return config::boolean_of(field, object);
    case FieldKind::integer:
        return config::integer_of(field, object);
    case FieldKind::choice:
        return config::choice_of(field, object);
    case FieldKind::text_list: {
        Json out = Json::array();
        for (const DescribedText& text : config::texts_of(field, object))
            out.push_back(*text);
        return out;
    }
    case FieldKind::object_list: {
        Json out = Json::array();
        for (std::size_t i = 0; i < config::count_of(field, object); ++i)
            out.push_back(to_wire(config::item_of(field, object, i), field.shape()));
        return out;
    }
    default:
        return config::text_of(field, object);
    }
}

/// Only what is there: the server leaves the rest as it is.
Json to_wire(const Object& object, const Shape& shape) {
    Json out = Json::object();
    for (const Field& field : shape.fields)
        if (config::slot_of(field, object).given())
            out[wire_key(field.key)] = value_of(field, object);
    return out;
}

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// Where in the item the problem is: at the text of a list, at the field, or at its name.
Span place_of(const Object& item, const Shape& shape, const Json& problem) {
    const Field* field = shape.find(document_key(text_of(problem, "field")));
    if (field == nullptr || !config::slot_of(*field, item).given())
        return item.at;
    const std::string value = text_of(problem, "value");
    if (field->kind == FieldKind::text_list)
        for (const DescribedText& text : config::texts_of(*field, item))
            if (*text == value)
                return text.at;
    return config::slot_of(*field, item).at;
}

}  // namespace

std::string document_key(const std::string& wire_key) {
    std::string out;
    bool upper = false;
    for (const char c : wire_key) {
        if (c == '_') {
            upper = true;
            continue;
        }
        out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        upper = false;
    }
    return out;
}

EstateFile parse_estate(std::string name, std::string text) {
    EstateFile file;
    file.document = config::read_document(std::move(name), std::move(text), limits);
    file.problems = file.document.problems;
    if (file.document.root)
        config::read_object(
            *file.document.root, estate_document_shape(), file.model, file.problems, "the document"
        );
    sort_by_place(file.problems);
    return file;
}

Result<EstateFile> load_estate(Context& ctx, const std::string& path) {
    Result<InputText> input = read_input(
        ctx, path, {limits.bytes, "write one from what is there: pchatctl estate export"}
    );
    if (!input)
        return pass(std::move(input).error());
    EstateFile file = parse_estate(std::move(input->name), std::move(input->text));
    if (tally(file.problems).errors == 0)
        return file;
    ctx.err << render_text(
        *file.document.source, file.problems, ctx.terminal.colour_err ? Colour::yes : Colour::no
    );
    return fail_silently(Errc::bad_file);
}

Json estate_request(const EstateFile& file, PruneAll prune) {
    Json out = Json::object();
    for (const Field& field : estate_document_shape().fields) {
        if (!config::slot_of(field, file.model).given() || field.kind == FieldKind::choice)
            continue;
        out[wire_key(field.key)] = value_of(field, file.model);
        if (prune == PruneAll::no || field.kind != FieldKind::object_list)
            continue;
        Json& sections = out["prune"];
        if (std::find(sections.begin(), sections.end(), Json(field.key)) == sections.end())
            sections.push_back(field.key);
    }
    return out;
}

std::vector<Diagnostic> estate_findings(const EstateFile& file, const Json& problems) {
    std::vector<Diagnostic> out;
    for (const Json& problem : problems) {
        Diagnostic finding;
        finding.rule = text_of(problem, "code");
        finding.message = text_of(problem, "message");
        finding.hint = text_of(problem, "hint");
        finding.at = file.model.at;
        const Field* section = estate_document_shape().find(text_of(problem, "section"));
        const auto index = problem.value("item", std::size_t{0});
        if (section != nullptr && section->kind == FieldKind::object_list &&
            index < config::count_of(*section, file.model)) {
            const Object& item = config::item_of(*section, file.model, index);
            const Shape& shape = section->shape();
            finding.at = place_of(item, shape, problem);
            finding.subject = fmt::format(
                "{} {}", shape.name, printable(config::text_of(*shape.find(shape.name_key), item))
            );
        }
        out.push_back(std::move(finding));
    }
    sort_by_place(out);
    return out;
}

Json estate_document(const Json& tree) {
    Json out{{"apiVersion", "pchat/v1"}, {"kind", "Estate"}};
    for (const auto& [section, items] : tree.items()) {
        Json list = Json::array();
        for (const Json& item : items) {
            Json entry = Json::object();
            for (const auto& [key, value] : item.items())
                entry[document_key(key)] = value;
            list.push_back(std::move(entry));
        }
        out[section] = std::move(list);
    }
    return out;
}

}  // namespace pchat::cli
