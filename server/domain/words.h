// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/policy_effective.h"
#include "server/domain/principal.h"
#include "server/domain/room.h"

#include <array>
#include <string_view>

namespace pchat {

// How enumerations are written, on the wire and in the audit log alike. Each begins at the number
// of its first word.

constexpr std::array<std::string_view, 2> room_type_words{"normal", "auditorium"};
constexpr std::array<std::string_view, 3> room_privacy_words{"open", "closed", "secret"};
constexpr std::array<std::string_view, 3> room_role_words{"member", "manager", "presenter"};
constexpr std::array<std::string_view, 5> principal_kind_words{
    "user", "group", "ou", "domain", "everyone"};
constexpr std::array<std::string_view, 3> principal_state_words{"active", "disabled", "gone"};
constexpr std::array<std::string_view, 2> principal_source_words{"local", "directory"};
constexpr std::array<std::string_view, 6> admin_role_words{
    "viewer", "user-admin", "pchat-admin", "deploy-admin", "compliance-officer", "administrator"};

constexpr std::array<std::string_view, 3> policy_scope_words{"global", "site", "tag"};
constexpr std::array<std::string_view, 3> config_scope_words{"global", "site", "service"};
constexpr std::array<std::string_view, 4> scope_outcome_words{
    "not-asked", "absent", "chosen", "overridden"};

constexpr std::string_view to_string(RoomType type) {
    return room_type_words[static_cast<std::size_t>(type) - 1];
}
constexpr std::string_view to_string(RoomPrivacy privacy) {
    return room_privacy_words[static_cast<std::size_t>(privacy) - 1];
}
constexpr std::string_view to_string(RoomRole role) {
    return room_role_words[static_cast<std::size_t>(role) - 1];
}
constexpr std::string_view to_string(PrincipalKind kind) {
    return principal_kind_words[static_cast<std::size_t>(kind) - 1];
}
constexpr std::string_view to_string(PrincipalState state) {
    return principal_state_words[static_cast<std::size_t>(state)];
}
constexpr std::string_view to_string(PrincipalSource source) {
    return principal_source_words[static_cast<std::size_t>(source) - 1];
}
constexpr std::string_view to_string(PolicyScope scope) {
    return policy_scope_words[static_cast<std::size_t>(scope) - 1];
}
constexpr std::string_view to_string(ConfigScope scope) {
    return config_scope_words[static_cast<std::size_t>(scope) - 1];
}
constexpr std::string_view to_string(ScopeOutcome outcome) {
    return scope_outcome_words[static_cast<std::size_t>(outcome)];
}
constexpr std::string_view to_string(AdminRole role) {
    return admin_role_words[static_cast<std::size_t>(role) - 1];
}

}  // namespace pchat
