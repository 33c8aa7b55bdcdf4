// SPDX-License-Identifier: Apache-2.0
// The edges of the rules on a pool's shape and surroundings, and where they stay silent.
#include "tests/support/catch.h"
#include "tests/unit/topology/rule_case.h"

using pchat::test::changed;
using pchat::test::enterprise_document;
using pchat::test::findings;
using pchat::test::said;
using pchat::test::standard_document;

namespace {

const std::string machines =
    "        - {fqdn: pc1.contoso.example}\n        - {fqdn: pc2.contoso.example}\n";

// The enterprise document with these machines, `extra` behind the name of each.
std::string with_machines(int count, const std::string& extra = "") {
    std::string listed;
    for (int i = 1; i <= count; ++i)
        listed += "        - {fqdn: pc" + std::to_string(i) + ".contoso.example" + extra + "}\n";
    return changed(enterprise_document(), {{machines, listed}});
}

std::string with_ports(const std::string& ports) {
    return changed(
        enterprise_document(),
        {{"      machines:\n        - {fqdn: pc1",
          "      ports: " + ports + "\n      machines:\n        - {fqdn: pc1"}}
    );
}

// A second pool behind the first one; `more` are further lines of it.
std::string with_second_pool(const std::string& more) {
    const std::string second = "    - fqdn: second.contoso.example\n"
                               "      displayName: Second\n"
                               "      kind: multiple\n"
                               "      site: redmond\n"
                               "      nextHop: fe.contoso.example\n"
                               "      machines: [{fqdn: pd1.contoso.example}]\n"
                               "      databases: {content: other}\n"
                               "      fileStore: files\n";
    return changed(
               enterprise_document(),
               {{"  fileStores:",
                 "    - {name: other, engine: postgresql, server: pg2.contoso.example, version: "
                 "\"15\"}\n  fileStores:"}}
           ) +
           second + more;
}

}  // namespace

TEST_CASE("pool: the limits on machines hold exactly", "[rules]") {
    CHECK(findings(with_machines(4)) == "");
    CHECK(findings(with_machines(5)) == "warning POOL-08, error POOL-07");
    CHECK(findings(with_machines(5, ", active: false")) == "warning POOL-08, error POOL-09");
    CHECK(findings(with_machines(8, ", active: false")) == "warning POOL-08, error POOL-09");
    CHECK(
        findings(with_machines(9, ", active: false")) ==
        "warning POOL-08, error POOL-09, error POOL-06"
    );
}

TEST_CASE("pool: a machine whose state cannot be read is not counted", "[rules]") {
    CHECK(findings(with_machines(1, ", active: maybe")) == "error SHAPE-02");
    const std::string five = with_machines(5, ", active: true");
    CHECK(
        findings(changed(
            five, {{"pc5.contoso.example, active: true", "pc5.contoso.example, active: maybe"}}
        )) == "warning POOL-08, error SHAPE-02"
    );
}

TEST_CASE("pool: what cannot be read leaves the rules on it silent", "[rules]") {
    CHECK(
        findings(changed(enterprise_document(), {{"kind: multiple", "kind: multi"}})) ==
        "error SHAPE-06"
    );
    CHECK(
        findings(changed(enterprise_document(), {{"kind: multiple", "kinds: multiple"}})) ==
        "error SHAPE-04"
    );
    CHECK(
        findings(changed(
            enterprise_document(), {{"nextHop: fe.contoso.example", "nexthop: fe.contoso.example"}}
        )) == "error SHAPE-04"
    );
    CHECK(
        findings(changed(
            enterprise_document(),
            {{"    - fqdn: fe.contoso.example\n      edition", "    - fqdn: [fe]\n      edition"}}
        )) == "error SHAPE-02"
    );
    CHECK(
        findings(
            changed(enterprise_document(), {{"    - {name: redmond, ", "    - {name: [redmond], "}})
        ) == "error SHAPE-02"
    );
    CHECK(findings(with_ports("{sip: x}")) == "error SHAPE-02");
}

TEST_CASE(
    "pool: a single pool is asked for its kind, its name and one machine, each once", "[rules]"
) {
    const std::string single = changed(enterprise_document(), {{"kind: multiple", "kind: single"}});
    CHECK(findings(single) == "error POOL-02");
    const std::string one = changed(single, {{"        - {fqdn: pc2.contoso.example}\n", ""}});
    CHECK(findings(one) == "error POOL-04, warning POOL-03");
    CHECK(findings(changed(one, {{"pchat.contoso", "PC1.contoso"}})) == "warning POOL-03");
    CHECK(
        findings(changed(one, {{machines.substr(0, machines.find('\n') + 1), ""}})) ==
        "error POOL-02"
    );
}

TEST_CASE("pool: ports clash with each other, written or by default", "[rules]") {
    CHECK(findings(with_ports("{sip: 5061, https: 444}")) == "");
    CHECK(findings(with_ports("{sip: 443}")) == "error POOL-11");
    CHECK(findings(with_ports("{bus: 5041}")) == "error POOL-11");
    CHECK(findings(with_ports("{bus: 5041, sip: 8011}")) == "");
    CHECK(
        findings(with_ports("{sip: 443, bus: 443}")) ==
        "error POOL-11, error POOL-11, error POOL-11"
    );
    CHECK(findings(with_ports("{sip: 0}")) == "error POOL-11");
    CHECK(
        said(with_ports("{bus: 5041}"), "POOL-11").find("choose another port for bus; 8011") !=
        std::string::npos
    );
}

