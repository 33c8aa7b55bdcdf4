// SPDX-License-Identifier: Apache-2.0
#include "server/net/handshake.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <string>

using namespace pchat::net;

namespace {

HttpRequest good() {
    HttpRequest request;
    request.method = "GET";
    request.path = "/v1/ws";
    request.headers = {
        {"Host", "test"},
        {"Upgrade", "WebSocket"},
        {"Connection", "keep-alive, UPGRADE"},
        {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
        {"Sec-WebSocket-Version", "13"},
        {"Sec-WebSocket-Protocol", "pchat.v1"}};
    return request;
}

HttpRequest with(const std::string& name, const std::string& value) {
    HttpRequest request = good();
    for (Header& header : request.headers)
        if (header.first == name)
            header.second = value;
    return request;
}

std::string answered(const HttpResponse& response, const std::string& name) {
    for (const Header& header : response.headers)
        if (header.first == name)
            return header.second;
    return "";
}

}  // namespace

TEST_CASE("handshake: a good one is proved by the key", "[websocket]") {
    const HttpResponse response = answer_handshake(good(), true);
    CHECK(response.status == 101);
    CHECK(answered(response, "Sec-WebSocket-Accept") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    CHECK(answered(response, "Sec-WebSocket-Protocol") == "pchat.v1");
}

TEST_CASE("handshake: only Upgrade: websocket asks for one", "[websocket]") {
    CHECK(wants_web_socket(good()));
    CHECK(wants_web_socket(with("Upgrade", "h2c , websocket")));
    CHECK_FALSE(wants_web_socket(with("Upgrade", "h2c")));
    CHECK_FALSE(wants_web_socket(with("Upgrade", "websockets")));
    CHECK_FALSE(wants_web_socket({}));
}

TEST_CASE("handshake: another version is told the right one", "[websocket]") {
    for (const std::string version : {"8", "", "13, 8"}) {
        const HttpResponse response =
            answer_handshake(with("Sec-WebSocket-Version", version), true);
        CHECK(response.status == 426);
        CHECK(answered(response, "Sec-WebSocket-Version") == "13");
    }
}

TEST_CASE("handshake: what RFC 6455 asks for is asked for", "[websocket]") {
    HttpRequest post = good();
    post.method = "POST";
    CHECK(answer_handshake(post, true).status == 400);
    CHECK(answer_handshake(good(), false).status == 400);
    HttpRequest with_body = good();
    with_body.body = "x";
    CHECK(answer_handshake(with_body, true).status == 400);
    CHECK(answer_handshake(with("Connection", "keep-alive"), true).status == 400);
    for (const std::string key :
         {"", "dGhlIHNhbXBsZSBub25jZQ", "dGhlIHNhbXBsZSBub25jZ===", "dGhlIHNhbXBsZSBub25j!Q=="}) {
        INFO(key);
        CHECK(answer_handshake(with("Sec-WebSocket-Key", key), true).status == 400);
    }
}

TEST_CASE("handshake: subprotocols may be none, not others", "[websocket]") {
    CHECK(answer_handshake(with("Sec-WebSocket-Protocol", "mqtt, soap"), true).status == 400);
    CHECK(answer_handshake(with("Sec-WebSocket-Protocol", "mqtt,pchat.v1"), true).status == 101);
    HttpRequest none = good();
    none.headers.pop_back();
    const HttpResponse response = answer_handshake(none, true);
    CHECK(response.status == 101);
    CHECK(answered(response, "Sec-WebSocket-Protocol").empty());
    HttpRequest two_lines = with("Sec-WebSocket-Protocol", "mqtt");
    two_lines.headers.emplace_back("sec-websocket-protocol", "pchat.v1");
    CHECK(answer_handshake(two_lines, true).status == 101);
}
