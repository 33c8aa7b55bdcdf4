// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace pchat::ldap {

/// One spelling for "CN=Ann, OU=Sales" and "CN=Ann,OU=Sales"; none for what is no DN. Cases stay.
std::optional<std::string> normal_dn(const std::string& dn);
/// What is above it; empty above the top.
std::string parent_dn(const std::string& dn);
/// "contoso.example" of a DN that ends with dc=contoso,dc=example, lower case; else empty. `only`:
/// empty too when there is anything else in it.
std::string dns_name_of(const std::string& dn, bool only);

/// A text within a filter, RFC 4515.
std::string escape_filter(std::string_view text);

}  // namespace pchat::ldap
