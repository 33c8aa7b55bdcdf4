// SPDX-License-Identifier: Apache-2.0
#include "server/service/touched.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"

#include <string>

using namespace pchat;
using namespace pchat::test;

TEST_CASE("origin log: who is where and which sessions end, there and back", "[log]") {
    LogBody body;
    body.presence.begins = true;
    body.presence.rooms = {{RoomId{7}, {{1}, {2}}, {}}, {RoomId{8}, {}, {{3}}}};
    body.touched.ended = {"one", "two"};
    body.touched.disconnected = {{5}};
    CHECK(
        log_text(body) ==
        R"({"begins":true,"disconnected":[5],"ended":["one","two"],"presence":[[7,[1,2],[]],[8,[],[3]]]})"
    );
    const Result<LogBody> back = read_log_text(log_text(body));
    REQUIRE_OK(back);
    CHECK(log_text(*back) == log_text(body));
    CHECK(back->presence.begins);
    CHECK(back->touched.ended == body.touched.ended);
    CHECK(back->touched.disconnected == body.touched.disconnected);
}

TEST_CASE("origin log: an entry that another release wrote says nothing of who is where", "[log]") {
    const Result<LogBody> back = read_log_text(R"({"heads":[[1,2,3]],"later":{"x":[1]}})");
    REQUIRE_OK(back);
    CHECK(back->presence.empty());
    CHECK(back->touched.empty());
}

TEST_CASE("origin log: what is broken is refused", "[log]") {
    for (const std::string text :
         {R"({"presence":[[7,[1]]]})",
          R"({"presence":[[7,1,2]]})",
          R"({"presence":[["7",[],[]]]})",
          R"({"presence":[[7,[[1]],[]]]})",
          R"({"presence":7})",
          R"({"presence":[7]})",
          R"({"begins":1})",
          R"({"ended":"one"})",
          R"({"ended":[1]})",
          R"({"presence":[[7,["x"],[]]]})"}) {
        INFO(text);
        REQUIRE_ERR(read_log_text(text), Errc::internal, "origin log");
    }
}
