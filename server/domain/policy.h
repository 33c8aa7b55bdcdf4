// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <string>

namespace pchat {

enum class PolicyScope : std::uint8_t { global = 1, site, tag };

/// Whether persistent chat is on for whom it covers. A whole object wins over another: tag over
/// site over global.
struct Policy {
    PolicyId id;
    PolicyScope scope = PolicyScope::global;
    std::string name_key;
    std::string name;  // of the site or tag; empty for global
    std::string description;
    bool enabled = false;
    std::int64_t revision = 1;
    Microseconds updated_at = 0;
    PrincipalId updated_by;
};

struct PolicyGrant {
    PrincipalId user;
    PolicyId policy;
    Microseconds granted_at = 0;
    PrincipalId granted_by;
};

enum class ConfigKind : std::uint8_t { chat = 1, compliance };
enum class ConfigScope : std::uint8_t { global = 1, site, service };

/// Settings of one scope. The effective ones are a whole object: service over site over global.
struct ConfigObject {
    ConfigKind kind = ConfigKind::chat;
    ConfigScope scope = ConfigScope::global;
    std::string scope_key;   // name_key(scope_name)
    std::string scope_name;  // empty for global
    std::string body;        // JSON
    std::int64_t revision = 1;
    Microseconds updated_at = 0;
    PrincipalId updated_by;
};

}  // namespace pchat
