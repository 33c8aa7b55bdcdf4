// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/connection.h"
#include "server/ldap/password_check.h"
#include "tests/integration/net/certificate.h"
#include "tests/support/expect.h"
#include "tests/support/ldif.h"

using namespace pchat;
using namespace pchat::test;

namespace {

struct Encrypted {
    TempDir folder;
    // Not for localhost: libldap takes that for the name of the machine.
    net::TlsFiles own = write_certificate(folder, "127.0.0.1");
    std::unique_ptr<Slapd> slapd =
        Slapd::start({.certificate_file = own.certificate, .key_file = own.key});

    [[nodiscard]] ldap::Endpoint endpoint(const std::string& url, const std::string& ca) const {
        ldap::Endpoint out;
        const auto parsed = parse_directory_url(url);
        REQUIRE_OK(parsed);
        out.url = *parsed;
        out.ca_file = ca;
        out.patience = std::chrono::seconds{1};
        return out;
    }
    /// From the first byte.
    [[nodiscard]] ldap::Endpoint ldaps(const std::string& host, const std::string& ca) const {
        return endpoint(fmt::format("ldaps://{}:{}", host, slapd->tls_port()), ca);
    }
    /// After a first word in the open.
    [[nodiscard]] ldap::Endpoint start_tls(const std::string& host, const std::string& ca) const {
        auto out = endpoint(fmt::format("ldap://{}:{}", host, slapd->port()), ca);
        out.start_tls = true;
        return out;
    }
};

Result<void> sign_in(const ldap::Endpoint& endpoint) {
    auto connection = ldap::Connection::open(endpoint);
    if (!connection)
        return pchat::pass(std::move(connection).error());
    return connection->bind(Slapd::reader_dn, Secret{Slapd::reader_password});
}

}  // namespace

TEST_CASE("slapd: encrypted, and only with the certificate that is expected", "[ldap]") {
    const Encrypted rig;
    if (!rig.slapd)
        return;
    const net::TlsFiles other = write_certificate(rig.folder, "other.example");
    const auto make = GENERATE(values({&Encrypted::ldaps, &Encrypted::start_tls}));
    const auto open = [&](const std::string& host, const std::string& ca) {
        return sign_in((rig.*make)(host, ca));
    };
    const auto refused = [&](const std::string& host, const std::string& ca) {
        const Result<void> out = open(host, ca);
        REQUIRE_ERR(out, Errc::unreachable, "directory ldap");
        CHECK(out.error().hint.find("certificate must name the host") != std::string::npos);
    };
    REQUIRE_OK(open("127.0.0.1", rig.own.certificate));
    // In one process: a refusal must not change what is trusted later, nor the other way round.
    refused("127.0.0.1", other.certificate);
    refused("127.0.0.1", "");
    refused("localhost", rig.own.certificate);
    REQUIRE_OK(open("127.0.0.1", rig.own.certificate));
    const std::string missing = (rig.folder.path() / "missing.pem").string();
    REQUIRE_ERR(open("127.0.0.1", missing), Errc::unreachable, "encryption cannot be set up");
    rig.slapd->pause();
    const Result<void> silent = open("127.0.0.1", rig.own.certificate);
    REQUIRE_FALSE(silent);
    CHECK(ldap::says_directory_away(silent.error()));
    rig.slapd->resume();
}

TEST_CASE("slapd: no password crosses the network in the open", "[ldap]") {
    const auto slapd = Slapd::start({});
    if (!slapd)
        return;
    ldap::Endpoint endpoint;
    endpoint.url = *parse_directory_url(fmt::format("ldap://127.0.0.1:{}", slapd->port()));
    REQUIRE_OK(sign_in(endpoint));  // this machine only
    endpoint.start_tls = true;
    REQUIRE_ERR(sign_in(endpoint), Errc::unreachable, "encrypting the connection to");
    endpoint.url = *parse_directory_url("ldap://dc1.contoso.example");
    endpoint.start_tls = false;
    REQUIRE_ERR(sign_in(endpoint), Errc::denied, "readable");
}
