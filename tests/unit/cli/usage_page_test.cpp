// SPDX-License-Identifier: Apache-2.0
#include "cli/usage_page.h"
#include "tests/support/catch.h"

using namespace pchat::cli;
using Catch::Contains;
using Json = nlohmann::ordered_json;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t out = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
        ++out;
    return out;
}

Json day(const char* at, int messages) {
    return {{"day", at}, {"messages", messages}, {"users", 1}, {"rooms", 1}};
}

}  // namespace

TEST_CASE("usage page: a bar for each day, the tallest as high as the picture", "[report]") {
    const std::string picture =
        usage_picture(Json::array({day("2026-11-20T00:00:00Z", 5), day("2026-11-21T00:00:00Z", 10)})
        );
    CHECK(count(picture, "<rect") == 2);
    CHECK_THAT(picture, Contains("height=\"200.0\"") && Contains("height=\"100.0\""));
    CHECK_THAT(picture, Contains("2026-11-20: 5 messages, 1 users, 1 rooms"));
    CHECK(count(usage_picture(Json::array()), "<rect") == 0);
}

TEST_CASE("usage page: needs nothing else, and names do not become markup", "[report]") {
    const Json usage{
        {"since", "2026-11-20T00:00:00Z"},
        {"until", "2026-11-21T00:00:00Z"},
        {"messages", 15},
        {"complete", false},
        {"top_rooms", {{{"room", "<script>alert(1)</script>"}, {"messages", 15}}}},
        {"days", Json::array({day("2026-11-20T00:00:00Z", 15)})}};
    const std::string page = usage_page(usage);
    CHECK(count(page, "<script") == 0);
    CHECK_THAT(page, Contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
    CHECK_THAT(page, Contains("there is more than this report counts"));
    CHECK_THAT(page, Contains("<svg") && Contains("Rooms with most messages"));
    CHECK_THAT(page, !Contains("Users with most messages"));
    CHECK(count(page, "src=") == 0);
    CHECK(count(page, "href=") == 0);
    CHECK(count(page, "http") == 1);  // the name of SVG's vocabulary, which nobody fetches
}
