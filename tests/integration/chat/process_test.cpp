// SPDX-License-Identifier: Apache-2.0
// pchatd as a process: how it begins, listens to signals, and ends.
#include "tests/integration/chat/scene.h"
#include "tests/integration/net/certificate.h"

#include <openssl/ssl.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

using namespace pchat;
using namespace pchat::test;
using namespace std::chrono_literals;

namespace {

/// The name in the certificate that the server shows.
std::string certificate_name(std::uint16_t port) {
    const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context{
        SSL_CTX_new(TLS_client_method()), &SSL_CTX_free};
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> connection{
        BIO_new_ssl_connect(context.get()), &BIO_free_all};
    BIO_set_conn_hostname(connection.get(), ("127.0.0.1:" + std::to_string(port)).c_str());
    if (BIO_do_handshake(connection.get()) != 1)
        return "no handshake";
    SSL* ssl = nullptr;
    BIO_get_ssl(connection.get(), &ssl);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{
        SSL_get1_peer_certificate(ssl), &X509_free};
    char text[256] = "";
    X509_NAME_get_text_by_NID(
        X509_get_subject_name(certificate.get()), NID_commonName, text, sizeof text
    );
    return text;
}

void put_certificate(const TempDir& dir, const std::string& name) {
    const net::TlsFiles files = write_certificate(dir, name);
    std::filesystem::rename(files.certificate, dir.path() / "server.pem");
    std::filesystem::rename(files.key, dir.path() / "server.key");
}

}  // namespace

TEST_CASE(
    "process: SIGTERM stores and answers what it has, and sends people elsewhere", "[process]"
) {
    Scene scene;
    ChatClient ann = scene.client(0);
    ann.join(scene.room(0));
    std::vector<std::int64_t> answered;
    // Sends ahead of its answers, so that many are under way when the signal comes.
    for (int i = 0; i < 500; ++i)
        ann.send(send_request(std::to_string(i), scene.room(0), std::to_string(i), "text"));
    ann.wait_for("msg");
    const auto begun = std::chrono::steady_clock::now();
    scene.server.signal(SIGTERM);
    CHECK(ann.wait_for_end() == 1012);
    CHECK(scene.server.wait(20s) == 0);
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
    bool moved = false;
    std::int64_t last = 0;
    for (const Json& frame : ann.kept()) {
        moved = moved || (frame["type"] == "moved" && frame["reason"] == "shutdown");
        if (frame["type"] == "ok" && frame.contains("seq"))
            last = std::max(last, frame["seq"].get<std::int64_t>());
    }
    CHECK(moved);
    scene.server.start();
    ChatClient again = scene.client(0);
    CHECK(again.join(scene.room(0))["head"] >= last);
    CHECK(again.post(scene.room(0), "0", "text") == 1);
}

TEST_CASE(
    "process: SIGHUP takes the new certificate, and keeps the old one for a broken file",
    "[process]"
) {
    TempDir dir;
    put_certificate(dir, "first");
    ServerOptions options;
    options.tls_folder = dir.path().string();
    Scene scene{1, options};
    const std::uint16_t port = scene.server.port();
    CHECK(certificate_name(port) == "first");
    const auto becomes = [&](const std::string& name) {
        const auto deadline = std::chrono::steady_clock::now() + 20s;
        while (std::chrono::steady_clock::now() < deadline)
            if (certificate_name(port) == name)
                return true;
        return false;
    };
    put_certificate(dir, "second");
    CHECK(certificate_name(port) == "first");
    scene.server.signal(SIGHUP);
    CHECK(becomes("second"));
    dir.write("server.pem", "no certificate");
    scene.server.signal(SIGHUP);
    put_certificate(dir, "third");  // after the broken one, to see that it lives and listens
    scene.server.signal(SIGHUP);
    CHECK(becomes("third"));
}

TEST_CASE("process: a second server on the data is refused, by the pid of the first", "[process]") {
    Scene scene{1};
    const Ran second = run_pchatd({"--config", scene.server.config()});
    CHECK(second.exit == 1);
    CHECK_THAT(second.output, Catch::Contains(std::to_string(scene.server.pid())));
    CHECK_THAT(second.output, Catch::Contains("in use"));
    scene.server.kill9();
    scene.server.start();  // the lock went with the process
    CHECK(http(scene.server.port(), "GET", "/healthz").status == 200);
}

TEST_CASE("process: a port that is taken ends the start, and says so", "[process]") {
    Scene scene{1};
    PrivateContent other{"sqlite"};
    make_world(other.content(), 1, 1);
    const std::string config = other.folder() + "/taken.yaml";
    std::ofstream{config} << "server: { fqdn: other.example }\nlisten:\n"
                          << "  - { address: 127.0.0.1, port: 0, tls: false }\n"
                          << "  - { address: 127.0.0.1, port: " << scene.server.port()
                          << ", tls: false }\ndata: " << other.folder() << "\n"
                          << other.settings();
    const Ran ran = run_pchatd({"--config", config});
    CHECK(ran.exit == 1);
    CHECK_THAT(ran.output, Catch::Contains(std::to_string(scene.server.port())));
}

TEST_CASE("process: --check-config says what is wrong and starts nothing", "[process]") {
    Scene scene{1};
    const Ran good = run_pchatd({"--check-config", "--config", scene.server.config()});
    INFO(good.output);
    CHECK(good.exit == 0);
    TempDir dir;
    const std::string bad = dir.write("pchatd.yaml", "server: { fqdm: x }\n").string();
    const Ran wrong = run_pchatd({"--check-config", "--config", bad});
    CHECK(wrong.exit == 3);
    CHECK_THAT(wrong.output, Catch::Contains("pchatd.yaml:1:11: error"));
    CHECK_THAT(wrong.output, Catch::Contains("fqdm"));
    CHECK(run_pchatd({"--check-config", "--config", "/no/such/file"}).exit == 3);
}
