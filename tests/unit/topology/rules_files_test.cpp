// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/unit/topology/rule_case.h"

using pchat::test::changed;
using pchat::test::enterprise_document;
using pchat::test::findings;
using pchat::test::standard_document;

namespace {

// The enterprise document with this instead of its store's server and share.
std::string with_store(const std::string& place) {
    return changed(enterprise_document(), {{"server: nas.contoso.example, share: pchat", place}});
}

}  // namespace

TEST_CASE("file store: missing, empty and dangling are told apart", "[rules]") {
    CHECK(
        findings(changed(enterprise_document(), {{"fileStore: files", "fileStore:"}})) ==
        "error FS-01"
    );
    CHECK(
        findings(changed(enterprise_document(), {{"fileStore: files", "fileStore: \"\""}})) ==
        "error FS-01"
    );
    CHECK(
        findings(changed(enterprise_document(), {{"fileStore: files", "fileStore: flies"}})) ==
        "error REF-01"
    );
}

TEST_CASE("file store: several machines need server and share", "[rules]") {
    CHECK(findings(with_store("server: nas.contoso.example")) == "error FS-02");
    CHECK(findings(with_store("share: pchat")) == "error FS-02");
    CHECK(findings(with_store("server: \"\", share: pchat")) == "error NET-01, error FS-02");
    CHECK(findings(with_store("server: [nas], share: pchat")) == "error SHAPE-02");
    CHECK(
        findings(
            changed(with_store("server: nas.contoso.example"), {{"kind: multiple", "kind: many"}})
        ) == "error SHAPE-06"
    );
}

TEST_CASE("file store: where its server is", "[rules]") {
    const auto on = [](const std::string& server) {
        return with_store("server: " + server + ", share: pchat");
    };
    CHECK(findings(on("nas.contoso.example")) == "");
    CHECK(findings(on("FE1.contoso.example")) == "error FS-03");
    CHECK(findings(on("fe.contoso.example")) == "error FS-03");
    CHECK(findings(on("pg1.contoso.example")) == "warning FS-06");
    CHECK(findings(on("pc1.contoso.example")) == "warning FS-06");
    CHECK(findings(changed(on("pc1.contoso.example"), {{"sfb2015", "lync2013"}})) == "");
    CHECK(findings(changed(on("fe1.contoso.example"), {{"sfb2015", "lync2013"}})) == "error FS-03");
    CHECK(
        findings(changed(standard_document(), {{"server: nas.office", "server: se1.office"}})) ==
        "warning FS-06"
    );
}

TEST_CASE("file store: a site that is not defined is not another site", "[rules]") {
    CHECK(
        findings(changed(
            enterprise_document(),
            {{"path: /mnt/pchat, site: redmond", "path: /mnt/pchat, site: berlin"}}
        )) == "error REF-01"
    );
    CHECK(
        findings(changed(
            enterprise_document(),
            {{"      site: redmond\n      nextHop", "      site: berlin\n      nextHop"}}
        )) == "error POOL-14"
    );
}
