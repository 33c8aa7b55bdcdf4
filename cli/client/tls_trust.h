// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/client/transport.h"

#include <memory>

struct ssl_ctx_st;
struct ssl_st;

namespace pchat::cli {

struct TlsFree {
    void operator()(ssl_ctx_st* settings) const;
    void operator()(ssl_st* connection) const;
};
using TlsSettings = std::unique_ptr<ssl_ctx_st, TlsFree>;
using TlsConnection = std::unique_ptr<ssl_st, TlsFree>;

/// Trusts the CA file of the endpoint, or else the authorities of the system.
Result<TlsSettings> make_tls_settings(const Endpoint& endpoint);

/// A client's side on a connected socket, which checks the name of the server.
Result<TlsConnection> make_tls_connection(
    ssl_ctx_st* settings, const Endpoint& endpoint, int socket
);

/// Why a handshake failed, with the way out.
Error explain_handshake(const ssl_st* connection, const Endpoint& endpoint);

}  // namespace pchat::cli
