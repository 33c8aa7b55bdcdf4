// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/estate_plan.h"
#include "server/service/admin_call.h"
#include "server/service/changes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace pchat {

/// Something that somebody had and has no longer.
struct EstateLoss {
    std::string_view kind;  // "membership", "access", "messages", "history", "policy": a literal
    std::string_view of;    // "room" or "category": a literal; empty: neither
    std::string name;       // of that
    std::string_view list;  // of a membership: "members"; a literal
    std::string principal;  // who has it no longer
    std::int64_t messages = 0;
};

/// Makes the changes of a plan one by one, through the same functions as single requests, within
/// one transaction. The caller has asked for the roles.
class EstateWork {
public:
    EstateWork(
        Changes& changes,
        Change& change,
        const AdminCall& call,
        const std::vector<EstateChange>& plan
    );

    Result<std::vector<EstateLoss>> carry_out(const EstateChange& one);
    /// Who is to be told once it is committed.

private:
    using Losses = std::vector<EstateLoss>;

    Result<Losses> make(const EstateChange& one);
    Result<Losses> remove(const EstateChange& one);
    Result<Losses> put_category(const EstateChange& one);
    Result<Losses> put_room(const EstateChange& one);
    Result<Losses> remove_policy(const EstateChange& one);
    Result<Losses> remove_room(const EstateChange& one);
    Result<CategoryId> shelter_for(const Room& room);

    Changes& changes_;
    Change& change_;
    const AdminCall& call_;
    std::unordered_set<std::string> leaving_;  // keys of categories that go
    std::optional<CategoryId> shelter_;
};

}  // namespace pchat
