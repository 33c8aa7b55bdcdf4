// SPDX-License-Identifier: Apache-2.0
#include "base/config/document.h"
#include "tests/support/catch.h"

#include <string>

using namespace pchat;
using namespace pchat::config;

namespace {

// "2:5 SHAPE-05 key 'a' is given twice" for each problem, one a line.
std::string problems(const Document& document) {
    std::string out;
    for (const Diagnostic& d : document.problems) {
        const Position at = document.source->position(d.at.begin);
        out += std::to_string(at.line) + ":" + std::to_string(at.column) + " " + d.rule + " " +
               d.message + "\n";
    }
    return out;
}

std::string problems_of(const std::string& text) {
    return problems(read_document("t", text));
}

std::string repeated(const std::string& piece, int times) {
    std::string out;
    for (int i = 0; i < times; ++i)
        out += piece;
    return out;
}

// The text of the value at a key of the top mapping.
std::string_view value_text(const Document& document, std::string_view key) {
    REQUIRE(document.root);
    const Entry* entry = document.root->find(key);
    REQUIRE(entry != nullptr);
    return document.source->slice(entry->value.span);
}

}  // namespace

TEST_CASE("document: every value knows its bytes", "[document]") {
    const std::string text = "plain: a b  # tail\n"
                             "double: \"x \\\" # y\"  # tail\n"
                             "single: 'it''s'\n"
                             "literal: |\n"
                             "  one # no comment\n"
                             "   two\n"
                             "\n"
                             "folded: >-\n"
                             "  three\n"
                             "lines: first\n"
                             "  second # tail\n"
                             "flow: [1, {x: y, z: }, \"]\" , ]  # ]\n"
                             "empty:\n"
                             "nothing: ~\n"
                             "list:\n"
                             "- one\n"
                             "- k: v  # tail\n"
                             "last: {a: 1,\n"
                             "  b: 2}\n";
    const Document document = read_document("t", text);
    REQUIRE(document.problems.empty());
    CHECK(value_text(document, "plain") == "a b");
    CHECK(value_text(document, "double") == R"("x \" # y")");
    CHECK(value_text(document, "single") == "'it''s'");
    CHECK(value_text(document, "literal") == "|\n  one # no comment\n   two");
    CHECK(value_text(document, "folded") == ">-\n  three");
    CHECK(value_text(document, "lines") == "first\n  second");
    CHECK(value_text(document, "flow") == "[1, {x: y, z: }, \"]\" , ]");
    CHECK(value_text(document, "empty").empty());
    CHECK(value_text(document, "list") == "- one\n- k: v");
    CHECK(value_text(document, "last") == "{a: 1,\n  b: 2}");
    CHECK(document.root->find("empty")->value.kind == NodeKind::null);
    CHECK(document.root->span.begin == 0);
    CHECK(document.root->span.end == text.size() - 1);
}

TEST_CASE("document: line ends of Windows and a byte order mark change nothing", "[document]") {
    const Document document = read_document(
        "t",
        "\xEF\xBB\xBF"
        "a: 1\r\nb:\r\n  - x\r\n"
    );
    CHECK(document.problems.empty());
    CHECK(value_text(document, "a") == "1");
    CHECK(value_text(document, "b") == "- x");
    CHECK(document.source->position(document.root->find("b")->key.span.begin) == Position{2, 1});
}

TEST_CASE("document: a key given twice is a problem, however it is quoted", "[document]") {
    const Document document = read_document("t", "a: 1\nb: 2\n\"a\": 3\n");
    CHECK(problems(document) == "3:1 SHAPE-05 key 'a' is given twice\n");
    CHECK(document.problems.front().notes.front().at == Span{0, 1});
    CHECK(value_text(document, "a") == "1");
    CHECK(document.root->entries.size() == 2);
}

TEST_CASE(
    "document: anchors, aliases, tags, merge keys and composed keys are refused in one run",
    "[document]"
) {
    CHECK(
        problems_of("a: &x 1\nb: *x\nc: !!int 5\n<<: {z: 1}\n? [q]\n: 3\n") ==
        "1:4 SHAPE-01 anchors ('&name') are not supported\n"
        "2:4 SHAPE-01 aliases ('*name') are not supported\n"
        "3:4 SHAPE-01 tags ('!type') are not supported\n"
        "4:1 SHAPE-01 merge keys ('<<') are not supported\n"
        "5:3 SHAPE-01 a key must be a plain text\n"
    );
}

