// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/channel.h"

#include <memory>

struct ssl_ctx_st;

namespace pchat::net {

/// The server's side of a TLS connection; empty when memory is short.
std::unique_ptr<Channel> tls_channel(ssl_ctx_st* settings, int socket);

}  // namespace pchat::net
