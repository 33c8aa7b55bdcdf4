// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/diagnostic.h"
#include "topology/model.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pchat::topology {

/// Published limits of the role.
inline constexpr std::int64_t users_per_server = 20'000;
inline constexpr std::int64_t users_over_all = 80'000;
inline constexpr std::int64_t provisioned_users_max = 150'000;
inline constexpr std::int64_t endpoints_per_pool = 120'000;
inline constexpr std::int64_t acl_entries_max = 2'000'000;
inline constexpr std::int64_t acl_entries_warn = 1'600'000;
inline constexpr std::int64_t invitations_degrade = 1'000'000;
inline constexpr std::int64_t invitations_max = 2'000'000;
inline constexpr std::size_t active_machines_max = 4;
inline constexpr std::size_t machines_max = 8;

/// One figure of the plan beside what was published for it.
struct CapacityRow {
    std::string rule;     // "CAP-01"
    std::string subject;  // "pool pchat.contoso.example" or "deployment"
    std::string what;     // "users for each active machine"
    std::optional<std::int64_t> planned = {};
    std::optional<std::int64_t> warn_above = {};  // more is possible, but not advised
    std::optional<std::int64_t> limit = {};       // more is not supported
    std::string verdict =
        {};  // "ok", "warning", "accepted", "over", "not stated", "not applicable"
};

/// CAP-01 to CAP-08, pools first. The verdicts are those of the findings, which judge() makes: the
/// rules decide, this only lays their figures side by side.
std::vector<CapacityRow> capacity_rows(
    const Topology& topology, const std::vector<Diagnostic>& findings
);

/// One row of the published user model, by size of room.
struct UserModelRow {
    std::string_view what;
    std::string_view small;
    std::string_view medium;
    std::string_view large;
    std::string_view total;
    Number PlannedLoad::*planned = nullptr;  // the plan's figure for the total, where it has one
};

const std::vector<UserModelRow>& published_user_model();

}  // namespace pchat::topology
