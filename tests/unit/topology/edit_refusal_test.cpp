// SPDX-License-Identifier: Apache-2.0
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/unit/topology/edit_case.h"

using namespace pchat;
using namespace pchat::test;

namespace {

const std::string document = R"(apiVersion: pchat/v1
kind: Topology
metadata: {name: contoso}
spec:
  domain: contoso.example
  dataCenters: [{name: dc1}, {name: dc2}]
  links: [{between: [dc1, dc2]}]
  sites: [{name: redmond}]
  frontEnds:
    - {fqdn: se1.contoso.example, edition: standard, site: redmond, machines: [{fqdn: se1.contoso.example}]}
  sqlInstances: [{name: content, engine: sqlite, path: /var/lib/pchat}]
  pools:
    - {fqdn: se1.contoso.example, machines: [{fqdn: se1.contoso.example}, {fqdn: pc2.contoso.example}]}
  accept: [{rule: SQL-04, on: content, reason: small}]
)";

auto edit(const std::string& text) {
    return run_edit(parse_edit(text), document);
}

auto set_value(const std::string& path, const std::string& value) {
    EditCase one = parse_edit("set sql-instance content");
    one.values.push_back({path, {value}});
    return run_edit(one, document);
}

}  // namespace

TEST_CASE("topology edit: an unknown name is refused with the nearest one", "[edit]") {
    REQUIRE_ERR(
        edit("set site redmnd\n defaultPool = x"), Errc::not_found, "no site 'redmnd' in topo.yaml"
    );
    CHECK(edit("set site redmnd\n defaultPool = x").error().hint == "did you mean 'redmond'?");
    REQUIRE_ERR(edit("remove pool nowhere.example"), Errc::not_found, "no pool");
    REQUIRE_ERR(edit("remove link dc1:dc3"), Errc::not_found, "no link 'dc1:dc3'");
    REQUIRE_ERR(edit("remove acceptance SQL-04:other"), Errc::not_found, "no acceptance");
    REQUIRE_ERR(
        edit("remove machine x.example\n in pool se1.contoso.exmple"), Errc::not_found, "no pool"
    );
}

TEST_CASE("topology edit: what is there already is a conflict", "[edit]") {
    REQUIRE_ERR(edit("add site redmond"), Errc::conflict, "site 'redmond' is in topo.yaml already");
    REQUIRE_ERR(edit("add pool SE1.contoso.example"), Errc::conflict, "already");
    REQUIRE_ERR(edit("add link dc2:dc1"), Errc::conflict, "already");
    REQUIRE_ERR(edit("add acceptance sql-04:content\n reason = x"), Errc::conflict, "already");
}

TEST_CASE("topology edit: a name has the form of its kind", "[edit]") {
    REQUIRE_ERR(edit("add link dc1"), Errc::invalid, "two parts");
    REQUIRE_ERR(edit("add link dc1:"), Errc::invalid, "'between' must not be empty");
    REQUIRE_ERR(edit("add acceptance SQL-05"), Errc::invalid, "two parts");
    REQUIRE_ERR(edit("add site"), Errc::invalid, "'name' must not be empty");
    REQUIRE_ERR(edit("add planet mars"), Errc::usage, "no kind of thing called 'planet'");
}

TEST_CASE("topology edit: a machine needs to be told apart from its namesake", "[edit]") {
    REQUIRE_ERR(
        edit("remove machine se1.contoso.example"),
        Errc::usage,
        "is in pool 'se1.contoso.example' and in front-end"
    );
    REQUIRE_ERR(
        edit("add machine pc3.contoso.example"), Errc::usage, "belongs to a pool or a front end"
    );
    REQUIRE_OK(edit("remove machine pc2.contoso.example"));
    REQUIRE_OK(edit("remove machine se1.contoso.example\n in front-end se1.contoso.example"));
    REQUIRE_ERR(
        edit("set machine se1.contoso.example\n in front-end se1.contoso.example\n active = true"),
        Errc::invalid,
        "no field 'active'"
    );
}

