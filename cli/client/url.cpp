// SPDX-License-Identifier: Apache-2.0
#include "cli/client/url.h"

#include "base/unicode.h"
#include "server/app/ip_address.h"

#include <fmt/format.h>

#include <charconv>

namespace pchat::cli {
namespace {

tl::unexpected<Error> bad_url(std::string_view text, std::string_view why) {
    return fail(
        Errc::usage,
        fmt::format("'{}' is not the URL of a server: {}", text, why),
        "write https://host or https://host:port"
    );
}

bool is_loopback(const std::string& host) {
    const auto address = app::parse_ip(host);
    return host == "localhost" || (address && address->loopback);
}

}  // namespace

std::string Url::authority() const {
    const std::string name = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == (tls ? 443 : 80) ? name : fmt::format("{}:{}", name, port);
}

std::string Url::text() const {
    return (tls ? "https://" : "http://") + authority();
}

Result<Url> parse_url(std::string_view text) {
    Url out;
    std::string_view rest = text;
    if (const std::size_t end = rest.find("://"); end != std::string_view::npos) {
        const std::string scheme = lower_ascii(rest.substr(0, end));
        if (scheme != "https" && scheme != "http")
            return bad_url(text, fmt::format("the scheme '{}' is neither https nor http", scheme));
        out.tls = scheme == "https";
        rest.remove_prefix(end + 3);
    }
    out.port = out.tls ? 443 : 80;
    while (rest.ends_with('/'))
        rest.remove_suffix(1);
    if (rest.find_first_of("/?#@ ") != std::string_view::npos)
        return bad_url(text, "there is more than host and port");
    const std::size_t bracket = rest.find(']');
    const std::size_t colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
    out.host = lower_ascii(rest.substr(0, colon));
    if (out.host.starts_with('[') && out.host.ends_with(']'))
        out.host = out.host.substr(1, out.host.size() - 2);
    if (out.host.empty())
        return bad_url(text, "the host is missing");
    if (colon != std::string_view::npos) {
        const std::string_view port = rest.substr(colon + 1);
        const auto [end, problem] =
            std::from_chars(port.data(), port.data() + port.size(), out.port);
        if (problem != std::errc{} || end != port.data() + port.size() || out.port == 0)
            return bad_url(text, fmt::format("'{}' is no port", port));
    }
    if (!out.tls && !is_loopback(out.host))
        return fail(
            Errc::usage,
            fmt::format("{} is not encrypted, and another machine", out.text()),
            fmt::format("use https://{}", out.host)
        );
    return out;
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view plain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    std::string out;
    for (const char c : text)
        out += plain.find(c) != std::string_view::npos
                   ? std::string(1, c)
                   : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    return out;
}

}  // namespace pchat::cli
