// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/http.h"

#include <ctime>
#include <string>
#include <string_view>

namespace pchat::net {

/// What the answer's head depends on besides the answer.
struct Manner {
    bool keep_alive = true;  // the connection serves another request
    std::time_t now = 0;
};

/// The status line and the headers. No value can bring a line of its own: control characters become
/// blanks, and what is not a header name is left out.
std::string encode_head(const HttpResponse& response, const Manner& manner);

/// Whether answers of this status bring a body (RFC 9110, 6.4.1).
bool may_have_body(int status);

/// The one error shape of protocol.md. The texts are literals of ours: nothing is escaped.
HttpResponse http_error(
    int status, std::string_view code, std::string_view message, std::string_view hint
);

}  // namespace pchat::net
