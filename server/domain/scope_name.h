// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/policy.h"

#include <string>
#include <string_view>

namespace pchat {

/// Which policy is meant: global, site:NAME or tag:NAME; a bare name is a tag's.
struct PolicyIdentity {
    PolicyScope scope = PolicyScope::global;
    std::string name;  // empty for global

    [[nodiscard]] std::string written() const;
};
Result<PolicyIdentity> parse_policy_identity(std::string_view text);
std::string identity_of(const Policy& policy);

/// Whose settings are meant: global, site:NAME or service:POOLFQDN.
struct ConfigIdentity {
    ConfigScope scope = ConfigScope::global;
    std::string name;  // empty for global

    [[nodiscard]] std::string written() const;
};
Result<ConfigIdentity> parse_config_identity(std::string_view text);
std::string identity_of(const ConfigObject& object);

}  // namespace pchat
