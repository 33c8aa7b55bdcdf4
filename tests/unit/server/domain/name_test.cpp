// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"
#include "tests/support/catch.h"

using namespace pchat;

TEST_CASE("names: spellings that people take for one have one key", "[name]") {
    CHECK(name_key("Lobby") == name_key("LOBBY"));
    CHECK(name_key("Straße") == name_key("STRASSE"));
    CHECK(name_key("\u00C5ngstr\u00F6m") == name_key("A\u030Angstro\u0308m"));
    CHECK(name_key("\u0391\u03A3") == name_key("\u03B1\u03C2"));  // a final sigma
    CHECK(name_key("Lobby") != name_key("Lobby "));
    CHECK(name_key("I") != name_key("\u0130"));
    CHECK(name_key("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST_CASE("names: the order of lists goes by the folded form, cut by code points", "[name]") {
    CHECK(name_sort("LoBBy") == "lobby");
    std::string rockets;
    for (int i = 0; i < 200; ++i)
        rockets += "\U0001F680";
    CHECK(name_sort(rockets) == rockets.substr(0, 128 * 4));
}
