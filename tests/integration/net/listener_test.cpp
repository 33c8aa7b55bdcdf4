// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/expect.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <string>
#include <system_error>
#include <vector>

using namespace pchat;
using namespace pchat::test;

TEST_CASE("listener: a taken port and a strange address are told from each other", "[net]") {
    TestServer server;
    net::IoPool pool{1};
    const net::ConnectionLimits limits;
    const std::string taken = "port " + std::to_string(server.port()) + " of 127.0.0.1 is taken";
    REQUIRE_ERR(
        net::listen(pool, {"127.0.0.1", server.port()}, {}, limits, server.site),
        Errc::conflict,
        taken
    );
    REQUIRE_ERR(
        net::listen(pool, {"192.0.2.1", 0}, {}, limits, server.site),
        Errc::invalid,
        "192.0.2.1 is no address of this machine"
    );
    REQUIRE_ERR(
        net::listen(pool, {"localhost", 0}, {}, limits, server.site),
        Errc::invalid,
        "'localhost' is no IP address"
    );
}

TEST_CASE("listener: stopping to accept leaves the open connections alone", "[net]") {
    TestServer server;
    Client client = web_socket(server.port(), "/echo");
    server.listener->stop_accepting();
    wait_until([&] {
        try {
            const Client late{server.port()};
            return false;
        } catch (const std::system_error&) {
            return true;
        }
    });
    client.send(client_frame(ws::Opcode::text, "still"));
    CHECK(read_frame(client).payload == "still");
}

// UBSan looks at objects through a pipe, so without descriptors it takes every one for broken.
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("listener: without descriptors it rests, and goes on when there are some", "[net]") {
    TestServer server;
    Client first{server.port()};
    first.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    first.read_response();
    Client second{server.port()};  // its descriptor is there; the one of the server may not be
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    second.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    second.read_response();

    std::vector<int> taken;
    const rlimit few{64, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &few);
    const int client_socket = ::dup(first.descriptor());  // kept for the client below
    for (int copy = ::dup(first.descriptor()); copy >= 0; copy = ::dup(first.descriptor()))
        taken.push_back(copy);
    ::close(client_socket);
    Client third{server.port()};
    third.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    first.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK_FALSE(first.read_response().empty());
    CHECK_FALSE(third.has_input());
    for (const int copy : taken)
        ::close(copy);
    ::setrlimit(RLIMIT_NOFILE, &before);
    CHECK_FALSE(third.read_response().empty());
}
#endif

TEST_CASE("io pool: work runs in order on its own thread, and not after the end", "[net]") {
    Events events;
    net::IoPool pool{2};
    pool[1].post([&] {
        events.add(pool[1].is_current() && !pool[0].is_current() ? "own thread" : "wrong thread");
        pool[1].after(std::chrono::milliseconds{1}, [&] { events.add("later"); });
        pool[1].post([&] { events.add("posted"); });
    });
    CHECK_FALSE(pool[1].is_current());
    pool.start();
    events.wait_for("later");
    CHECK(events.all() == std::vector<std::string>{"own thread", "posted"});
    pool[0].post([&] { pool[0].after(std::chrono::hours{1}, [&] { events.add("never"); }); });
    pool.stop();
    pool[0].post([&] { events.add("never"); });
    CHECK(events.all().size() == 2);
}
