// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/catch.h"

#include <string>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using Catch::StartsWith;

namespace {

const std::string head = "POST /show HTTP/1.1\r\nHost: t\r\n";

struct Refused {
    const char* what;
    std::string request;
    int status;
};

const std::vector<Refused> refused{
    {"two equal lengths", head + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc", 400},
    {"two lengths", head + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc", 400},
    {"a list of lengths", head + "Content-Length: 3, 3\r\n\r\nabc", 400},
    {"a signed length", head + "Content-Length: +3\r\n\r\nabc", 400},
    {"a length past 2^63", head + "Content-Length: 99999999999999999999\r\n\r\nabc", 400},
    {"length and chunks",
     head + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"chunks and length",
     head + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
     400},
    {"two codings",
     head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
     400},
    {"an unknown coding", head + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
    {"a hidden coding",
     head + "Transfer-Encoding: \x0b"
            "chunked\r\n\r\n0\r\n\r\n",
     400},
    {"chunks in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"a bare LF", "GET /show HTTP/1.1\nHost: t\n\n", 400},
    {"a bare LF in a header", "GET /show HTTP/1.1\r\nHost: t\nX: y\r\n\r\n", 400},
    {"a bare CR", "GET /show HTTP/1.1\r\nHost: t\rX: y\r\n\r\n", 400},
    {"a folded header", head + "X: a\r\n b\r\n\r\n", 400},
    {"a blank before the colon", head + "Content-Length : 3\r\n\r\nabc", 400},
    {"a header without colon", head + "Nonsense\r\n\r\n", 400},
    {"a NUL", head + std::string{"X: a\0b\r\n\r\n", 10}, 400},
    {"no host", "GET /show HTTP/1.1\r\n\r\n", 400},
    {"two hosts", "GET /show HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"a bad chunk size", head + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n", 400},
    {"a chunk without its end", head + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", 400},
    {"endless chunk extensions",
     head + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(5000, 'x'),
     400},
    {"a blank before the chunk size",
     head + "Transfer-Encoding: chunked\r\n\r\n 3\r\nabc\r\n",
     400},
    {"a chunk with a bare LF", head + "Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n", 400},
    {"endless trailers",
     head + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + std::string(5000, 'x'),
     400},
    {"a long body", head + "Content-Length: 1001\r\n\r\n" + std::string(1001, 'x'), 413},
    {"many chunks",
     head + "Transfer-Encoding: chunked\r\n\r\n258\r\n" + std::string(600, 'x') + "\r\n258\r\n" +
         std::string(600, 'x') + "\r\n0\r\n\r\n",
     413},
    {"a huge chunk", head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx", 413},
    {"a long request line", "GET /" + std::string(20'000, 'x') + " HTTP/1.1\r\n\r\n", 414},
    {"long headers", head + "X: " + std::string(20'000, 'x') + "\r\n\r\n", 431},
    {"an unknown method", "BREW /show HTTP/1.1\r\nHost: t\r\n\r\n", 501},
    {"a tunnel", "CONNECT other:443 HTTP/1.1\r\nHost: t\r\n\r\n", 501},
    {"HTTP/2.0", "GET /show HTTP/2.0\r\nHost: t\r\n\r\n", 505},
    {"no version", "GET /show\r\nHost: t\r\n\r\n", 400},
    {"a fragment", "GET /show#x HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"a target without slash", "GET show HTTP/1.1\r\nHost: t\r\n\r\n", 400},
    {"an unknown expectation", head + "Expect: tea\r\nContent-Length: 1\r\n\r\nx", 417},
    {"TLS", "\x16\x03\x01\x02", 400},
};

}  // namespace

TEST_CASE("http: what is refused is told once, in the one error shape, and ends it", "[http]") {
    TestServer server;
    for (const Refused& bad : refused) {
        INFO(bad.what);
        Client client{server.port()};
        client.send(bad.request + "GET /smuggled HTTP/1.1\r\nHost: t\r\n\r\n");
        const std::string all = client.read_to_end();
        CHECK_THAT(all, StartsWith("HTTP/1.1 " + std::to_string(bad.status) + " "));
        CHECK_THAT(all, Contains("Connection: close\r\n") && Contains(R"({"error":{"code":")"));
        CHECK_THAT(all, !Contains("smuggled"));
    }
    wait_until([&] { return server.counts().open == 0; });
}

TEST_CASE("http: the target may be a whole URL, and an empty line may come first", "[http]") {
    TestServer server;
    Client client{server.port()};
    client.send("\r\nGET http://test/show?q HTTP/1.1\r\nHost: test\r\n\r\n");
    CHECK_THAT(client.read_response(), Contains("GET /show ?q "));
    client.send("OPTIONS * HTTP/1.1\r\nHost: test\r\n\r\n");
    CHECK_THAT(client.read_response(), Contains("OPTIONS * "));
}

TEST_CASE("http: a request that does not come in time is a 408", "[http]") {
    net::ConnectionLimits limits;
    limits.request_time = std::chrono::milliseconds{60};
    TestServer server{limits};
    const std::string part = GENERATE(std::string{"GET /sh"}, head + "Content-Length: 3\r\n\r\nab");
    Client client{server.port()};
    client.send(part);
    CHECK_THAT(client.read_to_end(), StartsWith("HTTP/1.1 408 "));
}

TEST_CASE("http: silent connections are closed without a word", "[http]") {
    net::ConnectionLimits limits;
    limits.request_time = limits.idle_time = std::chrono::milliseconds{60};
    TestServer server{limits};
    Client client{server.port()};
    if (GENERATE(false, true)) {
        client.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
        client.read_response();
    }
    CHECK(client.read_to_end().empty());
}

TEST_CASE("http: who takes no answer does not hold a place for ever", "[http]") {
    net::ConnectionLimits limits;
    limits.idle_time = std::chrono::milliseconds{60};
    TestServer server{limits};
    Client client{server.port()};
    std::string requests;
    for (int i = 0; i < 20; ++i)
        requests += "GET /big HTTP/1.1\r\nHost: t\r\n\r\n";
    client.send(requests);
    wait_until([&] { return server.counts().open == 1; });
    wait_until([&] { return server.counts().open == 0; });
}

TEST_CASE("http: connections beyond the limits are turned away", "[http]") {
    net::ConnectionLimits limits;
    SECTION("in all") {
        limits.connections = 2;
        TestServer server{limits};
        const Client one{server.port()};
        const Client two{server.port()};
        Client three{server.port()};
        CHECK_THAT(three.read_to_end(), StartsWith("HTTP/1.1 503 ") && Contains("server-full"));
        CHECK(server.counts().refused == 1);
    }
    SECTION("of one address, until they have sent a request") {
        limits.waiting_per_address = 1;
        TestServer server{limits};
        Client one{server.port()};
        CHECK_THAT(Client{server.port()}.read_to_end(), StartsWith("HTTP/1.1 503 "));
        one.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
        one.read_response();
        Client two{server.port()};
        two.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
        CHECK_THAT(two.read_response(), StartsWith("HTTP/1.1 200 "));
    }
}
