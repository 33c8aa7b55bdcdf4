// SPDX-License-Identifier: Apache-2.0
#include "generated/template_texts.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "topology/rules/rules.h"
#include "topology/templates.h"

#include <algorithm>

using namespace pchat;
using namespace pchat::topology;

namespace {

std::string findings(const std::string& text, Ruleset ruleset) {
    std::string out;
    for (const Diagnostic& found :
         judge(parse("x", text), {.today = {2026, 1, 1}, .ruleset = &ruleset}))
        if (!found.accepted)  // `embedded` accepts what its own comment announces
            out += found.rule + " " + found.message + "\n";
    return out;
}

}  // namespace

TEST_CASE("topology templates: each is listed, and each that is listed exists", "[templates]") {
    std::vector<std::string_view> listed;
    for (const Template& one : templates())
        listed.push_back(one.name);
    std::sort(listed.begin(), listed.end());
    CHECK(listed == template_text_names());
}

TEST_CASE("topology templates: each is valid as it comes", "[templates]") {
    for (const Template& one : templates()) {
        INFO(one.name);
        const auto text = fill_template(one.name, {});
        REQUIRE_OK(text);
        CHECK(*text == template_text(one.name));
        CHECK(text->find(one.domain) != std::string::npos);
        const std::string found = findings(*text, Ruleset::sfb2015);
        if (one.name == "enterprise-single") {
            // The advice that the template's own comment announces.
            CHECK(found.starts_with("POOL-03 "));
            CHECK(std::count(found.begin(), found.end(), '\n') == 1);
        } else {
            CHECK(found.empty());
        }
        CHECK(findings(*text, Ruleset::lync2013).find("SHAPE") == std::string::npos);
    }
}

TEST_CASE("topology templates: name and domains are put in", "[templates]") {
    for (const Template& one : templates()) {
        INFO(one.name);
        const auto text = fill_template(
            one.name, {.name = "acme: chat", .domains = {"corp.acme.example", "acme.example"}}
        );
        REQUIRE_OK(text);
        CHECK(text->find(one.domain) == std::string::npos);
        const Parsed parsed = parse("x", *text);
        CHECK(parsed.problems.empty());
        CHECK(*parsed.model.metadata.name == "acme: chat");
        CHECK(*parsed.model.spec.domain == "corp.acme.example");
        REQUIRE(parsed.model.spec.sip_domains.size() == 2);
        CHECK(*parsed.model.spec.sip_domains.items[1] == "acme.example");
        CHECK(findings(*text, Ruleset::sfb2015).find("error") == std::string::npos);
    }
}

TEST_CASE("topology templates: what cannot be a domain or a template is refused", "[templates]") {
    for (const std::string bad : {"", "a b", "a:b", "a\nb", "#", ".a", "a."}) {
        REQUIRE_ERR(
            fill_template("stretched", {.name = {}, .domains = {bad}}),
            Errc::invalid,
            "is not a domain name"
        );
    }
    REQUIRE_ERR(fill_template("strechted", {}), Errc::usage, "there is no template 'strechted'");
    CHECK(fill_template("strechted", {}).error().hint == "did you mean 'stretched'?");
}
