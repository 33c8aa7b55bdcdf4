// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/http.h"

namespace pchat::net {

/// Whether the request asks to go on as a WebSocket (RFC 6455, 4.1).
bool wants_web_socket(const HttpRequest& request);

/// The answer to it: 101, or why not (RFC 6455, 4.2.1). A client that offers subprotocols must
/// offer pchat.v1; one that offers none is taken for one that knows it.
HttpResponse answer_handshake(const HttpRequest& request, bool is_http_1_1);

}  // namespace pchat::net
