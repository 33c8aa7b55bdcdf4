// SPDX-License-Identifier: Apache-2.0
#include "server/domain/directory_url.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace pchat {
namespace {

constexpr std::uint16_t plain_port = 389;
constexpr std::uint16_t tls_port = 636;

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' || c == ':';
    });
}

bool is_loopback(std::string_view host) {
    const bool numbers = std::all_of(host.begin(), host.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '.';
    });
    return equal_ignoring_case(host, "localhost") || host == "::1" ||
           (numbers && host.starts_with("127."));
}

}  // namespace

std::string DirectoryUrl::written() const {
    const bool v6 = host.find(':') != std::string::npos;
    return fmt::format(
        "{}://{}{}{}:{}", tls ? "ldaps" : "ldap", v6 ? "[" : "", host, v6 ? "]" : "", port
    );
}

Result<DirectoryUrl> parse_directory_url(std::string_view text) {
    const auto refuse = [&](std::string_view why) {
        return fail(
            Errc::invalid,
            fmt::format("'{}' {}", printable(text), why),
            "write ldaps://HOST, or ldap://HOST with startTls"
        );
    };
    DirectoryUrl out;
    const std::size_t scheme = text.find("://");
    if (scheme == std::string_view::npos)
        return refuse("is no URL of a directory");
    out.tls = equal_ignoring_case(text.substr(0, scheme), "ldaps");
    if (!out.tls && !equal_ignoring_case(text.substr(0, scheme), "ldap"))
        return refuse("is neither ldaps nor ldap");
    std::string_view rest = text.substr(scheme + 3);
    if (rest.ends_with('/'))
        rest.remove_suffix(1);
    std::size_t end = rest.rfind(':');
    if (rest.starts_with('[')) {
        const std::size_t close = rest.find(']');
        if (close == std::string_view::npos)
            return refuse("has no ']' after its address");
        out.host = rest.substr(1, close - 1);
        end = close + 1 < rest.size() ? close + 1 : std::string_view::npos;
        if (end != std::string_view::npos && rest[end] != ':')
            return refuse("names no port after its address");
    } else {
        out.host = rest.substr(0, end);
        if (out.host.find(':') != std::string::npos)
            return refuse("needs brackets around its address");
    }
    if (!is_host(out.host))
        return refuse("names no host, or more than a host and a port");
    out.port = out.tls ? tls_port : plain_port;
    if (end != std::string_view::npos) {
        const std::string_view digits = rest.substr(end + 1);
        const char* last = digits.data() + digits.size();
        const auto [stopped, problem] = std::from_chars(digits.data(), last, out.port);
        if (problem != std::errc{} || stopped != last || out.port == 0)
            return refuse("names no port from 1 to 65535");
    }
    out.loopback = is_loopback(out.host);
    return out;
}

}  // namespace pchat
