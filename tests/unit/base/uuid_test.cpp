// SPDX-License-Identifier: Apache-2.0
#include "base/uuid.h"
#include "tests/support/catch.h"

#include <set>

using namespace pchat;

TEST_CASE("uuids: begin with the time, say their version, and differ", "[uuid]") {
    const std::string one = make_uuid(0x01890a5dac96LL * 1000 + 999);
    CHECK(one.substr(0, 15) == "01890a5d-ac96-7");
    CHECK(std::string{"89ab"}.find(one[19]) != std::string::npos);
    CHECK(is_uuid(one));
    std::set<std::string> many;
    for (int i = 0; i < 1000; ++i)
        many.insert(make_uuid(1));
    CHECK(many.size() == 1000);
    CHECK(make_uuid(1000) < make_uuid(2000));
}

TEST_CASE("uuids: what is one, and what is not", "[uuid]") {
    CHECK(is_uuid("00000000-0000-0000-0000-000000000000"));
    CHECK(is_uuid("01890A5D-AC96-774B-BCCE-B302099A8057"));
    for (const char* text :
         {"",
          "01890a5d-ac96-774b-bcce-b302099a805",
          "01890a5d-ac96-774b-bcce-b302099a80577",
          "01890a5dxac96-774b-bcce-b302099a8057",
          "01890a5d-ac96-774b-bcce-b302099a805g",
          "{1890a5d-ac96-774b-bcce-b302099a8057}"})
        CHECK_FALSE(is_uuid(text));
}
