// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/certificate.h"
#include "tests/integration/net/client.h"
#include "tests/integration/net/test_server.h"
#include "tests/support/expect.h"

#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <filesystem>
#include <memory>
#include <string>

using namespace pchat;
using namespace pchat::test;
using Catch::Contains;
using Catch::StartsWith;
using ws::Opcode;

namespace {

constexpr int any_version = 0;

/// A client of TLS over a connection of its own.
class TlsClient {
public:
    explicit TlsClient(
        std::uint16_t port, int version = any_version, std::string_view protocols = "\x08http/1.1"
    )
        : client_(port), settings_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free),
          session_(nullptr, &SSL_free) {
        SSL_CTX_set_security_level(settings_.get(), 0);  // so that it would speak TLS 1.1 at all
        SSL_CTX_set_min_proto_version(settings_.get(), version);
        SSL_CTX_set_max_proto_version(settings_.get(), version);
        session_.reset(SSL_new(settings_.get()));
        const auto* offered = reinterpret_cast<const unsigned char*>(protocols.data());
        SSL_set_alpn_protos(session_.get(), offered, static_cast<unsigned>(protocols.size()));
        const timeval deadline{10, 0};
        ::setsockopt(client_.descriptor(), SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
        SSL_set_fd(session_.get(), client_.descriptor());
    }

    bool connect() { return SSL_connect(session_.get()) == 1; }
    void send(std::string_view bytes) {
        SSL_write(session_.get(), bytes.data(), static_cast<int>(bytes.size()));
    }
    std::string read(std::size_t bytes) {
        while (unread_.size() < bytes && fill()) {
        }
        std::string taken = unread_.substr(0, bytes);
        unread_.erase(0, bytes);
        return taken;
    }
    std::string read_to(std::string_view mark) {
        while (unread_.find(mark) == std::string::npos && fill()) {
        }
        const std::size_t at = unread_.find(mark);
        return read(at == std::string::npos ? unread_.size() : at + mark.size());
    }
    [[nodiscard]] std::string name_of_server() const {
        const std::unique_ptr<X509, decltype(&X509_free)> certificate{
            SSL_get1_peer_certificate(session_.get()), &X509_free};
        std::array<char, 100> name{};
        X509_NAME* subject = X509_get_subject_name(certificate.get());
        X509_NAME_get_text_by_NID(subject, NID_commonName, name.data(), name.size());
        return name.data();
    }

private:
    bool fill() {
        std::array<char, 20'000> buffer;
        const int got = SSL_read(session_.get(), buffer.data(), buffer.size());
        if (got > 0)
            unread_.append(buffer.data(), static_cast<std::size_t>(got));
        return got > 0;
    }

    Client client_;
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> settings_;
    std::unique_ptr<SSL, decltype(&SSL_free)> session_;
    std::string unread_;
};

std::shared_ptr<net::TlsContext> must_load(const net::TlsFiles& files) {
    auto loaded = net::load_tls(files);
    REQUIRE_OK(loaded);
    return *loaded;
}

}  // namespace

