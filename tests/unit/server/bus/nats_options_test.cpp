// SPDX-License-Identifier: Apache-2.0
#include "server/bus/nats_options.h"
#include "tests/support/catch.h"
#include "tests/support/expect.h"
#include "tests/support/temp_dir.h"

using namespace pchat;
using namespace pchat::bus;

namespace {

NatsOptions local() {
    NatsOptions out;
    out.nodes = {{"127.0.0.1", 4222}};
    return out;
}

}  // namespace

TEST_CASE("nats node: is written as an address", "[bus]") {
    CHECK(NodeAddress{"chat1", 4222}.written() == "chat1:4222");
    CHECK(NodeAddress{"2001:db8::7", 8011}.written() == "[2001:db8::7]:8011");
    for (const char* host : {"localhost", "127.0.0.1", "127.1.2.3", "::1"})
        CHECK(NodeAddress{host, 1}.loopback());
    for (const char* host : {"chat1", "0.0.0.0", "::", "10.127.0.1", "127.example"})
        CHECK_FALSE(NodeAddress{host, 1}.loopback());
}

TEST_CASE("nats options: a node on this machine needs nothing more", "[bus]") {
    REQUIRE_OK(check(local()));
}

TEST_CASE("nats options: what cannot be right is refused", "[bus]") {
    NatsOptions options = local();
    options.nodes.clear();
    REQUIRE_ERR(check(options), Errc::invalid, "no node is named");
    for (const char* host : {"", "nats://chat1", "user:secret@chat1", "a b"}) {
        options.nodes = {{host, 4222}};
        REQUIRE_ERR(check(options), Errc::invalid, "is no host");
    }
    options.nodes = {{"127.0.0.1", 0}};
    REQUIRE_ERR(check(options), Errc::invalid, "has no port");
    options = local();
    options.user = "server1";
    REQUIRE_ERR(check(options), Errc::invalid, "needs a password");
    for (const char* password : {"a\"b", "a\\b", "a\nb"}) {
        options.password = Secret{password};
        REQUIRE_ERR(check(options), Errc::invalid, "has a quotation mark");
    }
    options.password = Secret{"a 'b' é {}"};
    REQUIRE_OK(check(options));
}

TEST_CASE("nats options: another machine is reached with TLS both ways only", "[bus]") {
    const test::TempDir dir;
    NatsOptions options = local();
    options.nodes.push_back({"chat2", 4222});
    REQUIRE_ERR(check(options), Errc::denied, "what goes to chat2:4222 could be read");
    const std::string file = dir.write("x.pem", "").string();
    options.tls = TlsFiles{file, "", file};
    REQUIRE_ERR(check(options), Errc::invalid, "no certificate is named");
    options.tls = TlsFiles{file, file, file + ".not"};
    REQUIRE_ERR(check(options), Errc::bad_file, "key '" + file + ".not' cannot be read");
    options.tls = TlsFiles{file, file, file};
    REQUIRE_OK(check(options));
}

TEST_CASE("nats trouble: is said in words", "[bus]") {
    NatsOptions options = local();
    const NodeAddress node{"chat1", 4222};
    const auto say = [&](NatsTrouble trouble, const std::string& detail) {
        return describe(trouble, detail, options, node);
    };
    CHECK(say(NatsTrouble::timeout, "") == "bus node chat1:4222 does not answer");
    CHECK(say(NatsTrouble::sign_in, "x") == "bus node chat1:4222 wants a user and a password: x");
    options.user = "s1";
    CHECK(
        say(NatsTrouble::sign_in, "x") ==
        "bus node chat1:4222 does not let user 's1' in: wrong name or password: x"
    );
    CHECK(
        say(NatsTrouble::tls, "x") == "bus node chat1:4222 wants TLS, and none is set up here: x"
    );
    options.tls = TlsFiles{"/ca.pem", "/a.pem", "/a.key"};
    CHECK(
        say(NatsTrouble::tls, "SSL handshake error: 62:hostname mismatch") ==
        "certificate of bus node chat1:4222 is not for 'chat1': SSL handshake error: "
        "62:hostname mismatch"
    );
    CHECK_THAT(
        say(NatsTrouble::tls, "SSL handshake error: 20:unable to get local issuer certificate"),
        Catch::StartsWith("certificate of bus node chat1:4222 is not from an authority in '/ca.pem'"
        )
    );
    CHECK_THAT(
        say(NatsTrouble::tls, "SSL handshake error: 10:certificate has expired"),
        Catch::StartsWith("certificate of bus node chat1:4222 has expired")
    );
    CHECK_THAT(
        say(NatsTrouble::tls, "Expected 'PONG', got ''"),
        Catch::StartsWith("bus node chat1:4222 hung up: certificate '/a.pem' may not be")
    );
    CHECK(say(NatsTrouble::lost, "a\nb").find('\n') == std::string::npos);
    CHECK(say(NatsTrouble::other, std::string(5'000, 'x')).size() < 400);
}
