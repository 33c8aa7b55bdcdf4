// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/policy_effective.h"
#include "server/service/admin_call.h"
#include "server/service/changes.h"
#include "server/service/chat_config.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What of an object of settings is to change; a new one begins with the built-in values.
struct ConfigFields {
    std::optional<std::int64_t> history;
    std::optional<std::int64_t> file_kb;
    std::optional<std::int64_t> participants;
    std::optional<std::string> room_management_url;  // empty: none
    bool allow_http = false;
};

/// An object of settings; revision 0 is the global one that nobody has set yet.
struct ConfigFacts {
    ConfigObject object;
    ChatConfig values;
    bool made = false;  // by this change
};

// All wait; the caller has asked for the role. Settings count from the next join, roster or file.

/// Makes it when there is none. Nothing is written when nothing differs.
Result<ConfigFacts> put_config(
    Changes& changes, const AdminCall& call, std::string_view identity, const ConfigFields& fields
);
/// The global one is reset to what is built in. Gives what it was.
Result<ConfigFacts> remove_config(
    Changes& changes, const AdminCall& call, std::string_view identity
);

// The same within a change of several.
Result<ConfigFacts> put_config(
    Changes& changes,
    Change& change,
    const AdminCall& call,
    std::string_view identity,
    const ConfigFields& fields
);
Result<ConfigFacts> remove_config(Change& change, const AdminCall& call, std::string_view identity);

/// With the global one, even when nobody has set it.
Result<std::vector<ConfigFacts>> list_configs(ContentDatabase& content);
Result<ConfigFacts> get_config(ContentDatabase& content, std::string_view identity);

/// What counts for a pool, and why.
struct ConfigInForce {
    struct Step {  // one scope, narrowest first
        ConfigScope scope{};
        ScopeOutcome outcome{};
        std::string identity;  // empty: nothing is set there
    };

    std::string identity;  // empty: built in
    ChatConfig values;
    std::vector<Step> steps;
};
Result<ConfigInForce> config_in_force(ContentDatabase& content, const Home& pool);

}  // namespace pchat
