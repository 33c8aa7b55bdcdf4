// SPDX-License-Identifier: Apache-2.0
#include "base/diagnostic_json.h"

#include "base/unicode.h"

#include <nlohmann/json.hpp>

namespace pchat {
namespace {

using Json = nlohmann::ordered_json;

// Names and messages may quote bytes of a broken file; JSON holds UTF-8 only.
std::string clean(std::string_view text) {
    return first_invalid_utf8(text) ? printable(text) : std::string{text};
}

Json sarif_place(const SourceText& source, Span at) {
    const Position begin = source.position(at.begin);
    const Position end = source.position(at.end);
    Json region{{"startLine", begin.line}, {"startColumn", begin.column}};
    if (at.end > at.begin) {
        region["endLine"] = end.line;
        region["endColumn"] = end.column;
    }
    return {
        {"physicalLocation",
         {{"artifactLocation", {{"uri", clean(source.name())}}}, {"region", region}}}};
}

Json sarif_result(const SourceText& source, const Diagnostic& diagnostic) {
    const std::string text =
        diagnostic.hint.empty() ? diagnostic.message : diagnostic.message + ". " + diagnostic.hint;
    Json result{
        {"ruleId", diagnostic.rule},
        {"level", to_string(diagnostic.severity)},
        {"message", {{"text", clean(text)}}},
        {"locations", Json::array({sarif_place(source, diagnostic.at)})}};
    for (const DiagnosticNote& note : diagnostic.notes) {
        Json place = sarif_place(source, note.at);
        place["message"] = {{"text", clean(note.message)}};
        result["relatedLocations"].push_back(std::move(place));
    }
    if (diagnostic.accepted)
        result["suppressions"] = Json::array({{{"kind", "inSource"}}});
    return result;
}

}  // namespace

Json diagnostics_to_json(const SourceText& source, const std::vector<Diagnostic>& diagnostics) {
    const Tally count = tally(diagnostics);
    Json out{
        {"file", clean(source.name())},
        {"errors", count.errors},
        {"warnings", count.warnings},
        {"diagnostics", Json::array()}};
    for (const Diagnostic& d : diagnostics) {
        const Position at = source.position(d.at.begin);
        Json item{
            {"rule", d.rule},
            {"severity", to_string(d.severity)},
            {"line", at.line},
            {"column", at.column},
            {"subject", clean(d.subject)},
            {"message", clean(d.message)},
            {"hint", clean(d.hint)},
            {"accepted", d.accepted}};
        if (!d.remark.empty())
            item["remark"] = clean(d.remark);
        for (const DiagnosticNote& note : d.notes) {
            const Position other = source.position(note.at.begin);
            item["notes"].push_back(
                {{"line", other.line}, {"column", other.column}, {"message", clean(note.message)}}
            );
        }
        out["diagnostics"].push_back(std::move(item));
    }
    return out;
}

Json diagnostics_to_sarif(
    const std::vector<SarifInput>& inputs,
    const std::vector<SarifRule>& rules,
    std::string_view tool_version
) {
    Json driver{{"name", "pchatctl"}, {"version", tool_version}, {"rules", Json::array()}};
    for (const SarifRule& rule : rules)
        driver["rules"].push_back(
            {{"id", rule.id},
             {"shortDescription", {{"text", rule.title}}},
             {"fullDescription", {{"text", rule.help}}}}
        );
    Json results = Json::array();
    for (const SarifInput& input : inputs)
        for (const Diagnostic& diagnostic : *input.diagnostics)
            results.push_back(sarif_result(*input.source, diagnostic));
    const Json run{
        {"tool", {{"driver", driver}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}};
    return {
        {"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
        {"version", "2.1.0"},
        {"runs", Json::array({run})}};
}

}  // namespace pchat
