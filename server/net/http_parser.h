// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/http.h"

#include <cstddef>
#include <memory>
#include <string_view>

namespace pchat::net {

/// Reads one HTTP/1.1 request in whatever pieces it comes. Strict where two readers could see two
/// different requests in the same bytes: then it refuses.
class HttpParser {
public:
    explicit HttpParser(std::size_t longest_head);
    ~HttpParser();
    HttpParser(const HttpParser&) = delete;
    HttpParser& operator=(const HttpParser&) = delete;

    enum class Progress {
        more,     // of the request has to come
        head,     // is complete: allow_body() says how to go on
        whole,    // request; what is left of the bytes belongs to the next one
        refused,  // refusal() says why; where the next request begins is not known
    };
    /// Takes from the front of `bytes` what belongs to this request.
    Progress feed(std::string_view& bytes);
    /// `head`, or `refused` when the body is announced to be longer.
    Progress allow_body(std::size_t longest);

    [[nodiscard]] bool keep_alive() const;
    [[nodiscard]] bool is_http_1_1() const;
    /// The client waits to hear that it may send the body.
    [[nodiscard]] bool expects_continue() const;
    [[nodiscard]] HttpRequest& request();
    [[nodiscard]] HttpResponse& refusal();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace pchat::net
