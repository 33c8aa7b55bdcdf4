// SPDX-License-Identifier: Apache-2.0
// Bytes -> parse -> judge -> render -> edit. Besides crashes it looks for broken promises: findings
// point into the text, and an edit that was accepted leaves a document that can still be read.
#include "base/diagnostic.h"
#include "topology/edit.h"
#include "topology/parse.h"
#include "topology/render.h"
#include "topology/rules/rules.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::topology {
namespace {

void promise(bool kept, std::string_view what) {
    if (kept)
        return;
    std::fprintf(stderr, "broken promise: %.*s\n", static_cast<int>(what.size()), what.data());
    std::abort();
}

void check_findings(const Parsed& parsed, const std::vector<Diagnostic>& findings) {
    const SourceText& source = *parsed.document.source;
    for (const Diagnostic& finding : findings) {
        promise(finding.at.begin <= finding.at.end, "a span ends before it begins");
        promise(finding.at.end <= source.text().size(), "a span leaves the text");
        promise(!finding.rule.empty(), "a finding without a rule id");
    }
    promise(!render_text(source, findings).empty(), "no text for the findings");
    render_github(source, findings);
}

void check_edit(const Result<std::string>& edited) {
    if (!edited)
        return;
    promise(
        parse("edited.yaml", *edited).readable, "an accepted edit made the document unreadable"
    );
}

Target thing(std::string_view kind, std::string name) {
    return Target{std::string(kind), std::move(name), "", ""};
}

void check_edits(const Parsed& parsed) {
    const config::Document& document = parsed.document;
    const std::vector<Assignment> domain{{"domain", {"new: 'x' #"}}};
    check_edit(set_thing(document, thing(deployment_kind, ""), domain, {"sipDomains"}));
    check_edit(add_thing(document, thing("site", "added"), {}));
    if (parsed.model.spec.pools.empty())
        return;
    const std::string pool = parsed.model.spec.pools.items.front().fqdn.value;
    check_edit(set_thing(document, thing("pool", pool), {{"displayName", {"\xC3\xA9 \"y\""}}}, {}));
    check_edit(set_thing(document, thing("pool", pool), {{"ports.https", {"8443"}}}, {"tls"}));
    check_edit(add_thing(document, Target{"machine", "added.example", "pool", pool}, {}));
    check_edit(remove_thing(document, thing("pool", pool)));
}

}  // namespace
}  // namespace pchat::topology

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace pchat::topology;
    std::string text(data, data + size);
    const Parsed parsed = parse("fuzz.yaml", std::move(text));
    check_findings(parsed, judge(parsed, JudgeOptions{Date{2026, 1, 1}, nullptr}));
    if (!parsed.readable)
        return 0;
    render_svg(parsed.model);
    render_dot(parsed.model);
    render_mermaid(parsed.model);
    check_edits(parsed);
    return 0;
}
