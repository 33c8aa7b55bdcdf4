// SPDX-License-Identifier: Apache-2.0
#include "server/wire/object_reader.h"
#include "tests/support/expect.h"

using namespace pchat::wire;
using pchat::Errc;

namespace {

struct Opened {
    explicit Opened(std::string_view text) : in(root(text)) {}
    const JsonNode& root(std::string_view text) {
        const auto parsed = document.parse(text);
        REQUIRE_OK(parsed);
        return **parsed;
    }
    std::string problem() const { return in.problem() ? in.problem()->message : "none"; }

    JsonDocument document;
    ObjectReader in;
};

}  // namespace

TEST_CASE("object reader: gives what is there", "[json]") {
    Opened object{
        R"({"name":"Lobby","size":3,"on":false,"at":"1970-01-01T00:00:01Z","tags":["a","b"],)"
        R"("nested":{"deep":[1,{"x":2}],"x":1},"kind":"b"})"};
    ObjectReader& in = object.in;
    CHECK(in.required_text("name") == "Lobby");
    CHECK(in.required_int("size", {1, 5}) == 3);
    CHECK(in.optional_bool("on") == false);
    CHECK(in.optional_time("at") == 1'000'000);
    CHECK(in.text_list("tags") == std::vector<std::string>{"a", "b"});
    CHECK(in.optional_choice("kind", {"a", "b"}) == 1U);
    auto nested = in.optional_object("nested");
    REQUIRE(nested.has_value());
    CHECK(nested->required_int("x") == 1);
    CHECK(object.problem() == "none");
}

TEST_CASE("object reader: what is absent is none, and an empty list is not", "[json]") {
    Opened object{R"({"empty":[],"nothing":null})"};
    ObjectReader& in = object.in;
    CHECK_FALSE(in.has("nothing"));
    CHECK_FALSE(in.optional_text("nothing").has_value());
    CHECK_FALSE(in.optional_int("x").has_value());
    CHECK_FALSE(in.optional_bool("x").has_value());
    CHECK_FALSE(in.optional_time("x").has_value());
    CHECK_FALSE(in.optional_choice("x", {"a"}).has_value());
    CHECK_FALSE(in.optional_object("x").has_value());
    CHECK_FALSE(in.text_list("x").has_value());
    CHECK_FALSE(in.number_map("x", {}).has_value());
    CHECK(in.objects("x", 1).empty());
    CHECK(in.text_list("empty").has_value());
    CHECK(object.problem() == "none");
}

TEST_CASE("object reader: the first problem stays, with the name of its field", "[json]") {
    Opened object{R"({"a":1,"b":2})"};
    ObjectReader& in = object.in;
    CHECK(in.required_text("a").empty());
    CHECK(in.required_text("missing").empty());
    CHECK(in.required_int("b", {7, 9}) == 7);
    in.refuse("b", "bad-value", Errc::invalid, "another problem");
    REQUIRE(in.problem().has_value());
    CHECK(in.problem()->message == "'a' must be text, not a number");
    CHECK(in.problem()->field == "a");
    CHECK(in.problem()->reason == "bad-request");
    CHECK(in.problem()->code == Errc::usage);
}

TEST_CASE("object reader: names the object within which a field is wrong", "[json]") {
    Opened object{R"({"items":[{"id":"a"},{"id":""}]})"};
    auto items = object.in.objects("items", 2);
    REQUIRE(items.size() == 2);
    for (ObjectReader& item : items) {
        item.required_text("id");
        object.in.adopt("items", item);
    }
    CHECK(object.problem() == "'items[1].id' is empty");
    CHECK(object.in.problem()->field == "items");
}

TEST_CASE("object reader: refuses each wrong type", "[json]") {
    const std::string value =
        GENERATE(as<std::string>{}, "true", "1", "1.5", "\"t\"", "[1]", "{\"a\":\"b\"}");
    CAPTURE(value);
    const std::string text = R"({"f":)" + value + "}";
    const auto problem_of = [&](auto&& take) {
        Opened object{text};
        take(object.in);
        return object.problem() != "none";
    };
    CHECK(problem_of([](ObjectReader& in) { in.optional_text("f"); }) == (value != "\"t\""));
    CHECK(problem_of([](ObjectReader& in) { in.optional_int("f"); }) == (value != "1"));
    CHECK(problem_of([](ObjectReader& in) { in.optional_bool("f"); }) == (value != "true"));
    CHECK(problem_of([](ObjectReader& in) { in.optional_time("f"); }));
    CHECK(problem_of([](ObjectReader& in) { in.text_list("f"); }));
    CHECK(problem_of([](ObjectReader& in) { in.objects("f", 5); }));
    CHECK(problem_of([](ObjectReader& in) { in.number_map("f", {}); }));
    CHECK(problem_of([](ObjectReader& in) {
              in.optional_object("f");
          }) == (value != R"({"a":"b"})"));
}

TEST_CASE("object reader: cites long and hostile values short and harmless", "[json]") {
    Opened object{R"({"k":"\u001b]0;)" + std::string(500, 'x') + R"("})"};
    object.in.optional_choice("k", {"a", "b", "c"});
    CHECK(object.problem().find("'k' is '\\u{1B}]0;xxx") == 0);
    CHECK(object.problem().find("x...', it must be a, b or c") != std::string::npos);
    CHECK(object.problem().size() < 150);
}

TEST_CASE("object reader: says how long a text must be at least", "[json]") {
    Opened object{R"({"password":"short"})"};
    object.in.required_text("password", {8, 100});
    CHECK(object.problem() == "'password' has 5 characters, it needs 8");
}
