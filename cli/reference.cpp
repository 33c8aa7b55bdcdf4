// SPDX-License-Identifier: Apache-2.0
#include "cli/reference.h"

#include "base/config/read.h"
#include "cli/help_text.h"
#include "cli/rule_words.h"
#include "cli/troff.h"
#include "topology/rules/rules.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>
#include <sstream>

namespace pchat::cli {
namespace {

using config::Field;
using config::FieldKind;
using config::Shape;
using topology::Rule;

std::string type_of(const Field& field) {
    switch (field.kind) {
    case FieldKind::text:
    case FieldKind::label:
        return field.refers.empty() ? "text" : fmt::format("name of a {}", field.refers);
    case FieldKind::boolean:
        return "true or false";
    case FieldKind::integer:
        return field.max < 1'000'000 ? fmt::format("number from {} to {}", field.min, field.max)
                                     : "number";
    case FieldKind::choice:
        return fmt::format("{}", fmt::join(field.choices, " | "));
    case FieldKind::text_list:
        return field.choices.empty() ? "list of texts"
                                     : fmt::format("list of {}", fmt::join(field.choices, " | "));
    case FieldKind::object:
        return "object";
    case FieldKind::object_list:
        return "list of objects";
    }
    return "";
}

void add_fields(std::string& out, const Shape& shape, const std::string& prefix) {
    for (const Field& field : shape.fields) {
        const std::string path =
            prefix + std::string{field.key} + (field.kind == FieldKind::object_list ? "[]" : "");
        std::string facts = type_of(field);
        if (field.required)
            facts += "; required";
        if (!field.default_text.empty())
            facts += fmt::format("; default {}", field.default_text);
        out += fmt::format(
            ".TP\n.B {}\n{}.\n{}.\n",
            troff_escape(path),
            troff_escape(facts),
            troff_escape(field.doc)
        );
        if (field.shape != nullptr)
            add_fields(out, field.shape(), path + ".");
    }
}

// The first finding of a test's expected text, which is one whole diagnostic.
std::string example_of(const std::filesystem::path& folder) {
    for (const char* name :
         {"bad.expected", "bad-sfb2015.expected", "bad-lync2013.expected", "bad/expected"}) {
        std::ifstream file{folder / name};
        if (!file)
            continue;
        std::ostringstream text;
        text << file.rdbuf();
        return text.str();
    }
    return {};
}

std::string entry(const Rule& rule, const std::filesystem::path& example) {
    std::string out = fmt::format("### {}: {}\n\n", rule.id, rule.title);
    out += fmt::format("*Severity:* {}. *Source:* {}.\n\n", severity_words(rule), rule.source);
    out += wrap(rule.why, 0, 100) + "\n";
    out += wrap(fmt::format("**Way out:** {}", rule.fix), 0, 100);
    if (const std::string text = example_of(example); !text.empty())
        out += fmt::format("\n```text\n{}```\n", text);
    return out + "\n";
}

}  // namespace

std::string topology_schema() {
    return config::json_schema(
        topology::topology_shape(),
        "urn:pchat:schema:topology:v1",
        "pchat topology document, apiVersion pchat/v1"
    );
}

std::string topology_fields() {
    std::string out;
    add_fields(out, topology::topology_shape(), "");
    return out;
}

std::string diagnostics_page(const std::filesystem::path& rule_data) {
    std::string out = "# Diagnostics\n\n"
                      "Every rule that a topology document, or the way from one to the next, is "
                      "judged by. This page is made by\n"
                      "`scripts/docs` from the rules themselves; `pchatctl topology explain RULE` "
                      "shows the same on a terminal.\n"
                      "The examples are the expected texts of the tests.\n\n"
                      "## One document\n\n";
    for (const Rule& rule : topology::static_rules())
        out += entry(rule, rule_data / "rules" / rule.id);
    out += "## From one document to the next\n\n";
    for (const Rule& rule : topology::transition_rules())
        out += entry(rule, rule_data / "transitions" / rule.id);
    out.pop_back();
    return out;
}

}  // namespace pchat::cli
