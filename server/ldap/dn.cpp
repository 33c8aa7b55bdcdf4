// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/dn.h"

#include "base/unicode.h"

#include <fmt/format.h>
#include <ldap.h>

#include <memory>

namespace pchat::ldap {
namespace {

struct FreeDn {
    void operator()(LDAPRDN* dn) const { ldap_dnfree(dn); }
};
using ParsedDn = std::unique_ptr<LDAPRDN, FreeDn>;

struct FreeMemory {
    void operator()(char* text) const { ldap_memfree(text); }
};

ParsedDn parse(const std::string& dn) {
    LDAPDN out = nullptr;
    if (ldap_str2dn(dn.c_str(), &out, LDAP_DN_FORMAT_LDAPV3) != LDAP_SUCCESS)
        return nullptr;
    return ParsedDn{out};
}

std::string write(LDAPDN dn) {
    char* text = nullptr;
    if (ldap_dn2str(dn, &text, LDAP_DN_FORMAT_LDAPV3 | LDAP_DN_PRETTY) != LDAP_SUCCESS ||
        text == nullptr)
        return {};
    const std::unique_ptr<char, FreeMemory> owner{text};
    return text;
}

std::string_view view(const berval& value) {
    return {value.bv_val, value.bv_len};
}

}  // namespace

std::optional<std::string> normal_dn(const std::string& dn) {
    if (dn.find('\0') != std::string::npos)
        return std::nullopt;
    const ParsedDn parsed = parse(dn);
    if (!parsed)
        return dn.empty() ? std::optional{std::string{}} : std::nullopt;
    std::string out = write(parsed.get());
    return out.empty() ? std::nullopt : std::optional{std::move(out)};
}

std::string parent_dn(const std::string& dn) {
    const ParsedDn parsed = parse(dn);
    return !parsed || parsed.get()[0] == nullptr ? std::string{} : write(parsed.get() + 1);
}

std::string dns_name_of(const std::string& dn, bool only) {
    const ParsedDn parsed = parse(dn);
    std::string out;
    for (LDAPRDN* rdn = parsed.get(); rdn != nullptr && *rdn != nullptr; ++rdn) {
        const LDAPAVA* part = (*rdn)[0];
        const bool is_dc = part != nullptr && equal_ignoring_case(view(part->la_attr), "dc");
        if (!is_dc && (only || !out.empty()))
            return {};
        if (is_dc)
            out.append(out.empty() ? "" : ".").append(lower_ascii(view(part->la_value)));
    }
    return out;
}

std::string escape_filter(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '*' || c == '(' || c == ')' || c == '\\' || static_cast<unsigned char>(c) < 0x20)
            out += fmt::format("\\{:02x}", static_cast<unsigned char>(c));
        else
            out += c;
    }
    return out;
}

}  // namespace pchat::ldap
