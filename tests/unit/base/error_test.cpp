// SPDX-License-Identifier: Apache-2.0
#include "base/result.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <set>

using namespace pchat;

TEST_CASE("error table: every class has its own row, token and a documented exit code", "[error]") {
    std::set<std::string_view> tokens;
    for (int i = 0; i <= static_cast<int>(Errc::internal); ++i) {
        const auto code = static_cast<Errc>(i);
        const ErrorClass& row = error_class(code);
        CHECK(row.code == code);
        CHECK(tokens.insert(row.token).second);
        CHECK_FALSE(row.meaning.empty());
        const auto documented = [&](const ExitCode& exit) { return exit.code == row.exit_code; };
        CHECK(std::any_of(exit_codes().begin(), exit_codes().end(), documented));
    }
}

TEST_CASE("error table: the exit codes that scripts rely on", "[error]") {
    CHECK(error_class(Errc::invalid).exit_code == 1);
    CHECK(error_class(Errc::usage).exit_code == 2);
    CHECK(error_class(Errc::bad_file).exit_code == 3);
    CHECK(error_class(Errc::denied).exit_code == 4);
    CHECK(error_class(Errc::some_failed).exit_code == 5);
    CHECK(error_class(Errc::pending).exit_code == 8);
    CHECK(error_class(Errc::interrupted).exit_code == 130);
}

TEST_CASE("result: context is added on the way up, innermost first", "[error]") {
    const auto inner = []() -> Result<int> {
        return fail(Errc::not_found, "no room", "list them");
    };
    const auto outer = [&]() -> Result<std::string> {
        auto got = inner();
        return pass(std::move(got).error(), "send message");
    };
    const auto result = outer();
    REQUIRE_FALSE(result);
    CHECK(result.error().message == "no room");
    CHECK(result.error().hint == "list them");
    CHECK(result.error().context == std::vector<std::string>{"send message"});
}
