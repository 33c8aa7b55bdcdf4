// SPDX-License-Identifier: Apache-2.0
// How the rules on editions and collocation keep out of each other's way. What each one says of a
// document stands in tests/data/topologies/rules.
#include "tests/support/catch.h"
#include "tests/unit/topology/rule_case.h"

using pchat::test::changed;
using pchat::test::enterprise_document;
using pchat::test::findings;
using pchat::test::standard_document;

TEST_CASE("editions: the plain documents have no finding under either ruleset", "[rules]") {
    for (const std::string& document : {enterprise_document(), standard_document()}) {
        CHECK(findings(document) == "");
        CHECK(findings(changed(document, {{"sfb2015", "lync2013"}})) == "");
    }
}

TEST_CASE("editions: a machine shared with a front end is one finding", "[rules]") {
    const std::string taken = "fqdn: pc1.contoso.example";
    CHECK(
        findings(changed(enterprise_document(), {{taken, "fqdn: fe1.contoso.example"}})) ==
        "error ED-01"
    );
    SECTION("ports and names are not judged on top") {
        CHECK(
            findings(changed(
                enterprise_document(),
                {{taken, "fqdn: fe1.contoso.example"},
                 {"    - fqdn: pchat.contoso.example", "    - fqdn: fe1.contoso.example"},
                 {"defaultPool: pchat.", "defaultPool: fe1."}}
            )) == "error POOL-05, error ED-01"
        );
    }
    SECTION("an edition that cannot be read decides nothing") {
        CHECK(
            findings(changed(
                enterprise_document(),
                {{taken, "fqdn: fe1.contoso.example"},
                 {"edition: enterprise", "edition: enterprize"}}
            )) == "error SHAPE-06"
        );
    }
}

TEST_CASE(
    "editions: a Standard Edition server with two machines of one pool is one finding", "[rules]"
) {
    const std::string two = changed(
        standard_document(),
        {{"        - {fqdn: se1.office.example}\n",
          "        - {fqdn: se1.office.example}\n        - {fqdn: pc2.office.example}\n"}}
    );
    CHECK(findings(two) == "error ED-03");
    CHECK(findings(changed(two, {{"kind: single", "kind: multiple"}})) == "error ED-03");
    CHECK(
        findings(changed(two, {{"ports: {https: 8443}", "ports: {https: 443}"}})) == "error ED-03"
    );
}

TEST_CASE(
    "editions: a pool with another name on a Standard Edition server is ED-02, not POOL-04",
    "[rules]"
) {
    CHECK(
        findings(changed(
            standard_document(),
            {{"    - fqdn: se1.office.example\n      displayName",
              "    - fqdn: rooms.office.example\n      displayName"},
             {"defaultPool: se1", "defaultPool: rooms"}}
        )) == "error ED-02"
    );
}

TEST_CASE("editions: production is judged only where it is said", "[rules]") {
    CHECK(
        findings(changed(standard_document(), {{"spec:", "spec:\n  production: true"}})) ==
        "warning ED-04"
    );
    CHECK(findings(changed(standard_document(), {{"spec:", "spec:\n  production: false"}})) == "");
    CHECK(
        findings(changed(standard_document(), {{"spec:", "spec:\n  production: yes"}})) ==
        "error SHAPE-02"
    );
}

TEST_CASE("editions: without front ends nothing is said of next hops", "[rules]") {
    const std::string listed = "  frontEnds:\n    - fqdn: fe.contoso.example\n      edition: "
                               "enterprise\n      site: redmond\n"
                               "      machines: [{fqdn: fe1.contoso.example}]\n";
    CHECK(findings(changed(enterprise_document(), {{listed, ""}})) == "error ED-07");
    CHECK(
        findings(changed(enterprise_document(), {{listed, "  frontEnds: []\n"}})) == "error ED-07"
    );
    CHECK(
        findings(changed(enterprise_document(), {{listed, "  frontEnds: none\n"}})) ==
        "error SHAPE-02"
    );
}

TEST_CASE("editions: a role on another host is nobody's business", "[rules]") {
    const auto with_role = [](const std::string& host, const std::string& roles) {
        return changed(
            enterprise_document(),
            {{"  sqlInstances:",
              "  otherServers:\n    - {fqdn: " + host + ", roles: [" + roles +
                  "]}\n  sqlInstances:"}}
        );
    };
    CHECK(findings(with_role("edge1.contoso.example", "edge, reverseProxy")) == "");
    CHECK(findings(with_role("fe1.contoso.example", "mediation")) == "");
    CHECK(findings(with_role("pc1.contoso.example", "monitoring, archiving")) == "");
    CHECK(
        findings(with_role("pc1.contoso.example", "edge, reverseProxy")) ==
        "error ED-08, error ED-09"
    );
    CHECK(findings(with_role("pc1.contoso.example", "egde")) == "error SHAPE-06");
}

TEST_CASE("editions: one pool written twice is not one finding for each machine", "[rules]") {
    const std::string document = enterprise_document();
    const std::size_t pool = document.find("    - fqdn: pchat.contoso.example");
    const std::string again = changed(document.substr(pool), {{"Contoso rooms", "Rooms"}});
    CHECK(findings(document + again).find("ED-12") == std::string::npos);
    CHECK(findings(document + again).find("POOL-17") == std::string::npos);
    CHECK(findings(document + again).find("error REF-02") != std::string::npos);
}
