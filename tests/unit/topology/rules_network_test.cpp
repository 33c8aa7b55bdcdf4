// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/unit/topology/rule_case.h"
#include "topology/rules/host_name.h"

using pchat::test::changed;
using pchat::test::enterprise_document;
using pchat::test::findings;
using pchat::test::standard_document;
using pchat::topology::flaw_of_name;
using pchat::topology::NameKind;

namespace {

std::string flaw(const std::string& name, NameKind kind = NameKind::host) {
    const auto found = flaw_of_name(name, kind, "contoso.example");
    return found ? found->what : std::string{};
}

std::string hint(const std::string& name) {
    const auto found = flaw_of_name(name, NameKind::host, "contoso.example");
    return found ? found->hint : std::string{};
}

// A name of `length` characters, in parts of 63 and one rest.
std::string long_name(std::size_t length) {
    std::string name;
    while (name.size() + 64 < length)
        name += std::string(63, 'a') + ".";
    return name + std::string(length - name.size(), 'b');
}

}  // namespace

TEST_CASE("host name: what RFC 1123 allows", "[rules]") {
    CHECK(flaw("pc1.contoso.example") == "");
    CHECK(flaw("1pc.contoso.example") == "");
    CHECK(flaw("PC-1.Contoso.example") == "");
    CHECK(flaw("xn--mller-kva.example") == "");
    CHECK(flaw(std::string(63, 'a').append(".example")) == "");
    CHECK(flaw(long_name(253)) == "");
    CHECK(flaw("contoso", NameKind::domain) == "");
}

TEST_CASE("host name: what it does not", "[rules]") {
    CHECK(flaw("") == "it is empty");
    CHECK(flaw("pc1") == "it has no domain");
    CHECK(flaw("pc1.contoso.example.") == "it ends with a dot");
    CHECK(flaw("pc1..example") == "it has nothing between two dots");
    CHECK(flaw(".example") == "it has nothing between two dots");
    CHECK(flaw("-pc.example") == "'-pc' begins or ends with a hyphen");
    CHECK(flaw("pc-.example") == "'pc-' begins or ends with a hyphen");
    CHECK(flaw("pc_1.example") == "it holds '_'");
    CHECK(flaw("pc 1.example") == "it holds ' '");
    CHECK(flaw("b\u00fcro.example") == "it holds '\u00fc'");
    CHECK(flaw("10.0.0.1") == "it is an address");
    CHECK(flaw("2001:db8::1") == "it is an address");
    CHECK(
        flaw(std::string(64, 'a').append(".example")) ==
        "'aaaaaaaaaaaa...' has 64 characters, a part has at most 63"
    );
    CHECK(flaw(long_name(254)) == "it has 254 characters, 253 is the limit");
}

TEST_CASE("host name: the hint is the name as it should be", "[rules]") {
    CHECK(hint("pc1") == "write pc1.contoso.example");
    CHECK(hint("pc_1.contoso.example") == "use hyphens: pc-1.contoso.example");
    CHECK(hint("pc1.contoso.example.") == "write pc1.contoso.example");
    CHECK(hint("pc1.contoso.example:443") == "write the name alone, without scheme, port or path");
}

TEST_CASE("names: an empty name is one finding", "[rules]") {
    CHECK(
        findings(changed(enterprise_document(), {{"fqdn: pc2.contoso.example", "fqdn: \"\""}})) ==
        "error NET-01"
    );
    CHECK(
        findings(changed(
            enterprise_document(),
            {{"fqdn: pc2.contoso.example", "fqdn: \"\""},
             {"fqdn: fe1.contoso.example", "fqdn: \"\""}}
        )) == "error NET-01, error NET-01"
    );
}

TEST_CASE("names: the deployment's domains are judged too", "[rules]") {
    CHECK(
        findings(changed(
            enterprise_document(), {{"  domain: contoso.example", "  domain: contoso_example"}}
        )) == "error NET-01"
    );
    CHECK(
        findings(
            changed(enterprise_document(), {{"  domain: contoso.example", "  domain: contoso"}})
        ) == ""
    );
}

TEST_CASE("names: what may share a name", "[rules]") {
    SECTION("a machine and the database or file server on it") {
        CHECK(
            findings(
                changed(enterprise_document(), {{"server: pg1.contoso", "server: pc1.contoso"}})
            ) == ""
        );
    }
    SECTION("a Standard Edition server, its pool and its database") {
        CHECK(
            findings(changed(standard_document(), {{"server: pg1.office", "server: se1.office"}})
            ) == ""
        );
    }
}

TEST_CASE("names: a pool's name is no machine's", "[rules]") {
    const std::string name = "pchat.contoso.example";
    CHECK(
        findings(
            changed(enterprise_document(), {{"server: pg1.contoso.example", "server: " + name}})
        ) == "error NET-03"
    );
    CHECK(
        findings(
            changed(enterprise_document(), {{"server: nas.contoso.example", "server: " + name}})
        ) == "error NET-03"
    );
    CHECK(
        findings(changed(enterprise_document(), {{"fqdn: fe1.contoso.example", "fqdn: " + name}})
        ) == "error NET-03"
    );
    CHECK(
        findings(changed(
            enterprise_document(), {{"server: pg1.contoso.example", "server: fe.contoso.example"}}
        )) == "error NET-03"
    );
    SECTION("POOL-05 speaks for its own machine") {
        CHECK(
            findings(
                changed(enterprise_document(), {{"fqdn: pc1.contoso.example", "fqdn: " + name}})
            ) == "error POOL-05"
        );
    }
}
