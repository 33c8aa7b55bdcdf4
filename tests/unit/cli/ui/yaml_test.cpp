// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/output.h"
#include "tests/support/catch.h"

using Json = nlohmann::ordered_json;
using pchat::cli::to_yaml;

TEST_CASE("yaml: objects and lists in block style", "[yaml]") {
    const Json value = Json::parse(
        R"({"a": {"b": [1, {"c": true, "d": []}]}, "e": {}, "f": null, "g": [[1, 2], ["x"]]})"
    );
    CHECK(to_yaml(value) == R"(a:
  b:
  - 1
  - c: true
    d: []
e: {}
f: null
g:
- - 1
  - 2
- - x
)");
}

TEST_CASE("yaml: strings that a reader could mistake are quoted", "[yaml]") {
    for (const char* text :
         {"true",  "No",  "null", "~",  "010",  "1.5",  "-3",      "+1",  ".5",  "2027-06-30",
          "12:30", "",    " a",   "a ", "a: b", "a #b", "- a",     "[a]", "{a}", "*a",
          "&a",    "!a",  "@a",   "%a", "`a",   "'a'",  "\"a\"",   "a:",  "# a", "? a",
          "| a",   "> a", "=",    "<<", "a\nb", "a\tb", "\x1b[31m"}) {
        INFO(text);
        CHECK(to_yaml(Json(text)) == Json(text).dump(-1, ' ', true) + "\n");
    }
}

TEST_CASE("yaml: ordinary strings stay plain", "[yaml]") {
    for (const char* text :
         {"a",
          "pchat.contoso.example",
          "sip:ann@contoso.example",
          "a b",
          "Z\u00fcrich",
          "a#b",
          "env:X"}) {
        INFO(text);
        CHECK(to_yaml(Json(text)) == std::string(text) + "\n");
    }
}

TEST_CASE("yaml: keys are quoted like strings", "[yaml]") {
    CHECK(to_yaml(Json{{"no", 1}, {"a: b", 2}}) == "\"no\": 1\n\"a: b\": 2\n");
}
