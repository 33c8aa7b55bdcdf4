// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory.h"

#include <functional>
#include <unordered_set>
#include <vector>

namespace pchat {

/// All that decides about access, as it is, or as a change that is not committed would leave it:
/// then what the change touched comes from `over`, the rest from memory. Borrows what it is given.
class WallView {
public:
    explicit WallView(const DirectoryState& state) : base_(state) {}
    WallView(const DirectoryState& state, const DirectoryState& over, const Touched& touched);

    [[nodiscard]] const KnownPrincipal* principal(PrincipalId id) const;
    [[nodiscard]] const KnownCategory* category(CategoryId id) const;
    [[nodiscard]] const KnownRoom* room(RoomId id) const;
    [[nodiscard]] const std::vector<KnownWall>& walls() const;
    [[nodiscard]] Person person(PrincipalId id) const;
    /// Policies as well: they cost more than the rest.
    [[nodiscard]] bool may_chat(PrincipalId id) const;

    void each_principal(const std::function<void(const KnownPrincipal&)>& visit) const;
    void each_room(const std::function<void(const KnownRoom&)>& visit) const;

private:
    const DirectoryState& base_;
    const DirectoryState* over_ = nullptr;
    std::unordered_set<PrincipalId> principals_;
    std::unordered_set<CategoryId> categories_;
    std::unordered_set<RoomId> rooms_;
    bool policies_ = false;
    bool walls_ = false;
    bool topology_ = false;  // and with it the site that the pool stands in
};

}  // namespace pchat
