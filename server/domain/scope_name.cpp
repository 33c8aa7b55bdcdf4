// SPDX-License-Identifier: Apache-2.0
#include "server/domain/scope_name.h"

#include "base/unicode.h"
#include "base/visible.h"
#include "server/domain/principal_name.h"

#include <fmt/format.h>

#include <array>

namespace pchat {
namespace {

constexpr std::size_t longest = 256;  // code points
constexpr std::string_view global = "global";
constexpr std::string_view policy_forms = "write global, site:NAME or tag:NAME";
constexpr std::string_view config_forms = "write global, site:NAME or service:POOLFQDN";

template <class Scope>
struct Prefix {
    std::string_view text;
    Scope scope;
};
constexpr std::array policy_prefixes{
    Prefix<PolicyScope>{"site:", PolicyScope::site}, Prefix<PolicyScope>{"tag:", PolicyScope::tag}};
constexpr std::array config_prefixes{
    Prefix<ConfigScope>{"site:", ConfigScope::site},
    Prefix<ConfigScope>{"service:", ConfigScope::service}};

tl::unexpected<Error> refuse(std::string message, std::string_view hint) {
    return fail_as("bad-value", Errc::invalid, std::move(message), std::string{hint}, "identity");
}

Result<void> check_name(std::string_view whole, std::string_view name, std::string_view forms) {
    if (name.empty())
        return refuse(fmt::format("'{}' names nothing", printable(whole)), forms);
    if (const std::size_t size = count_code_points(name); size > longest)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("the name has {} characters", size),
            fmt::format("at most {}", longest),
            "identity"
        );
    if (!is_visible(name))
        return refuse(
            fmt::format("'{}' holds characters that nobody sees", printable(name)),
            "write it with letters that print"
        );
    if (name.front() == ' ' || name.back() == ' ')
        return refuse(fmt::format("'{}' begins or ends with a blank", name), forms);
    if (name.find_first_of("*?") != std::string_view::npos)
        return refuse(
            fmt::format("'{}' is a pattern, not a name", name), "name one; only --filter takes *"
        );
    return {};
}

/// None when no prefix fits.
template <class Identity, std::size_t size, class Scope>
bool take_prefix(
    std::string_view text, const std::array<Prefix<Scope>, size>& prefixes, Identity& out
) {
    for (const Prefix<Scope>& prefix : prefixes)
        if (equal_ignoring_case(text.substr(0, prefix.text.size()), prefix.text)) {
            out.scope = prefix.scope;
            out.name = text.substr(prefix.text.size());
            return true;
        }
    return false;
}

template <class Identity, std::size_t size, class Scope>
std::string with_prefix(const Identity& identity, const std::array<Prefix<Scope>, size>& prefixes) {
    for (const Prefix<Scope>& prefix : prefixes)
        if (prefix.scope == identity.scope)
            return fmt::format("{}{}", prefix.text, identity.name);
    return std::string{global};
}

}  // namespace

std::string PolicyIdentity::written() const {
    return with_prefix(*this, policy_prefixes);
}

std::string ConfigIdentity::written() const {
    return with_prefix(*this, config_prefixes);
}

Result<PolicyIdentity> parse_policy_identity(std::string_view text) {
    PolicyIdentity out;
    if (equal_ignoring_case(text, global))
        return out;
    if (!take_prefix(text, policy_prefixes, out)) {
        if (text.find(':') != std::string_view::npos)
            return refuse(fmt::format("'{}' is no policy", printable(text)), policy_forms);
        out = {PolicyScope::tag, std::string{text}};
    }
    if (Result<void> good = check_name(text, out.name, policy_forms); !good)
        return pass(std::move(good).error());
    return out;
}

Result<ConfigIdentity> parse_config_identity(std::string_view text) {
    ConfigIdentity out;
    if (equal_ignoring_case(text, global))
        return out;
    if (!take_prefix(text, config_prefixes, out))
        return refuse(fmt::format("'{}' has no settings", printable(text)), config_forms);
    if (Result<void> good = check_name(text, out.name, config_forms); !good)
        return pass(std::move(good).error());
    if (out.scope == ConfigScope::service && !parse_principal("domain:" + out.name, "identity"))
        return refuse(fmt::format("'{}' is not the name of a pool", out.name), config_forms);
    return out;
}

std::string identity_of(const Policy& policy) {
    return PolicyIdentity{policy.scope, policy.name}.written();
}

std::string identity_of(const ConfigObject& object) {
    return ConfigIdentity{object.scope, object.scope_name}.written();
}

}  // namespace pchat
