// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/catch.h"

#include <string>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using Catch::EndsWith;
using Catch::StartsWith;

namespace {

std::string get(const std::string& path) {
    return "GET " + path + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

std::string post(const std::string& path, const std::string& body) {
    return "POST " + path +
           " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("http: many requests over one connection", "[http]") {
    TestServer server;
    Client client{server.port()};
    for (int i = 0; i < 3; ++i) {
        client.send(get("/show/a%20b?x=1&y"));
        const std::string response = client.read_response();
        CHECK_THAT(response, StartsWith("HTTP/1.1 200 OK\r\nDate: "));
        CHECK_THAT(response, EndsWith("GET /show/a%20b ?x=1&y 127.0.0.1 plain "));
        CHECK_THAT(response, !Contains("Connection:"));
    }
    CHECK(server.counts().accepted == 1);
}

TEST_CASE("http: a request byte by byte is the same request", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send_byte_by_byte(post("/show", "slow body"));
    CHECK_THAT(client.read_response(), EndsWith("plain slow body"));
    client.send_byte_by_byte(
        "POST /show HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n"
        "4;ext=1\r\nslow\r\n7\r\n chunks\r\n0\r\nTrailer: x\r\n\r\n"
    );
    CHECK_THAT(client.read_response(), EndsWith("plain slow chunks"));
}

TEST_CASE("http: pipelined requests are answered one after the other, in order", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send(get("/hold") + post("/show", "second") + get("/third"));
    server.site.events.wait_for("held");
    CHECK_FALSE(client.has_input());
    server.site.held.with([](auto& replies) { replies.at(0)({201, {}, "first"}); });
    CHECK_THAT(client.read_response(), StartsWith("HTTP/1.1 201 ") && EndsWith("first"));
    CHECK_THAT(client.read_response(), EndsWith("second"));
    CHECK_THAT(client.read_response(), Contains("GET /third"));
}

TEST_CASE("http: HEAD has the length of the body and no body", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send("HEAD /show HTTP/1.1\r\nHost: test\r\n\r\n" + get("/next"));
    const std::string head = client.read_to("\r\n\r\n");
    CHECK_THAT(head, Contains("Content-Length: 29\r\n"));  // HEAD /show ? 127.0.0.1 plain
    CHECK_THAT(client.read_response(), StartsWith("HTTP/1.1 200") && Contains("/next"));
}

TEST_CASE("http: the connection ends when either side says so", "[http]") {
    TestServer server;
    const std::string request = GENERATE(
        std::string{"GET /show HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"},
        std::string{"GET /show HTTP/1.0\r\n\r\n"}
    );
    Client client{server.port()};
    client.send(request);
    const std::string all = client.read_to_end();
    CHECK_THAT(all, StartsWith("HTTP/1.1 200 ") && Contains("Connection: close\r\n"));
}

TEST_CASE("http: a client that waits for leave to send a body gets it", "[http]") {
    TestServer server;
    Client client{server.port()};
    const std::string head = "POST /show HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\n";
    client.send(head + "Content-Length: 4\r\n\r\n");
    CHECK(client.read_to("\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    CHECK_THAT(client.read_response(), StartsWith("HTTP/1.1 200 ") && EndsWith("body"));
    client.send(head + "Content-Length: 1001\r\n\r\n");
    CHECK_THAT(client.read_to_end(), StartsWith("HTTP/1.1 413 "));
}

TEST_CASE("http: a large answer to a slow reader arrives whole", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send(get("/big") + get("/show"));
    CHECK(client.read_response().size() > 3'000'000);
    CHECK_THAT(client.read_response(), Contains("GET /show"));
}

TEST_CASE("http: headers of an answer cannot bring lines of their own", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send(get("/evil"));
    const std::string response = client.read_response();
    CHECK_THAT(response, Contains("X-Value: one  X-Injected: yes\r\n"));
    CHECK_THAT(response, !Contains("X-Also"));
    CHECK_THAT(response, Contains("Content-Length: 0\r\n") && !Contains("1000"));
}

TEST_CASE("http: an answer may come when nobody waits for it", "[http]") {
    TestServer server;
    {
        Client client{server.port()};
        client.send(get("/hold"));
        server.site.events.wait_for("held");
    }
    const auto reply = server.site.held.with([](auto& replies) { return replies.at(0); });
    reply({200, {}, "late"});
    reply({200, {}, "twice"});
    wait_until([&] { return server.counts().open == 0; });
    server.pool.stop();
    reply({200, {}, "after the end"});
    server.listener.reset();
    reply({200, {}, "after all"});
}

TEST_CASE("http: an answer that was forgotten is a 500", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send(get("/lost"));
    CHECK_THAT(client.read_response(), StartsWith("HTTP/1.1 500 ") && Contains("lost this"));
}

TEST_CASE("http: a second answer is ignored", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send(get("/hold"));
    server.site.events.wait_for("held");
    server.site.held.with([](auto& replies) {
        replies.at(0)({200, {}, "one"});
        replies.at(0)({200, {}, "two"});
    });
    CHECK_THAT(client.read_response(), EndsWith("one"));
    client.send(get("/next"));
    CHECK_THAT(client.read_response(), Contains("GET /next"));
}
