// SPDX-License-Identifier: Apache-2.0
#include "cli/ui/output.h"
#include "tests/support/catch.h"
#include "tests/support/cli_session.h"

using namespace pchat::cli;
using Json = nlohmann::ordered_json;

namespace {

const std::vector<Column> columns{
    {"NAME", "name", false}, {"USERS", "load.users", true}, {"SITE", "site", false}};

Json pools() {
    return Json::parse(R"([
        {"name": "east", "load": {"users": 5}, "site": "redmond"},
        {"name": "z\u00fcrich-west", "load": {"users": 20000}, "site": ""}
    ])");
}

/// stdout and stderr of print_list.
struct Printed {
    pchat::test::CliSession session;

    std::string list(const Json& items, const std::string& format) {
        Context ctx = session.context();
        ctx.global.output = format;
        print_list(ctx, "pool", items, columns);
        return session.out.str();
    }
};

}  // namespace

TEST_CASE("output: a table aligns by display width, numbers to the right", "[output]") {
    CHECK(
        render_table(pools(), columns) == "NAME         USERS  SITE\n"
                                          "east             5  redmond\n"
                                          "z\u00fcrich-west  20000  -\n"
    );
}

TEST_CASE("output: a missing value is a dash, so that every line has all cells", "[output]") {
    CHECK(
        render_table(Json::parse(R"([{"name": null}])"), columns) ==
        "NAME  USERS  SITE\n-         -  -\n"
    );
}

TEST_CASE("output: cells are never cut", "[output]") {
    const std::string name(300, 'x');
    CHECK_THAT(
        render_table(Json::array({{{"name", name}}}), columns), Catch::Contains(name + "  ")
    );
}

TEST_CASE("output: control characters in a cell are shown, not obeyed", "[output]") {
    const std::string text = render_table(Json::array({{{"name", "a\x1b[2J\nb"}}}), columns);
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(std::count(text.begin(), text.end(), '\n') == 2);
}

TEST_CASE("output: booleans and lists are written for people", "[output]") {
    const Json items =
        Json::parse(R"([{"name": ["a", "b"], "load": {"users": true}, "site": false}])");
    CHECK(render_table(items, columns) == "NAME  USERS  SITE\na,b     yes  no\n");
}

TEST_CASE("output: a list as json, yaml and names", "[output]") {
    CHECK(Json::parse(Printed().list(pools(), "json")) == pools());
    CHECK(Printed().list(pools(), "name") == "pool/east\npool/z\u00fcrich-west\n");
    CHECK_THAT(
        Printed().list(pools(), "yaml"), Catch::StartsWith("- name: east\n  load:\n    users: 5\n")
    );
}

TEST_CASE("output: an empty list is [] in json and a note on a terminal only", "[output]") {
    CHECK(Printed().list(Json::array(), "json") == "[]\n");
    Printed piped;
    CHECK(piped.list(Json::array(), "table").empty());
    CHECK(piped.session.err.str().empty());
    Printed terminal;
    terminal.session.terminal.err_is_tty = true;
    CHECK(terminal.list(Json::array(), "table").empty());
    CHECK(terminal.session.err.str() == "there is no pool\n");
}

TEST_CASE("output: a document is its text unless json or yaml is asked for", "[output]") {
    pchat::test::CliSession session;
    Context ctx = session.context();
    print_document(ctx, {{"a", 1}}, "the text\n");
    ctx.global.output = "yaml";
    print_document(ctx, {{"a", 1}}, "the text\n");
    ctx.global.output = "json";
    print_document(ctx, {{"a", 1}}, "the text\n");
    CHECK(session.out.str() == "the text\na: 1\n{\n  \"a\": 1\n}\n");
}

TEST_CASE("output: bytes that are no UTF-8 do not break json", "[output]") {
    CHECK_NOTHROW(json_text(Json{{"name", "a\xff"}}));
}
