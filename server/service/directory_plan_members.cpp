// SPDX-License-Identifier: Apache-2.0
// Of a plan: who is in which group and folder.
#include "server/service/directory_planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

namespace pchat {

/// The nearest folder or domain above a user or a folder. Groups are in none: what holds for the
/// people in a folder must not hold for the members of a group that is kept there.
std::optional<DirectoryPlanner::Place> DirectoryPlanner::folder_above(Place place) const {
    if (nodes_[place].kind == PrincipalKind::group)
        return std::nullopt;
    std::string above = at(place).parent;
    for (int level = 0; level < 64 && !above.empty(); ++level) {
        const std::optional<Place> found = picture_.at_dn(above);
        if (found) {
            const Node& node = nodes_[*found];
            if (node.taken && !counts(node.kind))
                return found;
            above = at(*found).parent;
            continue;
        }
        // A folder that is no principal, such as the top of an address book.
        const std::size_t comma = above.find(',');
        above = comma == std::string::npos ? std::string{} : above.substr(comma + 1);
    }
    return std::nullopt;
}

/// Whether a membership that is known stays, when no group that was read says so.
bool DirectoryPlanner::keeps(Place child, PrincipalId parent, std::optional<Place> folder) const {
    if (held_.contains(parent))
        return true;
    const auto found = places_.find(parent);
    if (found == places_.end() || !nodes_[found->second].taken)
        return true;  // it goes, and its memberships with it
    const Node& node = nodes_[found->second];
    if (!counts(node.kind))
        return folder == found->second;
    return node.group == nullptr && nodes_[child].taken;
}

void DirectoryPlanner::plan_parents(Place place, const std::vector<Place>& groups) {
    const std::optional<Place> folder = folder_above(place);
    std::vector<Place> wanted = groups;
    if (folder)
        wanted.push_back(*folder);
    MembershipStep step;
    step.child = place;
    std::unordered_set<PrincipalId> there;
    if (const KnownObject* known = nodes_[place].known)
        if (const auto found = known_.parents.find(known->id); found != known_.parents.end())
            for (const PrincipalId parent : found->second) {
                there.insert(parent);
                const bool named = std::any_of(wanted.begin(), wanted.end(), [&](Place one) {
                    return nodes_[one].known != nullptr && nodes_[one].known->id == parent;
                });
                if (named || keeps(place, parent, folder))
                    continue;
                step.remove.push_back(parent);
                const Node& above = nodes_[places_.at(parent)];
                out_.left += above.kind == PrincipalKind::group ? 1 : 0;
            }
    for (const Place parent : wanted)
        if (nodes_[parent].known == nullptr || !there.contains(nodes_[parent].known->id))
            step.add.push_back(parent);
    if (!step.add.empty() || !step.remove.empty())
        out_.memberships.push_back(std::move(step));
}

/// Groups within groups that were not read.
void DirectoryPlanner::add_known_circles(Place group, GroupCircles& circles) const {
    const auto known = known_.children.find(nodes_[group].known->id);
    if (known == known_.children.end())
        return;
    for (const PrincipalId child : known->second) {
        const auto found = places_.find(child);
        if (found != places_.end() && nodes_[found->second].kind == PrincipalKind::group)
            circles.add_known(group, found->second);
    }
}

void DirectoryPlanner::add_groups(Edges& edges, GroupCircles& circles, Parents& parents) {
    std::sort(edges.begin(), edges.end(), [&](const auto& a, const auto& b) {
        return std::tie(at(a.first).external_id, at(a.second).external_id) <
               std::tie(at(b.first).external_id, at(b.second).external_id);
    });
    const std::vector<std::size_t> refused = circles.add_all(edges);
    for (std::size_t i = 0; i < edges.size(); ++i) {
        const auto [group, member] = edges[i];
        if (std::binary_search(refused.begin(), refused.end(), i))
            out_.problem(
                at(group).dn, fmt::format("its member '{}' would be in itself", at(member).dn)
            );
        else
            parents[member].push_back(group);
    }
}

void DirectoryPlanner::plan_memberships() {
    GroupCircles circles{nodes_.size()};
    Parents parents(nodes_.size());
    Edges edges;
    for (Place group = 0; group < nodes_.size(); ++group) {
        const Node& node = nodes_[group];
        if (!node.taken || node.kind != PrincipalKind::group)
            continue;
        if (node.group == nullptr) {
            add_known_circles(group, circles);
            continue;
        }
        for (const Place member : node.group->members) {
            if (!nodes_[member].taken || !counts(nodes_[member].kind))
                continue;
            if (nodes_[member].kind == PrincipalKind::group)
                edges.emplace_back(group, member);
            else
                parents[member].push_back(group);
        }
    }
    add_groups(edges, circles, parents);
    for (Place place = 0; place < nodes_.size(); ++place)
        if (nodes_[place].taken)
            plan_parents(place, parents[place]);
}

/// Whoever becomes active does so once it is in the groups that may deny it something.
void DirectoryPlanner::activate_last() {
    if (out_.memberships.empty())
        return;
    for (SyncStep& step : out_.steps) {
        const bool waits = step.action != SyncAction::remove && step.kind == PrincipalKind::user &&
                           step.state == PrincipalState::active;
        const KnownObject* known = waits ? nodes_[step.place].known : nullptr;
        if (!waits || (known != nullptr && known->state == PrincipalState::active))
            continue;
        step.state = PrincipalState::disabled;
        out_.activations.push_back({step.place});
    }
}

}  // namespace pchat
