// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/principal.h"

#include <string>
#include <string_view>

namespace pchat {

/// A principal as people write it: sip:user@domain, group:NAME, ou:DN, domain:DNS or everyone.
struct PrincipalName {
    PrincipalKind kind = PrincipalKind::user;
    std::string name;  // as the database has it, without the prefix

    /// As it is written; the prefix in lower case.
    [[nodiscard]] std::string written() const;
};

/// `field` is what the error names: "--member", "admin".
Result<PrincipalName> parse_principal(std::string_view text, std::string_view field);

}  // namespace pchat
