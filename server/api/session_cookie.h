// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/net/http.h"

#include <span>
#include <string>
#include <string_view>

namespace pchat::api {

// The sign-in of web pages: a cookie that no script reads and no other site makes a browser send.
// docs/adr/0011 says why it is one and the same without TLS.

/// How a request says who it is from.
struct Credentials {
    std::string_view secret;  // empty: it does not say
    bool by_cookie = false;
};
/// The header Authorization before the cookie. Fails when there are several cookies of the name:
/// one of them is not ours.
Result<Credentials> credentials_of(const net::HttpRequest& request);

/// Whether the page that sends this may act for its user: it comes from one of the origins, and a
/// body is application/json, which no form can send. A request that only reads may leave the origin
/// out.
Result<void> check_page(const net::HttpRequest& request, std::span<const std::string> origins);
/// The same where the origin may not be left out: signing in, and WebSockets.
Result<void> check_origin(const net::HttpRequest& request, std::span<const std::string> origins);

/// A Set-Cookie header that makes the browser keep the secret so long, or forget it.
net::Header keep_cookie(const Secret& secret, Microseconds lifetime);
net::Header forget_cookie();

}  // namespace pchat::api
