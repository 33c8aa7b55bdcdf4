// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

using namespace pchat;
using namespace pchat::test;
using ws::Opcode;

namespace {

struct Hostile {
    const char* what;
    std::string bytes;
    unsigned code;
};

const std::vector<Hostile> hostile{
    {"no mask", ws::encode(Opcode::text, "hello"), 1002},
    {"reserved bits", client_frame(Opcode::text, "hello", 0xC0), 1002},
    {"a reserved opcode", client_frame(static_cast<Opcode>(3), "hello"), 1002},
    {"a length of 2^63", std::string{"\x81\xff\x80\0\0\0\0\0\0\0mask", 14}, 1002},
    {"a length of 2^62", std::string{"\x81\xff\x40\0\0\0\0\0\0\0mask", 14}, 1009},
    {"a message past the limit", client_frame(Opcode::text, std::string(600'000, 'x')), 1009},
    {"fragments past the limit",
     client_frame(Opcode::text, std::string(400'000, 'x'), 0) +
         client_frame(Opcode::continuation, std::string(400'000, 'x')),
     1009},
    {"binary", client_frame(Opcode::binary, "hello"), 1003},
    {"bad UTF-8", client_frame(Opcode::text, "\xc3\x28"), 1007},
    {"a character that is cut", client_frame(Opcode::text, "\xe2\x82"), 1007},
    {"a ping in fragments", client_frame(Opcode::ping, "x", 0), 1002},
    {"a long ping", client_frame(Opcode::ping, std::string(126, 'x')), 1002},
    {"a continuation of nothing", client_frame(Opcode::continuation, "x"), 1002},
    {"a text inside a text",
     client_frame(Opcode::text, "x", 0) + client_frame(Opcode::text, "y"),
     1002},
    {"a close code of one byte", client_frame(Opcode::close, "x"), 1002},
    {"a close code that is never sent", client_frame(Opcode::close, "\x03\xed"), 1002},
};

}  // namespace

TEST_CASE("websocket: hostile frames end it with the code of RFC 6455", "[websocket]") {
    TestServer server;
    for (const Hostile& bad : hostile) {
        INFO(bad.what);
        Client client = web_socket(server.port(), "/echo");
        client.send(bad.bytes);
        CHECK(read_frame(client).close_code() == bad.code);
        CHECK(client.read_to_end().empty());
        server.site.events.wait_for("closed " + std::to_string(bad.code));
    }
    wait_until([&] { return server.counts().open == 0; });
}

TEST_CASE("websocket: a character split between fragments is whole", "[websocket]") {
    TestServer server;
    Client client = web_socket(server.port(), "/echo");
    client.send(
        client_frame(Opcode::text, "\xe2\x82", 0) + client_frame(Opcode::continuation, "\xac")
    );
    CHECK(read_frame(client).payload == "\xe2\x82\xac");
}

TEST_CASE("websocket: a flood of pings ends with 4009", "[websocket]") {
    TestServer server;
    Client client = web_socket(server.port(), "/echo");
    std::string flood;
    for (int i = 0; i < 2000; ++i)
        flood += client_frame(Opcode::ping, "ping");
    client.send(flood);
    ServerFrame frame = read_frame(client);
    int pongs = 0;
    for (; frame.opcode == Opcode::pong; frame = read_frame(client))
        ++pongs;
    CHECK(frame.close_code() == 4009);
    CHECK(pongs <= 200);  // a tick of the clock may fall between
    server.site.events.wait_for("closed 4009");
}
