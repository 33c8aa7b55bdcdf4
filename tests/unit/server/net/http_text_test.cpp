// SPDX-License-Identifier: Apache-2.0
#include "server/net/http_text.h"
#include "tests/support/catch.h"

using namespace pchat::net;

TEST_CASE("http text: the head of an answer", "[http]") {
    HttpResponse response{201, {{"Location", "/v1/rooms/1"}}, "body"};
    CHECK(
        encode_head(response, {true, 784111777})  // the date of RFC 9110, 5.6.7
        == "HTTP/1.1 201 Created\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
           "Location: /v1/rooms/1\r\nContent-Length: 4\r\n\r\n"
    );
    CHECK(
        encode_head({204, {}, ""}, {false, 784111778}) ==
        "HTTP/1.1 204 No Content\r\nDate: Sun, 06 Nov 1994 08:49:38 GMT\r\n"
        "Connection: close\r\n\r\n"
    );
    CHECK_THAT(encode_head({599, {}, ""}, {}), Catch::StartsWith("HTTP/1.1 599 Status\r\n"));
}

TEST_CASE("http text: no header brings a line of its own or changes the framing", "[http]") {
    const HttpResponse response{
        200,
        {{"A", "x\r\nB: y"},
         {"C\r\nD", "z"},
         {"", "nameless"},
         {"E:", "colon"},
         {"transfer-encoding", "chunked"},
         {"CONTENT-LENGTH", "7"},
         {"Tab", std::string{"a\tb\0c\x7f", 6}}},
        ""};
    const std::string head = encode_head(response, {true, 0});
    CHECK(
        head == "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
                "A: x  B: y\r\nTab: a b c \r\nContent-Length: 0\r\n\r\n"
    );
}

TEST_CASE("http text: errors have the one shape", "[http]") {
    const HttpResponse response = http_error(413, "too-large", "the body is long", "send less");
    CHECK(response.status == 413);
    CHECK(
        response.body ==
        R"({"error":{"code":"too-large","message":"the body is long","hint":"send less"}})"
    );
    CHECK(response.headers == std::vector<Header>{{"Content-Type", "application/json"}});
}
