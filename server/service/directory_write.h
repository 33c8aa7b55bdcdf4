// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"
#include "server/service/directory_plan.h"
#include "server/service/taken_away.h"
#include "server/service/user_admin.h"

#include <span>
#include <vector>

namespace pchat {

/// Does parts of a plan, each within one transaction. Numbers of who is new are put into the ids
/// of the plan, again when a transaction runs again.
class DirectoryWriter {
public:
    DirectoryWriter(Change& change, const DirectoryPicture& picture, SyncPlan& plan)
        : change_(change), picture_(picture), plan_(plan) {}

    Result<void> write(std::span<const SyncStep> steps);
    Result<void> write(std::span<const MembershipStep> steps);
    Result<void> write(std::span<const ActivationStep> steps);

private:
    Result<void> add(std::span<const SyncStep> steps);
    Result<void> alter(const SyncStep& step);
    Result<void> remove(const SyncStep& step);
    Result<UserFacts> facts_of(const Principal& user);
    Result<void> spare_last_administrator(const UserFacts& before, PrincipalState after);
    Result<std::vector<TakenAway>> forget_user(const Principal& user);
    Result<std::vector<TakenAway>> forget_members(const Principal& group);
    Result<bool> is_needed(const Principal& group);
    Result<void> free_names(const Principal& wanted);
    Result<void> sign_out(PrincipalId user);
    void put(const SyncStep& step, Principal& row) const;
    void log(
        SyncAction action,
        const Principal* before,
        const Principal* after,
        const std::vector<TakenAway>& taken
    );
    Result<std::string> names_of(std::span<const PrincipalId> ids);

    Change& change_;
    const DirectoryPicture& picture_;
    SyncPlan& plan_;
};

}  // namespace pchat
