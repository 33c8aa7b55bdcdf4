// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/wire/request.h"

#include <string>
#include <string_view>

namespace pchat::wire {

// The bodies of HTTP requests and answers; the checks are those of the WebSocket.

struct SignIn {
    std::string user;
    Secret password;
    bool cookie = false;  // the token goes into a cookie and not into the answer
};
Result<SignIn> read_sign_in(std::string_view body);

struct SignedIn {
    Secret token;  // empty: it is not told
    Microseconds expires = 0;
};
std::string body(const SignedIn& signed_in);

/// `send` without the room, which stands in the path.
struct PostMessage {
    std::string key;  // empty: the server makes one
    Content content;
};
Result<PostMessage> read_post_message(std::string_view body, const RequestLimits& limits);

/// The one shape of errors. `request` is what the access log calls the request.
std::string error_body(const Error& error, std::string_view request);

}  // namespace pchat::wire
