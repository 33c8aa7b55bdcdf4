// SPDX-License-Identifier: Apache-2.0
#include "server/domain/web_url.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <string>

namespace pchat {
namespace {

constexpr std::string_view example = "like https://pages.contoso.example/room";

// What RFC 3986 lets stand in a URL as it is.
bool is_url_character(char c) {
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=%";
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           marks.find(c) != std::string_view::npos;
}

bool is_port(std::string_view text) {
    unsigned port = 0;
    const char* end = text.data() + text.size();
    const auto [stopped, problem] = std::from_chars(text.data(), end, port);
    return problem == std::errc{} && stopped == end && port >= 1 && port <= 65'535;
}

bool is_host(std::string_view text) {
    const bool bracketed = text.size() > 2 && text.front() == '[' && text.back() == ']';
    if (bracketed)
        text = text.substr(1, text.size() - 2);
    return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '.' || c == '-' ||
               (bracketed && c == ':');
    });
}

bool is_authority(std::string_view text) {
    const std::size_t bracket = text.rfind(']');
    const std::size_t colon = text.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon == std::string_view::npos)
        return is_host(text);
    return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

}  // namespace

Result<void> check_web_url(
    std::string_view url, std::size_t longest, PlainHttp http, std::string_view field
) {
    const auto refuse = [&](std::string_view why, std::string_view hint) {
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{}: '{}' {}", field, printable(url), why),
            std::string{hint},
            field
        );
    };
    if (const std::size_t size = count_code_points(url); size > longest)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("{} has {} characters", field, size),
            fmt::format("at most {}", longest),
            field
        );
    const std::size_t end = url.find("://");
    const std::string scheme = lower_ascii(url.substr(0, end == std::string_view::npos ? 0 : end));
    if (scheme == "http" && http == PlainHttp::refused)
        return refuse("is not encrypted", "use https, or ask for http: --allow-http");
    if (scheme != "https" && scheme != "http")
        return refuse("is no https address", example);
    if (!std::all_of(url.begin(), url.end(), is_url_character))
        return refuse("holds characters that an address cannot have", "write them as %XX");
    const std::string_view rest = url.substr(end + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    if (authority.find('@') != std::string_view::npos)
        return refuse("names a user", "everybody who opens the room would read it");
    if (!is_authority(authority))
        return refuse("names no host", example);
    return {};
}

}  // namespace pchat
