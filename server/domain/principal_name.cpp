// SPDX-License-Identifier: Apache-2.0
#include "server/domain/principal_name.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace pchat {
namespace {

struct Prefix {
    std::string_view text;
    PrincipalKind kind;
};

constexpr std::array prefixes{
    Prefix{"sip:", PrincipalKind::user},
    Prefix{"group:", PrincipalKind::group},
    Prefix{"ou:", PrincipalKind::container},
    Prefix{"domain:", PrincipalKind::domain},
};
constexpr std::string_view everyone = "everyone";
constexpr std::size_t longest = 384;

bool is_dns_name(std::string_view text) {
    if (text.empty() || text.size() > 253)
        return false;
    std::size_t label = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        const char c = i < text.size() ? text[i] : '.';
        if (c == '.') {
            if (label == 0 || label > 63 || text[i - 1] == '-' || text[i - label] == '-')
                return false;
            label = 0;
            continue;
        }
        if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-' && c != '_')
            return false;
        ++label;
    }
    return true;
}

// RFC 3261's user part, as far as people have it: no escapes, no separators.
bool is_sip_user(std::string_view text) {
    constexpr std::string_view marks = "-_.!~*'()&=+$,;?/%";
    return !text.empty() && text.size() <= 128 &&
           std::all_of(text.begin(), text.end(), [&](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                      marks.find(c) != std::string_view::npos;
           });
}

bool fits(PrincipalKind kind, std::string_view name) {
    if (kind == PrincipalKind::domain)
        return is_dns_name(name);
    if (kind != PrincipalKind::user)
        return !name.empty();
    const std::size_t at = name.find('@');
    return at != std::string_view::npos && is_sip_user(name.substr(0, at)) &&
           is_dns_name(name.substr(at + 1));
}

}  // namespace

std::string PrincipalName::written() const {
    for (const Prefix& prefix : prefixes)
        if (prefix.kind == kind)
            return fmt::format("{}{}", prefix.text, name);
    return name;
}

Result<PrincipalName> parse_principal(std::string_view text, std::string_view field) {
    const auto refuse = [&](std::string_view why, std::string hint) {
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{}: '{}' {}", field, printable(text), why),
            std::move(hint),
            field
        );
    };
    if (first_invalid_utf8(text))
        return fail_as("bad-value", Errc::invalid, fmt::format("{}: not UTF-8", field), {}, field);
    if (count_code_points(text) > longest)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{}: a name of {} characters is too long", field, count_code_points(text)),
            fmt::format("at most {} characters", longest),
            field
        );
    if (printable(text) != text)
        return refuse("holds characters that nobody sees", "write it with letters that print");
    if (equal_ignoring_case(text, everyone))
        return PrincipalName{PrincipalKind::system, std::string{everyone}};
    for (const Prefix& prefix : prefixes) {
        if (!equal_ignoring_case(text.substr(0, prefix.text.size()), prefix.text))
            continue;
        const std::string_view name = text.substr(prefix.text.size());
        if (!fits(prefix.kind, name))
            return refuse(
                prefix.kind == PrincipalKind::user     ? "is not a SIP address"
                : prefix.kind == PrincipalKind::domain ? "is not a DNS name"
                                                       : "names nothing",
                prefix.kind == PrincipalKind::user ? "like sip:ann@contoso.example" : ""
            );
        return PrincipalName{prefix.kind, std::string{name}};
    }
    return refuse(
        "is no principal", "write sip:user@domain, group:NAME, ou:DN, domain:DNS or everyone"
    );
}

}  // namespace pchat
