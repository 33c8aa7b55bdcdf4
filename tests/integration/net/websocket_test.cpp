// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/catch.h"

#include <string>

using namespace pchat;
using namespace pchat::test;
using ws::Opcode;

TEST_CASE("websocket: messages of every size come back", "[websocket]") {
    TestServer server;
    Client client = web_socket(server.port(), "/echo");
    for (const std::size_t size : {0UL, 1UL, 125UL, 126UL, 65535UL, 65536UL, 500'000UL}) {
        const std::string message(size, 'm');
        client.send(client_frame(Opcode::text, message));
        CHECK(read_frame(client).payload == message);
    }
}

TEST_CASE("websocket: bytes one at a time, fragments and pings in between", "[websocket]") {
    TestServer server;
    Client client = web_socket(server.port(), "/echo");
    client.send_byte_by_byte(
        client_frame(Opcode::text, "frag", 0) + client_frame(Opcode::ping, "still there?") +
        client_frame(Opcode::continuation, "ments")
    );
    const ServerFrame pong = read_frame(client);
    CHECK(pong.opcode == Opcode::pong);
    CHECK(pong.payload == "still there?");
    CHECK(read_frame(client).payload == "fragments");
}

TEST_CASE("websocket: the close frame of a client is answered, then the end comes", "[websocket]") {
    TestServer server;
    Client client = web_socket(server.port(), "/echo");
    const bool with_code = GENERATE(true, false);
    client.send(client_frame(Opcode::close, with_code ? std::string{"\x0b\xb8"} : ""));  // 3000
    const ServerFrame answer = read_frame(client);
    CHECK(answer.opcode == Opcode::close);
    CHECK(answer.close_code() == (with_code ? 3000 : 0));
    CHECK(client.read_to_end().empty());
    server.site.events.wait_for(with_code ? "closed 3000" : "closed 1005");
}

TEST_CASE("websocket: the user closes, and hears nothing more", "[websocket]") {
    TestServer server;
    Client client = web_socket(server.port(), "/bye");
    client.send(
        client_frame(Opcode::text, "bye") + client_frame(Opcode::text, "and another thing")
    );
    const ServerFrame close = read_frame(client);
    CHECK(close.close_code() == 1001);
    CHECK(close.payload.substr(2) == "as you wish");
    server.site.events.wait_for("closed 1001");
    CHECK_FALSE(client.has_input());  // it waits for our close frame
    client.send(client_frame(Opcode::text, "?") + client_frame(Opcode::close, "\x03\xe9"));
    CHECK(client.read_to_end().empty());
    client.end_sending();
    wait_until([&] { return server.counts().open == 0; });
    CHECK(server.site.events.all() == std::vector<std::string>{"opened /bye", "text bye"});
}

TEST_CASE("websocket: a client that never answers the close frame is left", "[websocket]") {
    net::ConnectionLimits limits;
    limits.close_time = std::chrono::milliseconds{60};
    TestServer server{limits};
    Client client = web_socket(server.port(), "/bye");
    client.send(client_frame(Opcode::text, "bye"));
    CHECK(read_frame(client).close_code() == 1001);
    CHECK(client.read_to_end().empty());
    wait_until([&] { return server.counts().open == 0; });
}

TEST_CASE("websocket: a broken connection ends with no code", "[websocket]") {
    TestServer server;
    { const Client client = web_socket(server.port(), "/echo"); }
    server.site.events.wait_for("closed 1005");
    wait_until([&] { return server.counts().open_web_sockets == 0; });
}

TEST_CASE("websocket: a silent client is asked, and left when it stays silent", "[websocket]") {
    net::ConnectionLimits limits;
    limits.ping_interval = std::chrono::milliseconds{80};
    TestServer server{limits};
    Client client = web_socket(server.port(), "/echo");
    for (int i = 0; i < 3; ++i) {
        CHECK(read_frame(client).opcode == Opcode::ping);
        client.send(client_frame(Opcode::pong, ""));
    }
    CHECK(read_frame(client).opcode == Opcode::ping);
    CHECK(client.read_to_end().empty());
    server.site.events.wait_for("closed 1005");
}

TEST_CASE("websocket: who is paused gets nothing until resumed", "[websocket]") {
    net::ConnectionLimits limits;
    limits.ping_interval = std::chrono::milliseconds{40};
    TestServer server{limits};
    Client client = web_socket(server.port(), "/paused");
    server.site.events.wait_for("opened /paused");
    server.for_each_socket([](net::WebSocket& socket) { socket.pause(); });
    client.send(client_frame(Opcode::text, "waits"));
    server.resume_all();  // one of two pauses
    // Silence that we caused ourselves is not held against it.
    Client other = web_socket(server.port(), "/echo");
    for (int i = 0; i < 4; ++i) {
        CHECK(read_frame(other).opcode == Opcode::ping);
        other.send(client_frame(Opcode::pong, ""));
    }
    CHECK(server.site.events.all() == std::vector<std::string>{"opened /echo"});
    server.for_each_socket([](net::WebSocket& socket) { socket.resume(); });
    server.site.events.wait_for("text waits");
}