TEST_CASE("tls: HTTP and WebSocket as without it", "[tls]") {
    const TempDir directory;
    TestServer server{{}, 2, must_load(write_certificate(directory, "one"))};
    const int version = GENERATE(TLS1_2_VERSION, TLS1_3_VERSION);
    TlsClient client{server.port(), version};
    REQUIRE(client.connect());
    client.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK_THAT(client.read_to("secure "), StartsWith("HTTP/1.1 200 ") && Contains("secure"));
    client.send(upgrade_request("/echo"));
    CHECK_THAT(client.read_to("\r\n\r\n"), StartsWith("HTTP/1.1 101 "));
    const std::string message(300'000, 'm');
    client.send(client_frame(Opcode::text, message));
    const std::string expected = ws::encode(Opcode::text, message);
    CHECK((client.read(expected.size()) == expected));
    client.send(client_frame(Opcode::close, "\x03\xe8"));
    CHECK(client.read(100) == ws::encode_close(ws::CloseCode::normal, ""));
}

TEST_CASE("tls: a broadcast to readers that stall arrives whole", "[tls]") {
    const TempDir directory;
    net::ConnectionLimits limits;
    limits.outbound_bytes = 64 * 1024 * 1024;
    TestServer server{limits, 1, must_load(write_certificate(directory, "one"))};
    TlsClient client{server.port()};
    REQUIRE(client.connect());
    client.send(upgrade_request("/room"));
    client.read_to("\r\n\r\n");
    for (int i = 0; i < 2000; ++i)  // more than the kernel takes
        server.broadcast(std::string(10'000, static_cast<char>('a' + i % 26)));
    for (int i = 0; i < 2000; ++i)
        REQUIRE(
            (client.read(10'004) ==
             ws::encode(Opcode::text, std::string(10'000, static_cast<char>('a' + i % 26))))
        );
}

TEST_CASE("tls: old versions, other protocols and plain text are refused", "[tls]") {
    const TempDir directory;
    TestServer server{{}, 1, must_load(write_certificate(directory, "one"))};
    CHECK_FALSE(TlsClient{server.port(), TLS1_1_VERSION}.connect());
    CHECK_FALSE(TlsClient{server.port(), any_version, "\x02h2"}.connect());
    CHECK(TlsClient{server.port(), any_version, "\x02h2\x08http/1.1"}.connect());
    Client plain{server.port()};
    plain.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK_THAT(plain.read_to_end(), !Contains("HTTP"));
    wait_until([&] { return server.counts().open == 0; });
}

TEST_CASE("tls: a handshake has to come in time", "[tls]") {
    const TempDir directory;
    net::ConnectionLimits limits;
    limits.request_time = std::chrono::milliseconds{60};
    TestServer server{limits, 1, must_load(write_certificate(directory, "one"))};
    Client client{server.port()};
    client.send("\x16\x03\x01");
    CHECK(client.read_to_end().empty());
}

TEST_CASE("tls: new certificates are for new connections, bad ones for nobody", "[tls]") {
    const TempDir directory;
    const net::TlsFiles files = write_certificate(directory, "one");
    const auto tls = must_load(files);
    TestServer server{{}, 1, tls};
    TlsClient old{server.port()};
    REQUIRE(old.connect());
    CHECK(old.name_of_server() == "one");

    const net::TlsFiles other = write_certificate(directory, "two");
    std::filesystem::copy_file(
        other.certificate, files.certificate, std::filesystem::copy_options::overwrite_existing
    );
    REQUIRE_ERR(tls->reload(), Errc::bad_file, "does not belong to the certificate");
    {
        TlsClient still{server.port()};
        REQUIRE(still.connect());
        CHECK(still.name_of_server() == "one");
    }
    std::filesystem::copy_file(
        other.key, files.key, std::filesystem::copy_options::overwrite_existing
    );
    REQUIRE_OK(tls->reload());
    TlsClient fresh{server.port()};
    REQUIRE(fresh.connect());
    CHECK(fresh.name_of_server() == "two");
    old.send("GET /show HTTP/1.1\r\nHost: t\r\n\r\n");
    CHECK_THAT(old.read_to("secure "), StartsWith("HTTP/1.1 200 "));
}

TEST_CASE("tls: what is wrong with the files is said with their names", "[tls]") {
    const TempDir directory;
    const net::TlsFiles good = write_certificate(directory, "good");
    const net::TlsFiles old = write_certificate(directory, "old", -1);
    const net::TlsFiles early = write_certificate(directory, "early", 10);
    const std::string junk = directory.write("junk", "no PEM at all").string();
    REQUIRE_ERR(net::load_tls({"/no/such.pem", good.key}), Errc::bad_file, "'/no/such.pem'");
    REQUIRE_ERR(net::load_tls({good.certificate, "/no.key"}), Errc::bad_file, "key '/no.key'");
    REQUIRE_ERR(net::load_tls(old), Errc::bad_file, old.certificate + "' expired on 20");
    REQUIRE_ERR(net::load_tls(early), Errc::bad_file, "is not valid before 20");
    REQUIRE_ERR(net::load_tls({junk, good.key}), Errc::bad_file, junk + "' is no good");
    REQUIRE_ERR(net::load_tls({good.certificate, junk}), Errc::bad_file, junk + "' is no good");
    REQUIRE_ERR(net::load_tls({good.certificate, old.key}), Errc::bad_file, "does not belong to");
}