TEST_CASE("pool: beside a front end, the front end's ports are taken", "[rules]") {
    const auto with = [](const std::string& ports) {
        return changed(standard_document(), {{"ports: {https: 8443}", "ports: " + ports}});
    };
    CHECK(findings(with("{https: 443}")) == "error POOL-11");
    CHECK(findings(with("{https: 444}")) == "error POOL-11");
    CHECK(findings(with("{https: 445, sip: 5059, bus: 5088}")) == "");
    CHECK(findings(with("{https: 445, sip: 5060}")) == "error POOL-11");
    CHECK(findings(with("{https: 445, bus: 5087}")) == "error POOL-11");
    CHECK(findings(with("{sip: 5041}")) == "error POOL-11");
}

TEST_CASE(
    "pool: an old front end is an error only under sfb2015, and only as next hop", "[rules]"
) {
    const std::string old = changed(
        enterprise_document(), {{"edition: enterprise", "edition: enterprise\n      version: 2013"}}
    );
    CHECK(findings(old) == "error POOL-13");
    CHECK(findings(changed(old, {{"sfb2015", "lync2013"}})) == "");
    CHECK(findings(changed(old, {{"2013", "2019"}})) == "error ED-10");
}

TEST_CASE("pool: defaults of sites", "[rules]") {
    const std::string none = changed(
        enterprise_document(),
        {{"{name: redmond, defaultPool: pchat.contoso.example}", "{name: redmond}"}}
    );
    CHECK(findings(none) == "warning POOL-14");
    CHECK(
        findings(
            changed(none, {{"      kind: multiple", "      kind: multiple\n      allSites: true"}})
        ) == ""
    );
    CHECK(
        findings(changed(none, {{"{name: redmond}", "{name: redmond, defaultPool: \"\"}"}})) ==
        "warning POOL-14"
    );
    CHECK(
        findings(changed(none, {{"{name: redmond}", "{name: redmond}\n    - {name: berlin}"}})) ==
        "warning POOL-14"
    );
    CHECK(
        findings(changed(enterprise_document(), {{"defaultPool: pchat", "defaultPool: other"}})) ==
        "error REF-01"
    );
}

TEST_CASE("pool: of several pools, all but one say why they are apart", "[rules]") {
    CHECK(findings(with_second_pool("")) == "warning POOL-17");
    CHECK(findings(with_second_pool("      dataResidency: \" \"\n")) == "warning POOL-17");
    CHECK(findings(with_second_pool("      dataResidency: law\n")) == "");
    CHECK(findings(with_second_pool("      dataResidency: [law]\n")) == "error SHAPE-02");
}

TEST_CASE(
    "pool: two pools for all sites are an error, and site defaults no more of one", "[rules]"
) {
    const std::string both = changed(
        with_second_pool("      dataResidency: law\n"),
        {{"      site: redmond\n      nextHop",
          "      site: redmond\n      allSites: true\n      nextHop"}}
    );
    CHECK(findings(both) == "error POOL-15");
}

TEST_CASE("pool: domains and time zones are compared only where they are stated", "[rules]") {
    CHECK(findings(with_machines(2, ", domain: contoso.example")) == "");
    CHECK(findings(with_machines(2, ", domain: CONTOSO.example")) == "");
    CHECK(findings(with_machines(2, ", domain: emea.contoso.example")) == "warning POOL-18");
    const std::string zones =
        changed(with_machines(2, ", timeZone: Europe/Berlin"), {{"sfb2015", "lync2013"}});
    CHECK(findings(zones) == "");
    const auto front_end_in = [&](const std::string& zone) {
        return changed(
            zones, {{"edition: enterprise", "edition: enterprise\n      timeZone: " + zone}}
        );
    };
    CHECK(findings(front_end_in("Europe/Berlin")) == "");
    CHECK(findings(front_end_in("Europe/Paris")) == "error POOL-19");
    CHECK(findings(changed(front_end_in("Europe/Paris"), {{"lync2013", "sfb2015"}})) == "");
}

TEST_CASE("pool: addresses are counted for each IP version", "[rules]") {
    CHECK(findings(with_machines(1, ", addresses: [10.0.0.1]")) == "");
    CHECK(findings(with_machines(1, ", addresses: [10.0.0.1, 10.0.0.1]")) == "");
    CHECK(findings(with_machines(1, ", addresses: [10.0.0.1, 10.0.0.2]")) == "error POOL-20");
    CHECK(findings(with_machines(1, ", addresses: [10.0.0.1, \"2001:db8::1\"]")) == "");
    CHECK(
        findings(with_machines(1, ", addresses: [\"2001:db8::1\", 10.0.0.1, \"2001:db8::2\"]")) ==
        "error POOL-20"
    );
}
