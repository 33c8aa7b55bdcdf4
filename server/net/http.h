// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::net {

using Header = std::pair<std::string, std::string>;

/// A request that is complete, its body included.
struct HttpRequest {
    std::string method;  // upper case
    std::string path;    // as sent, percent-encoded, without the query
    std::string query;   // without the question mark
    std::vector<Header> headers;
    std::string body;
    std::string peer;  // the address it came from, without the port
    bool secure = false;
    std::size_t thread = 0;  // the IoThread that its connection lives on

    /// The first header of that name, whatever its case; empty when there is none.
    [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct HttpResponse {
    int status = 200;
    std::vector<Header> headers;  // Content-Length, Date and Connection are added
    std::string body;
};

/// Answers one request: once, from any thread, whether or not the connection still lives.
using HttpReply = std::function<void(HttpResponse)>;

}  // namespace pchat::net
