// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/unit/topology/rule_case.h"

using pchat::test::changed;
using pchat::test::enterprise_document;
using pchat::test::findings;
using pchat::test::said;

namespace {

const std::string instances =
    "    - {name: record, engine: postgresql, server: pg3.contoso.example, version: \"15\"}\n";

std::string recorded(const std::string& compliance) {
    return changed(
        enterprise_document(),
        {{"  fileStores:", instances + "  fileStores:"},
         {"{content: content}",
          "{content: content, compliance: record}\n      compliance: " + compliance}}
    );
}

// Two pools with these output directories.
std::string two_pools(
    const std::string& first, const std::string& second, const std::string& enabled = "true"
) {
    const std::string more =
        "    - {name: content2, engine: postgresql, server: pg4.contoso.example, version: \"15\"}\n"
        "    - {name: record2, engine: postgresql, server: pg5.contoso.example, version: \"15\"}\n";
    return changed(
               recorded("{enabled: true, outputDirectory: " + first + "}"),
               {{"  fileStores:", more + "  fileStores:"}}
           ) +
           "    - fqdn: second.contoso.example\n"
           "      displayName: Second\n"
           "      kind: multiple\n"
           "      site: redmond\n"
           "      nextHop: fe.contoso.example\n"
           "      dataResidency: law\n"
           "      machines: [{fqdn: pd1.contoso.example}]\n"
           "      databases: {content: content2, compliance: record2}\n"
           "      compliance: {enabled: " +
           enabled + ", outputDirectory: " + second +
           "}\n"
           "      fileStore: files\n";
}

}  // namespace

TEST_CASE(
    "compliance: the placement matters only where it is recorded, and only under sfb2015", "[rules]"
) {
    const std::string on_front_end = recorded("{enabled: true, placement: frontEnd}");
    CHECK(findings(recorded("{enabled: true}")) == "");
    CHECK(findings(on_front_end) == "error COMP-01");
    CHECK(findings(changed(on_front_end, {{"sfb2015", "lync2013"}})) == "");
    CHECK(said(recorded("{enabled: false, placement: frontEnd}"), "COMP-01") == "");
    CHECK(findings(recorded("{enabled: true, placement: frontend}")) == "error SHAPE-06");
}

TEST_CASE("compliance: output directories are compared as places, not as texts", "[rules]") {
    CHECK(findings(two_pools("/srv/a", "/srv/b")) == "");
    CHECK(findings(two_pools("/srv/a", "/srv/a/b")) == "");
    CHECK(findings(two_pools("/srv/a", "/srv/A")) == "");
    CHECK(findings(two_pools("/srv/a", "/srv/a")) == "error COMP-03");
    CHECK(findings(two_pools("/srv/a", "/srv//./a/")) == "error COMP-03");
    CHECK(said(two_pools("/srv/a", "/srv/a", "false"), "COMP-03") == "");
    CHECK(
        said(two_pools("/srv/a", "/srv/a"), "COMP-03").find("/srv/a/second") != std::string::npos
    );
}
