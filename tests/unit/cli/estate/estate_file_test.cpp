// SPDX-License-Identifier: Apache-2.0
#include "cli/estate/estate_file.h"
#include "cli/ui/output.h"
#include "server/domain/estate.h"
#include "tests/support/catch.h"

#include <fmt/format.h>

using namespace pchat;
using namespace pchat::cli;
using Json = nlohmann::ordered_json;

namespace {

const std::string head = "apiVersion: pchat/v1\nkind: Estate\n";

/// "4:5 SHAPE-04": where and what.
std::vector<std::string> findings(
    const EstateFile& file, const std::vector<Diagnostic>& diagnostics
) {
    std::vector<std::string> out;
    for (const Diagnostic& one : diagnostics) {
        const Position at = file.document.source->position(one.at.begin);
        out.push_back(fmt::format("{}:{} {}", at.line, at.column, one.rule));
    }
    return out;
}

std::vector<std::string> form(const std::string& text) {
    const EstateFile file = parse_estate("e.yaml", text);
    return findings(file, file.problems);
}

using Places = std::vector<std::string>;

}  // namespace

TEST_CASE("estate file: becomes the request with what is there and no more", "[estate]") {
    const EstateFile file = parse_estate("e.yaml", head + R"(
prune: [walls]
config: [{identity: global, maxFileSizeKb: 100}]
policies: [{identity: "tag:a", enablePersistentChat: true}]
categories: [{name: C, fileUpload: false, allow: []}]
rooms: [{name: R, privacy: open, invitations: off, managers: ["sip:a@b.example"]}]
)");
    REQUIRE(file.problems.empty());
    const Json expected = Json::parse(R"({
        "prune": ["walls"],
        "config": [{"identity": "global", "max_file_size_kb": 100}],
        "policies": [{"identity": "tag:a", "enable_persistent_chat": true}],
        "categories": [{"name": "C", "file_upload": false, "allow": []}],
        "rooms": [{"name": "R", "privacy": "open", "invitations": "off",
                   "managers": ["sip:a@b.example"]}]})");
    CHECK(estate_request(file, PruneAll::no) == expected);
    CHECK(
        estate_request(file, PruneAll::yes)["prune"] ==
        Json({"walls", "config", "policies", "categories", "rooms"})
    );
}

TEST_CASE("estate file: every finding of its form has a place", "[estate]") {
    CHECK(form(head).empty());
    CHECK(form("rooms: []\n") == Places{"1:1 SHAPE-03", "1:1 SHAPE-03"});
    CHECK(form(head + "romes: []\n") == Places{"3:1 SHAPE-04"});
    CHECK(form(head + "rooms:\n  - name: R\n    memebrs: []\n") == Places{"5:5 SHAPE-04"});
    CHECK(form(head + "rooms: all\n") == Places{"3:8 SHAPE-02"});
    CHECK(form(head + "rooms:\n  - privacy: open\n") == Places{"4:5 SHAPE-03"});
    CHECK(form(head + "rooms:\n  - {name: R, privacy: shut}\n") == Places{"4:24 SHAPE-06"});
    CHECK(form(head + "rooms:\n  - {name: R, disabled: 1}\n") == Places{"4:25 SHAPE-02"});
    CHECK(form(head + "rooms:\n  - {name: 010}\n") == Places{"4:12 SHAPE-02"});
    CHECK(form(head + "rooms:\n  - {name: R, name: S}\n") == Places{"4:15 SHAPE-05"});
    CHECK(form(head + "prune: [users]\n") == Places{"3:9 SHAPE-06"});
    CHECK(
        form(head + "config:\n  - {identity: global, defaultChatHistory: 501}\n") ==
        Places{"4:44 SHAPE-07"}
    );
    CHECK_FALSE(form(head + "rooms: &r []\nwalls: *r\n").empty());
    std::string deep = head + "rooms: ";
    for (int i = 0; i < 100; ++i)
        deep += '[';
    CHECK_FALSE(form(deep).empty());
}

TEST_CASE("estate file: what the server finds stands at its place", "[estate]") {
    const EstateFile file = parse_estate("e.yaml", head + R"(rooms:
  - name: A
    members: [sip:a@b.example,
              group:nobody]
  - {name: B}
grants:
  - {user: sip:a@b.example, policy: traders}
)");
    REQUIRE(file.problems.empty());
    const Json problems = Json::parse(R"([
        {"section": "rooms", "item": 0, "field": "members", "value": "group:nobody", "code": "x"},
        {"section": "rooms", "item": 0, "field": "members", "value": "other", "code": "x"},
        {"section": "rooms", "item": 1, "field": "category", "value": "", "code": "x"},
        {"section": "grants", "item": 0, "field": "policy", "value": "", "code": "x"},
        {"section": "grants", "item": 7, "field": "policy", "value": "", "code": "x"},
        {"section": "kind", "item": 0, "field": "", "value": "", "code": "x"},
        {}])");
    CHECK(
        findings(file, estate_findings(file, problems)) ==
        Places{"1:1 ", "1:1 x", "1:1 x", "5:14 x", "6:15 x", "7:12 x", "9:37 x"}
    );
}

TEST_CASE("estate file: its field table has what the server takes", "[estate]") {
    for (const EstateNoun noun : estate_nouns) {
        const EstateShape& shape = estate_shape(noun);
        const config::Field* section = estate_document_shape().find(shape.section);
        REQUIRE(section != nullptr);
        const config::Shape& described = section->shape();
        CHECK(described.name_key == shape.name_key);
        CHECK(described.fields.size() == shape.fields.size() + 1);
        for (const EstateField& field : shape.fields) {
            CAPTURE(field.key);
            const config::Field* one = described.find(document_key(std::string{field.key}));
            REQUIRE(one != nullptr);
            CHECK(one->choices == field.choices);
        }
    }
}

TEST_CASE("estate file: an export can be read again, whatever things are called", "[estate]") {
    const Json tree = Json::parse(R"({
        "config": [{"identity": "global", "max_file_size_kb": 5}],
        "rooms": [{"name": "no", "description": "", "category": "010", "invitations": "off",
                   "members": ["everyone"], "managers": []},
                  {"name": "- a: \"b\" # c", "description": "two words  ", "disabled": true},
                  {"name": "Café ☃", "description": " 'x' "}],
        "walls": []})");
    const EstateFile file = parse_estate("e.yaml", to_yaml(estate_document(tree)));
    REQUIRE(file.problems.empty());
    CHECK(estate_request(file, PruneAll::no) == tree);
}