TEST_CASE("topology edit: values are checked against the field table", "[edit]") {
    REQUIRE_ERR(
        set_value("port", "80x"),
        Errc::invalid,
        "'port' must be a whole number from 1 to 65535, got '80x'"
    );
    REQUIRE_ERR(set_value("port", "0"), Errc::invalid, "'port'");
    REQUIRE_ERR(set_value("port", "65536"), Errc::invalid, "'port'");
    REQUIRE_ERR(set_value("port", "010"), Errc::invalid, "'port'");
    REQUIRE_ERR(set_value("port", "99999999999999999999"), Errc::invalid, "'port'");
    REQUIRE_ERR(set_value("port", ""), Errc::invalid, "'port'");
    REQUIRE_ERR(set_value("engine", "sqlte"), Errc::invalid, "did you mean 'sqlite'?");
    REQUIRE_ERR(
        set_value("otherDatabases", "mail"), Errc::invalid, "must be one of monitoring, archiving"
    );
    REQUIRE_ERR(set_value("prot", "1433"), Errc::invalid, "sql-instance has no field 'prot'");
    CHECK(set_value("prot", "1433").error().hint == "did you mean 'port'?");
    REQUIRE_ERR(set_value("name", "new"), Errc::invalid, "no field 'name'");
    REQUIRE_ERR(
        edit("set pool se1.contoso.example\n allSites = yes"),
        Errc::invalid,
        "'allSites' must be true or false"
    );
    REQUIRE_ERR(
        edit("set pool se1.contoso.example\n machines = a"),
        Errc::invalid,
        "cannot be set as a whole"
    );
    REQUIRE_ERR(
        edit("set site redmond\n defaultPool = a\n defaultPool = b"),
        Errc::invalid,
        "'defaultPool' takes one value, got 2"
    );
}

TEST_CASE("topology edit: hostile text is refused and its field named", "[edit]") {
    for (const std::string& bad :
         {std::string("a\nb"),
          std::string("a\tb"),
          std::string("a\0b", 3),
          std::string("\x1b[2J"),
          std::string("\x7f"),
          std::string("\xe2\x80\xaegpj")}) {
        REQUIRE_ERR(
            set_value("server", bad),
            Errc::invalid,
            "'server' must be one line without control characters"
        );
        EditCase site = parse_edit("add site x");
        site.target.name = bad;
        REQUIRE_ERR(run_edit(site, document), Errc::invalid, "'name' must be one line");
    }
    REQUIRE_ERR(set_value("server", "\xff\xfe"), Errc::invalid, "'server' is not UTF-8 text");
    REQUIRE_ERR(
        set_value("server", std::string(257, 'x')),
        Errc::invalid,
        "'server' must not be longer than 256 characters"
    );
    REQUIRE_OK(set_value("server", std::string(256, 'x')));
}

TEST_CASE("topology edit: what would open up as YAML is written as text", "[edit]") {
    for (const std::string text :
         {"a: b", "- a",  "[a",    "{a: b}", "a, b",       "a]",  "#a",   "a #b", "&a",
          "*a",   "!a",   "|",     ">",      "'",          "\"",  "%a",   "@a",   "`a",
          "?",    "? a",  "a:",    " a",     "a ",         "~",   "null", "No",   "on",
          "1e3",  "0x1F", "1_000", "12:30",  "2027-06-30", "...", "---",  "<<",   "=",
          ".inf", "+1",   "\\",    "a\\",    "\"a",        "it's"}) {
        INFO(text);
        const auto after = set_value("server", text);
        REQUIRE_OK(after);
        const auto read = config::read_document("x", *after);
        REQUIRE(read.problems.empty());
        const auto& item = read.root->find("spec")->value.find("sqlInstances")->value.items.front();
        CHECK(item.find("server")->value.value == text);
        CHECK(item.entries.size() == 4);
    }
}

TEST_CASE("topology edit: a credential in place is refused and not repeated", "[edit]") {
    for (const std::string path : {"credentials.run", "credentials.provision"}) {
        const auto refused = set_value(path, "sa:hunter2");
        REQUIRE_ERR(refused, Errc::invalid, "takes a reference, env:VARIABLE or file:PATH");
        CHECK(describe(refused).find("hunter2") == std::string::npos);
        REQUIRE_OK(set_value(path, "env:RUN"));
    }
    const auto key = edit("set pool se1.contoso.example\n tls.key = MIIEvQIBADANB");
    REQUIRE_ERR(key, Errc::invalid, "never the secret itself");
    CHECK(describe(key).find("MIIE") == std::string::npos);
}

TEST_CASE("topology edit: a text that cannot be read as it is meant is left alone", "[edit]") {
    const EditCase add = parse_edit("add site x");
    REQUIRE_ERR(
        run_edit(add, "spec: ["), Errc::bad_file, "cannot be edited before its form is right"
    );
    REQUIRE_ERR(run_edit(add, "spec: {}\nspec: {}\n"), Errc::bad_file, "form");
    REQUIRE_ERR(run_edit(add, "- a\n"), Errc::bad_file, "form");
    REQUIRE_ERR(run_edit(add, "spec: &a {sites: []}\n"), Errc::bad_file, "form");
    REQUIRE_ERR(
        run_edit(add, "spec: 5\n"), Errc::invalid, "spec is not a group of fields in the file"
    );
    REQUIRE_ERR(
        run_edit(add, "spec: {sites: 5}\n"), Errc::invalid, "spec.sites is not a list in the file"
    );
    REQUIRE_ERR(
        run_edit(parse_edit("set deployment\n domain = x"), "spec: {domain: [a]}\n"),
        Errc::invalid,
        "spec.domain is not a single value"
    );
}
