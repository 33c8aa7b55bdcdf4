// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/topology/rule_case.h"

#include "tests/support/catch.h"
#include "topology/parse.h"
#include "topology/rules/rules.h"

namespace pchat::test {
namespace {

std::vector<Diagnostic> judged(const std::string& document) {
    return topology::judge(topology::parse("t.yaml", document), {.today = {2026, 11, 21}});
}

}  // namespace

std::string enterprise_document() {
    return R"(apiVersion: pchat/v1
kind: Topology
metadata: {name: contoso}
spec:
  ruleset: sfb2015
  domain: contoso.example
  sites:
    - {name: redmond, defaultPool: pchat.contoso.example}
  frontEnds:
    - fqdn: fe.contoso.example
      edition: enterprise
      site: redmond
      machines: [{fqdn: fe1.contoso.example}]
  sqlInstances:
    - {name: content, engine: postgresql, server: pg1.contoso.example, version: "15"}
  fileStores:
    - {name: files, server: nas.contoso.example, share: pchat, path: /mnt/pchat, site: redmond}
  pools:
    - fqdn: pchat.contoso.example
      displayName: Contoso rooms
      kind: multiple
      site: redmond
      nextHop: fe.contoso.example
      machines:
        - {fqdn: pc1.contoso.example}
        - {fqdn: pc2.contoso.example}
      databases: {content: content}
      fileStore: files
)";
}

std::string standard_document() {
    return R"(apiVersion: pchat/v1
kind: Topology
metadata: {name: small-office}
spec:
  ruleset: sfb2015
  domain: office.example
  sites:
    - {name: hq, defaultPool: se1.office.example}
  frontEnds:
    - fqdn: se1.office.example
      edition: standard
      site: hq
      machines: [{fqdn: se1.office.example}]
  sqlInstances:
    - {name: content, engine: postgresql, server: pg1.office.example, version: "15"}
  fileStores:
    - {name: files, server: nas.office.example, share: pchat, path: /mnt/pchat, site: hq}
  pools:
    - fqdn: se1.office.example
      displayName: Office rooms
      kind: single
      site: hq
      nextHop: se1.office.example
      ports: {https: 8443}
      machines:
        - {fqdn: se1.office.example}
      databases: {content: content}
      fileStore: files
)";
}

std::string changed(
    std::string document, const std::vector<std::pair<std::string, std::string>>& replacements
) {
    for (const auto& [from, to] : replacements) {
        INFO("the document has no: " << from);
        std::size_t at = document.find(from);
        REQUIRE(at != std::string::npos);
        for (; at != std::string::npos; at = document.find(from, at + to.size()))
            document.replace(at, from.size(), to);
    }
    return document;
}

std::string findings(const std::string& document) {
    std::string out;
    for (const Diagnostic& finding : judged(document)) {
        if (!out.empty())
            out += ", ";
        out += std::string{to_string(finding.severity)} + " " + finding.rule;
    }
    return out;
}

std::string said(const std::string& document, const std::string& rule) {
    std::string out;
    for (const Diagnostic& finding : judged(document))
        if (finding.rule == rule)
            out += finding.message + "\n" + finding.hint + "\n";
    return out;
}

}  // namespace pchat::test
