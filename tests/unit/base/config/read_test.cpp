// SPDX-License-Identifier: Apache-2.0
#include "base/config/read.h"
#include "tests/support/catch.h"

#include <nlohmann/json.hpp>

#include <string>

using namespace pchat;
using namespace pchat::config;

namespace {

enum class Tint : std::uint8_t { red, green };

struct Part : Object {
    Located<std::string> name;
    Located<std::int64_t> size{7};
};

struct Thing : Object {
    Located<std::string> name;
    Located<std::string> version;
    Located<bool> active{true};
    Located<std::int64_t> port;
    Located<Tint> tint;
    List<Located<std::string>> tags;
    Part part;
    List<Part> parts;
};

const Shape& part_shape() {
    static const Shape shape = [] {
        Shape made{
            "part",
            "name",
            {plain<&Part::name>("name", "its name"), plain<&Part::size>("size", "its size")}};
        made.fields[0].required = true;
        made.fields[1].min = 1;
        made.fields[1].max = 9;
        return made;
    }();
    return shape;
}

const Shape& thing_shape() {
    static const Shape shape = [] {
        Shape made{
            "thing",
            "name",
            {plain<&Thing::name>("name", "what it is called"),
             plain<&Thing::version>("version", "its version"),
             plain<&Thing::active>("active", "whether it runs"),
             plain<&Thing::port>("port", "its port"),
             choice<&Thing::tint>("tint", {"red", "green"}, "its colour"),
             plain<&Thing::tags>("tags", "words for it"),
             object<&Thing::part>("part", part_shape, "its main part"),
             object_list<&Thing::parts>("parts", part_shape, "its other parts")}};
        made.fields[0].required = true;
        made.fields[0].max_length = 5;
        made.fields[1].kind = FieldKind::label;
        made.fields[3].min = 1;
        made.fields[3].max = 65535;
        made.fields[3].range_rule = "PORT-01";
        return made;
    }();
    return shape;
}

struct Outcome {
    Thing thing;
    std::string problems;  // "RULE message" a line
};

Outcome read(const std::string& text) {
    const Document document = read_document("t", text);
    REQUIRE(document.root);
    Outcome out;
    std::vector<Diagnostic> problems = document.problems;
    read_object(*document.root, thing_shape(), out.thing, problems);
    for (const Diagnostic& d : problems)
        out.problems +=
            d.rule + " " + d.message + (d.remark.empty() ? "" : " (" + d.remark + ")") + "\n";
    return out;
}

std::string problems_of(const std::string& text) {
    return read(text).problems;
}

}  // namespace

TEST_CASE("read: values land in the model with their places", "[read]") {
    const Outcome out = read("name: a\nactive: false\nport: 80\ntint: green\ntags: [x, z]\npart: "
                             "{name: p}\nparts: [{name: q, size: 3}]\n");
    CHECK(out.problems.empty());
    CHECK(*out.thing.name == "a");
    CHECK(out.thing.name.at == Span{6, 7});
    CHECK_FALSE(*out.thing.active);
    CHECK(*out.thing.port == 80);
    CHECK(*out.thing.tint == Tint::green);
    CHECK(out.thing.tags.size() == 2);
    CHECK(*out.thing.part.name == "p");
    CHECK(*out.thing.part.size == 7);
    CHECK(out.thing.part.size.absent());
    CHECK(*out.thing.parts.items.at(0).size == 3);
}

TEST_CASE("read: a missing required field is reported at the object", "[read]") {
    CHECK(problems_of("port: 80\n") == "SHAPE-03 thing has no 'name'\n");
    CHECK(problems_of("name:\n") == "SHAPE-03 thing has no 'name'\n");
    CHECK(
        problems_of("name: a\nparts: [{size: 1}]\n") ==
        "SHAPE-03 parts[0] of thing a has no 'name'\n"
    );
}

TEST_CASE(
    "read: an unknown key suggests the nearest, and hides what it was meant to be", "[read]"
) {
    CHECK(
        problems_of("nmae: a\n") == "SHAPE-04 unknown key 'nmae' in thing (did you mean 'name'?)\n"
    );
    CHECK(problems_of("name: a\nzzzzzz: 1\n") == "SHAPE-04 unknown key 'zzzzzz' in thing a\n");
    const Outcome out = read("name: a\nprot: 80\n");
    CHECK_FALSE(out.thing.port.known());
}

TEST_CASE("read: numbers are decimal digits and nothing else", "[read]") {
    for (const char* wrong :
         {"010",
          "0x10",
          "1e3",
          "1_000",
          "+5",
          "80x",
          "\"80\"",
          "5.0",
          "yes",
          "~x",
          "[80]",
          "{}",
          ".inf"})
        CHECK_THAT(
            problems_of(std::string("name: a\nport: ") + wrong + "\n"),
            Catch::StartsWith("SHAPE-02 'port' of thing a must be a whole number, got")
        );
    CHECK(
        problems_of("name: a\nport: 0\n") ==
        "PORT-01 'port' of thing a must be from 1 to 65535, got 0\n"
    );
    CHECK(
        problems_of("name: a\nport: -1\n") ==
        "PORT-01 'port' of thing a must be from 1 to 65535, got -1\n"
    );
    CHECK_THAT(problems_of("name: a\nport: 99999999999999999999\n"), Catch::StartsWith("PORT-01"));
}

