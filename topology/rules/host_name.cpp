// SPDX-License-Identifier: Apache-2.0
#include "topology/rules/host_name.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::topology {
namespace {

// DNS counts 255 bytes with the length bytes of the labels and the root; 253 characters are left.
constexpr std::size_t longest_name = 253;
constexpr std::size_t longest_label = 63;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '-';
}

bool is_address(std::string_view name) {
    const std::string_view last = name.substr(name.rfind('.') + 1);
    const bool hex_and_colons =
        name.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    const bool ipv6 = hex_and_colons && std::count(name.begin(), name.end(), ':') >= 2;
    // No top-level domain is a number, so a last label of digits only means an IPv4 address.
    return ipv6 || (!last.empty() && std::all_of(last.begin(), last.end(), is_digit));
}

std::optional<NameFlaw> flaw_of_characters(std::string_view name) {
    for (std::size_t at = 0; at < name.size();) {
        const std::size_t from = at;
        const char c = name[from];
        const bool ascii = next_code_point(name, at) < 0x80;
        if (c == '.' || is_name_character(c))
            continue;
        std::string what = fmt::format("it holds '{}'", name.substr(from, at - from));
        if (!ascii)
            return NameFlaw{
                std::move(what), "use A-Z, a-z, 0-9 and hyphens; other letters have an xn-- form"};
        if (c == '_') {
            std::string better{name};
            std::replace(better.begin(), better.end(), '_', '-');
            return NameFlaw{std::move(what), fmt::format("use hyphens: {}", better)};
        }
        if (c == ':' || c == '/' || c == '\\')
            return NameFlaw{std::move(what), "write the name alone, without scheme, port or path"};
        return NameFlaw{std::move(what), "use A-Z, a-z, 0-9 and hyphens, with dots between"};
    }
    return std::nullopt;
}

std::optional<NameFlaw> flaw_of_label(std::string_view label) {
    if (label.empty())
        return NameFlaw{"it has nothing between two dots", "remove the dot that is too many"};
    if (label.size() > longest_label)
        return NameFlaw{
            fmt::format(
                "'{}...' has {} characters, a part has at most {}",
                label.substr(0, 12),
                label.size(),
                longest_label
            ),
            "shorten it"};
    if (label.front() == '-' || label.back() == '-')
        return NameFlaw{
            fmt::format("'{}' begins or ends with a hyphen", label), "hyphens stand inside only"};
    return std::nullopt;
}

std::optional<NameFlaw> flaw_of_labels(std::string_view name) {
    if (name.back() == '.')
        return NameFlaw{
            "it ends with a dot", fmt::format("write {}", name.substr(0, name.size() - 1))};
    while (true) {
        const std::size_t dot = name.find('.');
        if (auto flaw = flaw_of_label(name.substr(0, dot)))
            return flaw;
        if (dot == std::string_view::npos)
            return std::nullopt;
        name.remove_prefix(dot + 1);
    }
}

}  // namespace

std::optional<NameFlaw> flaw_of_name(
    std::string_view name, NameKind kind, std::string_view domain
) {
    if (name.empty())
        return NameFlaw{"it is empty", "write the full name"};
    if (is_address(name))
        return NameFlaw{
            "it is an address", "write a DNS name; addresses belong under addresses and ssh.host"};
    if (name.size() > longest_name)
        return NameFlaw{
            fmt::format("it has {} characters, {} is the limit", name.size(), longest_name),
            "shorten it"};
    if (auto flaw = flaw_of_characters(name))
        return flaw;
    if (auto flaw = flaw_of_labels(name))
        return flaw;
    if (kind == NameKind::host && name.find('.') == std::string_view::npos)
        return NameFlaw{
            "it has no domain",
            domain.empty() ? std::string{"write the full name"}
                           : fmt::format("write {}.{}", name, domain)};
    return std::nullopt;
}

}  // namespace pchat::topology
