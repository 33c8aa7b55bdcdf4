// SPDX-License-Identifier: Apache-2.0
#include "base/time_text.h"
#include "tests/support/catch.h"

#include <limits>

using pchat::Microseconds;
using pchat::parse_time;
using pchat::time_text;

namespace {

constexpr Microseconds second = 1'000'000;
constexpr Microseconds new_year_2024 = 1'704'067'200 * second;

std::string again(std::string_view text) {
    const auto at = parse_time(text);
    return at ? time_text(*at) : "none";
}

}  // namespace

TEST_CASE("time text: has always six digits of a second and Z", "[time]") {
    CHECK(time_text(0) == "1970-01-01T00:00:00.000000Z");
    CHECK(time_text(1) == "1970-01-01T00:00:00.000001Z");
    CHECK(time_text(new_year_2024 + 86'399 * second + 120) == "2024-01-01T23:59:59.000120Z");
}

TEST_CASE("time text: goes back before 1970", "[time]") {
    CHECK(time_text(-1) == "1969-12-31T23:59:59.999999Z");
    CHECK(parse_time("1969-12-31T23:59:59.999999Z") == -1);
    CHECK(again("0000-03-01T12:00:00Z") == "0000-03-01T12:00:00.000000Z");
}

TEST_CASE("time text: writes the nearest year it can when there is no such year", "[time]") {
    CHECK(time_text(std::numeric_limits<Microseconds>::max()) == "9999-12-31T23:59:59.999999Z");
    CHECK(time_text(std::numeric_limits<Microseconds>::min()) == "0000-01-01T00:00:00.000000Z");
}

TEST_CASE("time text: reads leap days only in leap years", "[time]") {
    CHECK(again("2024-02-29T00:00:00Z") == "2024-02-29T00:00:00.000000Z");
    CHECK(again("2000-02-29T00:00:00Z") == "2000-02-29T00:00:00.000000Z");
    CHECK(again("2023-02-29T00:00:00Z") == "none");
    CHECK(again("1900-02-29T00:00:00Z") == "none");
    CHECK(again("2024-02-30T00:00:00Z") == "none");
    CHECK(again("2024-04-31T00:00:00Z") == "none");
}

TEST_CASE("time text: takes offsets into account", "[time]") {
    CHECK(parse_time("2024-01-01T00:00:00Z") == new_year_2024);
    CHECK(parse_time("2024-01-01T05:30:00+05:30") == new_year_2024);
    CHECK(parse_time("2023-12-31T16:00:00-08:00") == new_year_2024);
    CHECK(parse_time("2024-01-01T00:00:00-00:00") == new_year_2024);
    CHECK(parse_time("2024-01-01t00:00:00z") == new_year_2024);
}

TEST_CASE("time text: cuts a fraction after its sixth digit", "[time]") {
    CHECK(parse_time("2024-01-01T00:00:00.5Z") == new_year_2024 + second / 2);
    CHECK(parse_time("2024-01-01T00:00:00.123456Z") == new_year_2024 + 123'456);
    CHECK(parse_time("2024-01-01T00:00:00.123456999Z") == new_year_2024 + 123'456);
    CHECK(parse_time("2024-01-01T00:00:00.000001Z") == new_year_2024 + 1);
}

TEST_CASE("time text: refuses what is no time", "[time]") {
    const std::string_view text = GENERATE(
        as<std::string_view>{},
        "",
        "2024",
        "2024-01-01",
        "2024-01-01T00:00Z",
        "2024-01-01T00:00:00",
        "2024-01-01 00:00:00Z",
        "2024-1-01T00:00:00Z",
        "2024-13-01T00:00:00Z",
        "2024-00-01T00:00:00Z",
        "2024-01-00T00:00:00Z",
        "2024-01-01T24:00:00Z",
        "2024-01-01T00:60:00Z",
        "2016-12-31T23:59:60Z",
        "2024-01-01T00:00:00.Z",
        "2024-01-01T00:00:00,5Z",
        "2024-01-01T00:00:00+0530",
        "2024-01-01T00:00:00+24:00",
        "2024-01-01T00:00:00+05:60",
        "2024-01-01T00:00:00Zjunk",
        "+024-01-01T00:00:00Z",
        "12024-01-01T00:00:00Z",
        "２024-01-01T00:00:00Z"
    );
    CAPTURE(text);
    CHECK_FALSE(parse_time(text).has_value());
}

TEST_CASE("time text: refuses years that an offset moves out of range", "[time]") {
    CHECK_FALSE(parse_time("0000-01-01T00:00:00+00:01").has_value());
    CHECK_FALSE(parse_time("9999-12-31T23:59:59-00:01").has_value());
    CHECK(again("9999-12-31T23:59:59.999999Z") == "9999-12-31T23:59:59.999999Z");
}

TEST_CASE("time text: what is written reads back as the same", "[time]") {
    // A step that is a multiple of nothing visits all months, hours and fractions.
    constexpr Microseconds step = 7'919 * 86'400 * second / 13 + 104'729;
    for (Microseconds at = -60'000'000'000 * second; at < 250'000'000'000 * second; at += step)
        REQUIRE(parse_time(time_text(at)) == at);
}