TEST_CASE("read: booleans are true and false and nothing else", "[read]") {
    for (const char* wrong : {"yes", "no", "on", "off", "True", "TRUE", "1", "0", "\"true\"", "y"})
        CHECK_THAT(
            problems_of(std::string("name: a\nactive: ") + wrong + "\n"),
            Catch::StartsWith("SHAPE-02 'active' of thing a must be true or false, got")
        );
}

TEST_CASE("read: a text that could be taken for something else needs quotes", "[read]") {
    for (const char* wrong :
         {"yes", "No", "true", "12", "010", "1e3", "0x1F", "1.5", "-3", "10:30", ".inf"}) {
        CHECK_THAT(
            problems_of(std::string("name: ") + wrong + "\n"),
            Catch::StartsWith("SHAPE-02 'name' of")
        );
        CHECK(problems_of(std::string("name: \"") + wrong + "\"\n").empty());
    }
    for (const char* good : {"a", "1.2.3", "x1", "e3", "1-2", "nope", "a:b"})
        CHECK(problems_of(std::string("name: ") + good + "\n").empty());
    CHECK(problems_of("name: a\nversion: 2012\n").empty());
    CHECK(problems_of("name: a\nversion: 2008R2\n").empty());
}

TEST_CASE("read: texts have a length and hold no control characters", "[read]") {
    CHECK(
        problems_of("name: abcdef\n") ==
        "SHAPE-07 'name' of thing abcdef has 6 characters, at most 5 are allowed\n"
    );
    CHECK(problems_of("name: ééééé\n").empty());
    CHECK_THAT(
        problems_of("name: \"a\\nb\"\n"), Catch::Contains("control or direction characters")
    );
    CHECK_THAT(
        problems_of("name: \"a\\u202Eb\"\n"), Catch::Contains("control or direction characters")
    );
}

TEST_CASE("read: choices are written exactly so", "[read]") {
    CHECK(
        problems_of("name: a\ntint: gren\n") ==
        "SHAPE-06 'tint' of thing a must be red or green, got \"gren\" (did you mean 'green'?)\n"
    );
    CHECK_THAT(problems_of("name: a\ntint: [red]\n"), Catch::StartsWith("SHAPE-02"));
}

TEST_CASE("read: a wrong kind of collection is one problem", "[read]") {
    CHECK(
        problems_of("name: a\nparts: {name: p}\n") ==
        "SHAPE-02 'parts' of thing a must be a list, got an object\n"
    );
    CHECK(
        problems_of("name: a\npart: {size: 0, name: p}\n") ==
        "SHAPE-07 'part.size' of thing a must be from 1 to 9, got 0\n"
    );
    CHECK(
        problems_of("name: a\npart: {nam: p}\n") ==
        "SHAPE-04 unknown key 'nam' in 'part' of thing a (did you mean 'name'?)\n"
    );
    CHECK(
        problems_of("name: a\npart: [x]\n") ==
        "SHAPE-02 'part' of thing a must be an object, got a list\n"
    );
    CHECK(
        problems_of("name: a\nparts: [x]\n") ==
        "SHAPE-02 parts[0] of thing a must be an object, got a value\n"
    );
    CHECK(
        problems_of("name: a\ntags: x\n") ==
        "SHAPE-02 'tags' of thing a must be a list, got \"x\"\n"
    );
    CHECK(problems_of("name: a\nport:\n") == "SHAPE-02 'port' of thing a has no value\n");
    CHECK(
        problems_of("name: a\npart:\n") ==
        "SHAPE-02 'part' of thing a must be an object, got nothing\n"
    );
}

TEST_CASE("read: what was reported by the reader of YAML is not reported again", "[read]") {
    CHECK(
        problems_of("tags: [&x q]\nname: *x\n") == "SHAPE-01 anchors ('&name') are not supported\n"
                                                   "SHAPE-01 aliases ('*name') are not supported\n"
    );
    CHECK(
        problems_of("<<: {name: a}\nport: 1\n") == "SHAPE-01 merge keys ('<<') are not supported\n"
    );
    CHECK(
        problems_of("name: a\nparts: [!x {}]\n") == "SHAPE-01 tags ('!type') are not supported\n"
    );
}

TEST_CASE("read: an unreadable item makes the list incomplete", "[read]") {
    CHECK_FALSE(read("name: a\nparts: [x, {name: q}]\n").thing.parts.known());
    CHECK(read("name: a\nparts: [{name: q}]\n").thing.parts.known());
}

TEST_CASE("json schema: says what the reader says", "[schema]") {
    const auto schema = nlohmann::json::parse(json_schema(thing_shape(), "urn:test", "Thing"));
    CHECK(schema["additionalProperties"] == false);
    CHECK(schema["required"] == nlohmann::json::array({"name"}));
    CHECK(schema["properties"]["port"]["maximum"] == 65535);
    CHECK(schema["properties"]["tint"]["enum"] == nlohmann::json::array({"red", "green"}));
    CHECK(schema["properties"]["part"]["$ref"] == "#/$defs/part");
    CHECK(schema["properties"]["parts"]["items"]["$ref"] == "#/$defs/part");
    CHECK(schema["$defs"]["part"]["required"] == nlohmann::json::array({"name"}));
}
