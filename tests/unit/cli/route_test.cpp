// SPDX-License-Identifier: Apache-2.0
#include "cli/route.h"
#include "tests/support/catch.h"
#include "tests/support/sample_table.h"

using namespace pchat::cli;
using pchat::test::SampleSeen;
using Words = std::vector<std::string>;

namespace {

Route route(const Words& words) {
    static SampleSeen seen;
    static const CommandTable table = pchat::test::sample_table(seen);
    return find_route(table, words);
}

}  // namespace

TEST_CASE("route: words lead to a command and the rest is kept in order", "[route]") {
    const Route found = route({"room", "create", "lobby", "--strict"});
    REQUIRE(found.command);
    CHECK(found.command->path == "room create");
    CHECK(found.rest == Words{"lobby", "--strict"});
}

TEST_CASE("route: flags may stand before and between the words of the command", "[route]") {
    const Route found = route({"-o", "json", "room", "--topic", "create", "create", "lobby"});
    REQUIRE(found.command);
    CHECK(found.command->path == "room create");
    CHECK(found.rest == Words{"-o", "json", "--topic", "create", "lobby"});
    CHECK(found.early.output == "json");
}

TEST_CASE("route: a verb may be two words", "[route]") {
    const Route found = route({"room", "add", "pool", "west"});
    REQUIRE(found.command);
    CHECK(found.command->path == "room add pool");
    CHECK(found.rest == Words{"west"});
}

TEST_CASE("route: the line may end before the command is named", "[route]") {
    const Route noun = route({"room"});
    CHECK_FALSE(noun.command);
    CHECK(noun.prefix == "room");
    CHECK(noun.unknown.empty());
    CHECK(route({"room", "add"}).prefix == "room add");
    CHECK(route({}).prefix.empty());
}

TEST_CASE("route: the first word that leads nowhere is named", "[route]") {
    const Route verb = route({"room", "crate", "lobby"});
    CHECK_FALSE(verb.command);
    CHECK(verb.prefix == "room");
    CHECK(verb.unknown == "crate");
    CHECK(route({"rom", "create"}).unknown == "rom");
}

TEST_CASE("route: help is a flag, not a value of one", "[route]") {
    CHECK(route({"room", "create", "-h"}).wants_help);
    CHECK(route({"room", "create", "-qh"}).wants_help);
    CHECK(route({"--help", "room"}).wants_help);
    CHECK_FALSE(route({"room", "create", "--topic", "--help"}).wants_help);
    CHECK_FALSE(route({"room", "create", "--", "-h"}).wants_help);
}

TEST_CASE("route: nothing is run on a part of a word", "[route]") {
    CHECK_FALSE(route({"room", "creat"}).command);
    CHECK_FALSE(route({"ver"}).command);
    CHECK_FALSE(route({""}).command);
}
