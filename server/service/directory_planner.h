// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory_circles.h"
#include "server/service/directory_plan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pchat {

/// Makes one plan: what plan_sync() consists of. Lives no longer than what it is made from.
class DirectoryPlanner {
public:
    DirectoryPlanner(const KnownDirectory& known, const DirectoryPicture& picture, Needed needed)
        : known_(known), picture_(picture), nodes_(picture.places().size()) {
        out_.needed = needed;
    }

    SyncPlan plan();

private:
    using Place = std::uint32_t;
    using Edges = std::vector<std::pair<Place, Place>>;  // from group to group, as read
    using Parents = std::vector<std::vector<Place>>;     // by place
    static constexpr Place no_place = 0xffffffff;

    /// One place while names are given out.
    struct Node {
        const KnownObject* known = nullptr;                // living
        const DirectoryPicture::Object* object = nullptr;  // that can be taken
        const DirectoryPicture::Object* group = nullptr;   // whose members can be taken
        PrincipalKind kind = PrincipalKind::user;
        std::string wish;  // the name
        std::string name;  // once it has one
        bool taken = false;
    };

    static bool counts(PrincipalKind kind) {
        return kind == PrincipalKind::user || kind == PrincipalKind::group;
    }

    void look(Place place);
    void give_names();
    bool claim(Place place, const std::string& name);
    void give_other_name(Place place);
    void hold(const KnownObject& object);
    void hold_barred();
    void hold_administrator();
    void take_away();
    [[nodiscard]] PrincipalState state_of(Place place) const;
    void fill(Place place, SyncStep& step) const;
    void plan_place(Place place);
    void add_known_circles(Place group, GroupCircles& circles) const;
    void add_groups(Edges& edges, GroupCircles& circles, Parents& parents);
    void plan_memberships();
    void plan_parents(Place place, const std::vector<Place>& groups);
    void activate_last();
    [[nodiscard]] std::optional<Place> folder_above(Place place) const;
    [[nodiscard]] bool keeps(Place child, PrincipalId parent, std::optional<Place> folder) const;
    [[nodiscard]] const DirectoryPlace& at(Place place) const { return picture_.places()[place]; }

    const KnownDirectory& known_;
    const DirectoryPicture& picture_;
    std::vector<Node> nodes_;
    std::unordered_map<std::string, Place> names_;
    std::unordered_map<PrincipalId, Place> places_;  // of living principals
    std::unordered_set<PrincipalId> held_;           // stay as they are, also without a place
    std::unordered_set<std::string> now_;            // names and DNs that are in use until now
    SyncPlan out_;
};

}  // namespace pchat
