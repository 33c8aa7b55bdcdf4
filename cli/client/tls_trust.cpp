// SPDX-License-Identifier: Apache-2.0
#include "cli/client/tls_trust.h"

#include "server/app/ip_address.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>

namespace pchat::cli {
namespace {

/// What SSL_set_tlsext_host_name does, whose macro casts in the old style.
bool name_server(ssl_st* connection, std::string host) {
    return SSL_ctrl(
               connection, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, host.data()
           ) == 1;
}

std::string last_reason() {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return reason == nullptr ? "the connection ended" : reason;
}

Error unreachable(const Endpoint& endpoint, const std::string& why, std::string hint) {
    return Error{
        Errc::unreachable,
        fmt::format("{}: {}", endpoint.text(), why),
        std::move(hint),
        {},
        false,
        {},
        {}};
}

}  // namespace

void TlsFree::operator()(ssl_ctx_st* settings) const {
    SSL_CTX_free(settings);
}

void TlsFree::operator()(ssl_st* connection) const {
    SSL_free(connection);
}

Result<TlsSettings> make_tls_settings(const Endpoint& endpoint) {
    // OpenSSL would not say why.
    if (!endpoint.ca_file.empty() && ::access(endpoint.ca_file.c_str(), R_OK) != 0)
        return fail(
            Errc::bad_file,
            fmt::format(
                "the CA file '{}' cannot be read: {}", endpoint.ca_file, std::strerror(errno)
            ),
            "name the file that holds the certificates of the pool's authority: --ca-file FILE"
        );
    TlsSettings out{SSL_CTX_new(TLS_client_method())};
    if (!out)
        return fail(Errc::internal, fmt::format("TLS cannot be used: {}", last_reason()));
    SSL_CTX_set_min_proto_version(out.get(), TLS1_2_VERSION);
    SSL_CTX_set_verify(out.get(), SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_mode(
        out.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    );
    const int trusted =
        endpoint.ca_file.empty()
            ? SSL_CTX_set_default_verify_paths(out.get())
            : SSL_CTX_load_verify_locations(out.get(), endpoint.ca_file.c_str(), nullptr);
    if (trusted != 1)
        return fail(
            Errc::bad_file,
            fmt::format("the CA file '{}' cannot be used: {}", endpoint.ca_file, last_reason()),
            "it has to be a readable file in PEM form"
        );
    return out;
}

Result<TlsConnection> make_tls_connection(
    ssl_ctx_st* settings, const Endpoint& endpoint, int socket
) {
    TlsConnection out{SSL_new(settings)};
    const std::string& host = endpoint.url.host;
    const bool by_address = app::parse_ip(host).has_value();
    const bool ready =
        out && SSL_set_fd(out.get(), socket) == 1 &&
        (by_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(out.get()), host.c_str()) == 1
                    : SSL_set1_host(out.get(), host.c_str()) == 1 && name_server(out.get(), host));
    if (!ready)
        return fail(Errc::internal, fmt::format("TLS cannot be used: {}", last_reason()));
    return out;
}

Error explain_handshake(const ssl_st* connection, const Endpoint& endpoint) {
    const long verdict = SSL_get_verify_result(connection);
    const std::string reason = last_reason();
    switch (verdict) {
    case X509_V_OK:
        return unreachable(
            endpoint,
            fmt::format("no TLS connection: {}", reason),
            "does a server without TLS listen there?"
        );
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return unreachable(endpoint, "the server's certificate has expired", "renew it there");
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return unreachable(
            endpoint, "the server's certificate is not valid yet", "check the clocks: date --utc"
        );
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
        return unreachable(
            endpoint,
            fmt::format("the server's certificate is not for '{}'", endpoint.url.host),
            "use a name that stands in the certificate"
        );
    default:
        return unreachable(
            endpoint,
            fmt::format(
                "the server's certificate comes from an unknown authority ({})",
                X509_verify_cert_error_string(verdict)
            ),
            endpoint.ca_file.empty()
                ? "give the pool's authority: --ca-file FILE"
                : fmt::format("{} is not the authority of this server", endpoint.ca_file)
        );
    }
}

}  // namespace pchat::cli
