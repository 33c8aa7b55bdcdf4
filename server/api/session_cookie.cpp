// SPDX-License-Identifier: Apache-2.0
#include "server/api/session_cookie.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace pchat::api {
namespace {

// The prefix binds it to this host: no subdomain and no page without TLS can set one of the name.
constexpr std::string_view name = "__Host-pchat";
constexpr std::string_view attributes = "Path=/; Secure; HttpOnly; SameSite=Strict";

std::string_view trimmed(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// "Bearer x" -> "x"; empty when there is none.
std::string_view bearer(const net::HttpRequest& request) {
    constexpr std::string_view scheme = "bearer ";
    const std::string_view text = request.header("Authorization");
    if (text.size() <= scheme.size() || !equal_ignoring_case(text.substr(0, scheme.size()), scheme))
        return {};
    return text.substr(scheme.size());
}

/// Finds the value in one Cookie header, adding to how many there are.
void find_cookie(std::string_view header, std::string_view& value, std::size_t& count) {
    while (!header.empty()) {
        const std::size_t end = std::min(header.find(';'), header.size());
        const std::string_view pair = trimmed(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        const std::size_t equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) != name)
            continue;
        value = pair.substr(std::min(equals + 1, pair.size()));
        ++count;
    }
}

bool only_reads(const net::HttpRequest& request) {
    return request.method == "GET" || request.method == "HEAD";
}

bool is_json(std::string_view type) {
    return equal_ignoring_case(trimmed(type.substr(0, type.find(';'))), "application/json");
}

tl::unexpected<Error> wrong_origin(std::string message, std::span<const std::string> origins) {
    return fail_as(
        "wrong-origin",
        Errc::denied,
        std::move(message),
        origins.empty() ? "send a token in the header Authorization instead of the cookie"
                        : fmt::format("open the page at {}", origins.front()),
        "Origin"
    );
}

}  // namespace

Result<Credentials> credentials_of(const net::HttpRequest& request) {
    if (const std::string_view secret = bearer(request); !secret.empty())
        return Credentials{secret, false};
    std::string_view value;
    std::size_t count = 0;
    for (const auto& [header, text] : request.headers)
        if (equal_ignoring_case(header, "Cookie"))
            find_cookie(text, value, count);
    if (count > 1)
        return fail_as(
            "bad-cookie",
            Errc::signed_out,
            fmt::format("{} cookies are called {}", count, name),
            "delete the cookies of this site, and sign in again"
        );
    return Credentials{value, count == 1 && !value.empty()};
}

Result<void> check_origin(const net::HttpRequest& request, std::span<const std::string> origins) {
    const std::string_view origin = request.header("Origin");
    if (origin.empty())
        return wrong_origin(
            "a request with a cookie has to say which page it comes from: Origin is missing",
            origins
        );
    if (std::find(origins.begin(), origins.end(), origin) == origins.end())
        return wrong_origin(
            fmt::format("pages of '{}' may not act for users of this server", printable(origin)),
            origins
        );
    return {};
}

Result<void> check_page(const net::HttpRequest& request, std::span<const std::string> origins) {
    if (!only_reads(request) || !request.header("Origin").empty())
        if (Result<void> good = check_origin(request, origins); !good)
            return good;
    if (!request.body.empty() && !is_json(request.header("Content-Type")))
        return fail_as(
            "wrong-content-type",
            Errc::usage,
            fmt::format(
                "with a cookie a body has to be application/json, not '{}'",
                printable(request.header("Content-Type"))
            ),
            "send the header Content-Type: application/json",
            "Content-Type"
        );
    return {};
}

net::Header keep_cookie(const Secret& secret, Microseconds lifetime) {
    constexpr Microseconds second = 1'000'000;
    return {
        "Set-Cookie",
        fmt::format(
            "{}={}; {}; Max-Age={}",
            name,
            secret.reveal(),
            attributes,
            std::max<Microseconds>(lifetime / second, 0)
        )};
}

net::Header forget_cookie() {
    return {"Set-Cookie", fmt::format("{}=; {}; Max-Age=0", name, attributes)};
}

}  // namespace pchat::api
