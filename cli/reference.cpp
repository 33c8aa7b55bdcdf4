// SPDX-License-Identifier: Apache-2.0
#include "cli/reference.h"

#include "base/config/read.h"
#include "cli/estate/document.h"
#include "cli/help_text.h"
#include "cli/rule_words.h"
#include "cli/troff.h"
#include "server/app/settings_rules.h"
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

// What the page says of any rule.
struct RuleText {
    std::string_view id;
    std::string_view title;
    std::string severity;
    std::string_view source;
    std::string_view why;
    std::string_view fix;
};

std::string entry(const RuleText& rule, const std::filesystem::path& example) {
    std::string out = fmt::format("### {}: {}\n\n", rule.id, rule.title);
    out += fmt::format("*Severity:* {}. *Source:* {}.\n\n", rule.severity, rule.source);
    out += wrap(rule.why, 0, 100) + "\n";
    out += wrap(fmt::format("**Way out:** {}", rule.fix), 0, 100);
    if (const std::string text = example_of(example); !text.empty())
        out += fmt::format("\n```text\n{}```\n", text);
    return out + "\n";
}

std::string entry(const Rule& rule, const std::filesystem::path& example) {
    return entry(
        RuleText{rule.id, rule.title, severity_words(rule), rule.source, rule.why, rule.fix},
        example
    );
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

std::string estate_schema() {
    return config::json_schema(
        estate_document_shape(),
        "urn:pchat:schema:estate:v1",
        "pchat estate document, apiVersion pchat/v1"
    );
}

std::string settings_schema() {
    return config::json_schema(
        app::settings_shape(), "urn:pchat:schema:pchatd:v1", "settings of pchatd: pchatd.yaml"
    );
}

std::string settings_fields() {
    std::string out;
    add_fields(out, app::settings_shape(), "");
    return out;
}

std::string diagnostics_page(const std::filesystem::path& test_data) {
    std::string out =
        "# Diagnostics\n\n"
        "Every rule that a topology document, the way from one to the next, or the "
        "settings of a server are\n"
        "judged by. This page is made by `scripts/docs` from the rules themselves; "
        "`pchatctl topology explain RULE`\n"
        "shows those of topologies on a terminal. The examples are the expected texts "
        "of the tests.\n\n"
        "## One document\n\n";
    const std::filesystem::path topologies = test_data / "topologies";
    for (const Rule& rule : topology::static_rules())
        out += entry(rule, topologies / "rules" / rule.id);
    out += "## From one document to the next\n\n";
    for (const Rule& rule : topology::transition_rules())
        out += entry(rule, topologies / "transitions" / rule.id);
    out += "## Settings of a server\n\n"
           "The SHAPE rules above hold for `pchatd.yaml` as well; these come to them.\n\n";
    for (const app::SettingsRule& rule : app::settings_rules())
        out += entry(
            RuleText{
                rule.id,
                rule.title,
                std::string{to_string(rule.severity)},
                "this project",
                rule.why,
                rule.fix},
            test_data / "settings/rules" / rule.id
        );
    out.pop_back();
    return out;
}

}  // namespace pchat::cli
