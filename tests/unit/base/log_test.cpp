// SPDX-License-Identifier: Apache-2.0
#include "base/log.h"
#include "tests/support/catch.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <string>

using namespace pchat;

namespace {

// What goes to the process's stderr while `act` runs.
template <class F>
std::string stderr_of(F&& act) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe(ends.data()) == 0);
    const int saved = ::dup(STDERR_FILENO);
    ::dup2(ends[1], STDERR_FILENO);
    act();
    std::fflush(stderr);
    ::dup2(saved, STDERR_FILENO);
    ::close(saved);
    ::close(ends[1]);
    std::string text(4096, '\0');
    const ssize_t got = ::read(ends[0], text.data(), text.size());
    ::close(ends[0]);
    text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return text;
}

}  // namespace

TEST_CASE("log: what is below the level is not written", "[log]") {
    log::set_level(log::Level::warning);
    const std::string text = stderr_of([] {
        log::info("quiet {}", 1);
        log::warning("loud {}", 2);
    });
    log::set_level(log::Level::info);
    CHECK_THAT(text, Catch::Contains("warning loud 2"));
    CHECK_THAT(text, !Catch::Contains("quiet"));
}

TEST_CASE("log: nobody can forge a line", "[log]") {
    const std::string text =
        stderr_of([] { log::error("name {}", "x\n2026-01-01T00:00:00Z error forged"); });
    CHECK(std::count(text.begin(), text.end(), '\n') == 1);
}

TEST_CASE("log: levels have the names of the configuration", "[log]") {
    CHECK(log::parse_level("debug") == log::Level::debug);
    CHECK(log::parse_level("error") == log::Level::error);
    CHECK_FALSE(log::parse_level("loud"));
}
