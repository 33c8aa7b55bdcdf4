// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/catch.h"

#include <string>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using Catch::StartsWith;

TEST_CASE("upgrade: the answer names the key's proof and the subprotocol", "[websocket]") {
    TestServer server;
    Client client{server.port()};
    client.send(upgrade_request("/echo", "Sec-WebSocket-Protocol: other, pchat.v1\r\n"));
    const std::string answer = client.read_to("\r\n\r\n");
    CHECK_THAT(answer, StartsWith("HTTP/1.1 101 Switching Protocols\r\n"));
    // The example of RFC 6455, 1.3.
    CHECK_THAT(answer, Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    CHECK_THAT(answer, Contains("Sec-WebSocket-Protocol: pchat.v1\r\n"));
    CHECK_THAT(answer, Contains("Connection: Upgrade\r\n") && !Contains("Content-Length"));
}

TEST_CASE("upgrade: a client may offer no subprotocol, and is told none", "[websocket]") {
    TestServer server;
    Client client{server.port()};
    client.send(upgrade_request("/echo", ""));
    CHECK_THAT(
        client.read_to("\r\n\r\n"),
        StartsWith("HTTP/1.1 101 ") && !Contains("Sec-WebSocket-Protocol")
    );
}

TEST_CASE("upgrade: frames that come with the request belong to the WebSocket", "[websocket]") {
    TestServer server;
    Client client{server.port()};
    client.send(upgrade_request("/echo") + client_frame(ws::Opcode::text, "eager"));
    CHECK_THAT(client.read_to("\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
    CHECK(read_frame(client).payload == "eager");
}

TEST_CASE("upgrade: the request may come byte by byte, and after other requests", "[websocket]") {
    TestServer server;
    Client client{server.port()};
    client.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    client.read_response();
    client.send_byte_by_byte(upgrade_request("/echo") + client_frame(ws::Opcode::text, "slow"));
    CHECK_THAT(client.read_to("\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
    CHECK(read_frame(client).payload == "slow");
    CHECK(server.counts().open_web_sockets == 1);
}

TEST_CASE("upgrade: what the site refuses is answered, and HTTP goes on", "[websocket]") {
    TestServer server;
    Client client{server.port()};
    client.send(upgrade_request("/refuse"));
    CHECK_THAT(client.read_response(), StartsWith("HTTP/1.1 403 ") && Contains("not you"));
    client.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK_THAT(client.read_response(), StartsWith("HTTP/1.1 200 "));
}