TEST_CASE("document: nested aliases do not grow", "[document]") {
    std::string bomb = "a0: &a0 [x, x]\n";
    for (int i = 1; i < 30; ++i) {
        const std::string before = "*a" + std::to_string(i - 1);
        bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + before + ", " +
                before + "]\n";
    }
    const Document document = read_document("t", bomb);
    CHECK(document.problems.size() == 30 + 29 * 2);
}

TEST_CASE("document: a second document is refused", "[document]") {
    CHECK(problems_of("a: 1\n---\nb: 2\n") == "2:1 SHAPE-01 a second document begins here\n");
    CHECK(problems_of("---\na: 1\n...\n").empty());
}

TEST_CASE("document: depth, number of values and size have limits", "[document]") {
    CHECK_THAT(problems_of(repeated("[", 10'000)), Catch::Contains("nested more than 64 deep"));
    CHECK_THAT(problems_of(repeated("- ", 10'000)), Catch::Contains("nested more than 64 deep"));
    CHECK_THAT(problems_of(repeated("a: {", 10'000)), Catch::Contains("nested more than 64 deep"));
    CHECK_THAT(
        problems(read_document("t", "[a, b, c]", {.bytes = 100, .depth = 4, .nodes = 3})),
        Catch::Contains("more than 3 values")
    );
    CHECK_THAT(
        problems(read_document("t", std::string(101, 'a'), {.bytes = 100, .depth = 4, .nodes = 3})),
        Catch::Contains("the file has 101 bytes; at most 100 are read")
    );
}

TEST_CASE("document: what is not text is refused before it is parsed", "[document]") {
    using namespace std::string_literals;
    CHECK_THAT(
        problems_of("a: \xFF\n"), Catch::Contains("1:4 SHAPE-01 byte 0xFF is not valid UTF-8")
    );
    CHECK_THAT(
        problems_of("\xFF\xFE"
                    "a\0"s),
        Catch::Contains("UTF-16")
    );
    CHECK_THAT(problems_of("a: b\0c\n"s), Catch::Contains("1:5 SHAPE-01 control character U+0000"));
    CHECK_THAT(problems_of("a: b\x04\nc: d\n"), Catch::Contains("U+0004"));
    CHECK_THAT(
        problems_of("a: 1\rb: 2\n"), Catch::Contains("carriage return stands without a line feed")
    );
    CHECK_THAT(problems_of(""), Catch::Contains("the document is empty"));
    CHECK_THAT(problems_of("# only a comment\n"), Catch::Contains("the document is empty"));
}

TEST_CASE("document: syntax errors are told at the place that must be mended", "[document]") {
    CHECK(
        problems_of("a: 1\nb: [1,\n  2\nc: 3\n") ==
        "2:4 SHAPE-01 the list opened with '[' is not closed\n"
    );
    CHECK(problems_of("a: {b: 1\n") == "1:4 SHAPE-01 the object opened with '{' is not closed\n");
    CHECK(problems_of("a:\n\tb: 1\n") == "2:1 SHAPE-01 a tab indents this line\n");
    CHECK(problems_of("a: b: c\n") == "1:5 SHAPE-01 a ':' stands where no key can be\n");
    CHECK(problems_of("a: \"open\nb: 1\n") == "1:4 SHAPE-01 a quoted text is not closed\n");
    CHECK(problems_of("a: 'open") == "1:4 SHAPE-01 a quoted text is not closed\n");
    CHECK(
        problems_of("a: \"\\q\"\n") ==
        "1:5 SHAPE-01 an escape in a double-quoted text is not known to YAML\n"
    );
    CHECK(
        problems_of("a:\n    b: 1\n  c: 2\n") ==
        "3:3 SHAPE-01 the indentation does not fit the lines above\n"
    );
    CHECK_THAT(problems_of("a: @x\n"), Catch::StartsWith("1:4 SHAPE-01"));
    CHECK_THAT(problems_of("]\n"), Catch::StartsWith("1:1 SHAPE-01"));
}

TEST_CASE("document: a list that is the whole document is read", "[document]") {
    const Document document = read_document("t", "- 1\n- 2\n");
    REQUIRE(document.root);
    CHECK(document.root->kind == NodeKind::sequence);
    CHECK(document.root->items.size() == 2);
}

TEST_CASE("document: no problem points past the end of the text", "[document]") {
    for (const char* text : {"a: b\n?", "?", "a: [", "a: !", "<<", "a: \"", "- &x", "{? "}) {
        INFO(text);
        const Document document = read_document("t", text);
        for (const Diagnostic& problem : document.problems)
            CHECK(problem.at.end <= document.source->text().size());
    }
}
