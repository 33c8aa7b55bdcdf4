// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_plan.h"

#include "base/unicode.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/service/directory_circles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_problems = 100;
constexpr std::size_t longest_dn = 384;

using Place = std::uint32_t;
using Edges = std::vector<std::pair<Place, Place>>;  // from group to group, as read
using Parents = std::vector<std::vector<Place>>;     // by place
constexpr Place no_place = 0xffffffff;

bool counts(PrincipalKind kind) {
    return kind == PrincipalKind::user || kind == PrincipalKind::group;
}

/// One place while names are given out.
struct Node {
    const KnownObject* known = nullptr;                // living
    const DirectoryPicture::Object* object = nullptr;  // that can be taken
    PrincipalKind kind = PrincipalKind::user;
    std::string wish;  // the name
    std::string name;  // once it has one
    bool taken = false;
};

class Planner {
public:
    Planner(const KnownDirectory& known, const DirectoryPicture& picture, Denied denied)
        : known_(known), picture_(picture), denied_(denied), nodes_(picture.places().size()) {}

    SyncPlan plan();

private:
    void look(Place place);
    void give_names();
    bool claim(Place place, const std::string& name);
    void give_other_name(Place place);
    void hold_denied();
    void take_away();
    void fill(Place place, SyncStep& step) const;
    void plan_place(Place place);
    void add_known_circles(Place group, GroupCircles& circles) const;
    void add_groups(Edges& edges, GroupCircles& circles, Parents& parents);
    void plan_memberships();
    void plan_parents(Place place, const std::vector<Place>& groups);
    [[nodiscard]] std::optional<Place> folder_above(Place place) const;
    [[nodiscard]] bool keeps(Place child, PrincipalId parent, std::optional<Place> folder) const;
    [[nodiscard]] const DirectoryPlace& at(Place place) const { return picture_.places()[place]; }

    const KnownDirectory& known_;
    const DirectoryPicture& picture_;
    Denied denied_;
    std::vector<Node> nodes_;
    std::unordered_map<std::string, Place> names_;
    std::unordered_map<PrincipalId, Place> places_;  // of living principals
    std::unordered_set<PrincipalId> held_;           // have no place and stay
    std::unordered_set<std::string> now_;            // names and DNs that are in use until now
    SyncPlan out_;
};

void Planner::look(Place place) {
    Node& node = nodes_[place];
    node.known = known_.living(at(place).external_id);
    const DirectoryPicture::Object* object = picture_.object(place);
    if (node.known != nullptr)
        places_.emplace(node.known->id, place);
    if (object != nullptr && !object->fields.flaw.empty())
        out_.problem(at(place).dn, object->fields.flaw);
    else if (object != nullptr && node.known != nullptr && node.known->kind != object->fields.kind)
        out_.problem(at(place).dn, "it is something else than before: a user, group or folder");
    else if (count_code_points(at(place).dn) > longest_dn)
        out_.problem(at(place).dn, fmt::format("its DN has more than {} characters", longest_dn));
    else
        node.object = object;
    if (node.known == nullptr && node.object == nullptr)
        return;
    node.kind = node.known != nullptr ? node.known->kind : node.object->fields.kind;
    if (node.object != nullptr)
        node.wish = node.object->fields.name;
    else if (node.known->name == node.known->dn && count_code_points(at(place).dn) <= longest_dn)
        node.wish = at(place).dn;
    else
        node.wish = node.known->name;
}

bool Planner::claim(Place place, const std::string& name) {
    Node& node = nodes_[place];
    const std::string key = taken_name(node.kind, name_key(name));
    if (known_.local_names.contains(key) || !names_.emplace(key, place).second)
        return false;
    node.name = name;
    node.taken = true;
    return true;
}

/// Its own name is another one's. Groups have their DN instead; who is known stays what it was.
void Planner::give_other_name(Place place) {
    Node& node = nodes_[place];
    if (node.kind == PrincipalKind::group && claim(place, at(place).dn))
        return;
    const bool same = node.known != nullptr && node.known->name == node.wish;
    out_.problem(at(place).dn, fmt::format("'{}' is somebody else's already", node.wish));
    if (node.known != nullptr && !same)
        (void)claim(place, node.known->name);  // else it goes, and comes back when it can
}

void Planner::give_names() {
    // Names that stay, then those of who is known, then those of who is new; each in an order that
    // is the same every time.
    std::array<std::vector<Place>, 3> turns;
    for (Place place = 0; place < nodes_.size(); ++place) {
        const Node& node = nodes_[place];
        if (node.wish.empty())
            continue;
        const bool stays = node.known != nullptr && name_key(node.wish) == node.known->name_key;
        turns.at(stays ? 0 : node.known != nullptr ? 1 : 2).push_back(place);
    }
    for (std::vector<Place>& turn : turns) {
        std::sort(turn.begin(), turn.end(), [&](Place a, Place b) {
            return at(a).external_id < at(b).external_id;
        });
        std::vector<Place> others;
        for (const Place place : turn)
            if (!claim(place, nodes_[place].wish))
                others.push_back(place);
        for (const Place place : others)
            give_other_name(place);
    }
}

/// Before names are given out: these keep theirs.
void Planner::hold_denied() {
    for (const KnownObject& object : known_.objects) {
        const bool goes = object.state != PrincipalState::gone && !places_.contains(object.id);
        if (denied_ == Denied::remove || !goes || object.kind == PrincipalKind::user ||
            !known_.denied.contains(object.id))
            continue;
        out_.problem(
            object.dn,
            fmt::format(
                "'{}' is gone, but a category denies it: without it its members may be allowed "
                "there; deny them otherwise first, or use --force",
                object.name
            )
        );
        held_.insert(object.id);
        names_.emplace(taken_name(object.kind, object.name_key), no_place);
    }
}

void Planner::take_away() {
    for (const KnownObject& object : known_.objects) {
        if (object.state == PrincipalState::gone)
            continue;
        if (counts(object.kind))
            ++out_.living;
        const auto place = places_.find(object.id);
        if (place != places_.end() ? nodes_[place->second].taken : held_.contains(object.id))
            continue;
        SyncStep step;
        step.action = SyncAction::remove;
        step.id = object.id;
        step.kind = object.kind;
        step.state = PrincipalState::gone;
        step.name = object.name;
        step.dn = object.dn;
        if (counts(object.kind))
            ++out_.removed;
        out_.steps.push_back(std::move(step));
    }
}

/// State and fields, as far as they were read.
void Planner::fill(Place place, SyncStep& step) const {
    const Node& node = nodes_[place];
    if (node.object != nullptr) {
        step.fields = &node.object->fields;
        step.state = step.fields->disabled ? PrincipalState::disabled : PrincipalState::active;
    } else {
        step.state = node.known->state;
        const DirectoryPicture::Object* flawed = picture_.object(place);
        // Its address was taken away: so are the rooms.
        if (flawed != nullptr && flawed->fields.addressless)
            step.state = PrincipalState::disabled;
        if (count_code_points(step.dn) > longest_dn)
            step.dn = node.known->dn;
    }
}

void Planner::plan_place(Place place) {
    const Node& node = nodes_[place];
    if (!node.taken)
        return;
    out_.names[place] = PrincipalName{node.kind, node.name}.written();
    SyncStep step;
    step.place = place;
    step.kind = node.kind;
    step.name = node.name;
    step.dn = at(place).dn;
    fill(place, step);
    const bool same_name = node.known != nullptr && name_key(step.name) == node.known->name_key;
    const bool same_dn = node.known != nullptr && step.dn == node.known->dn;
    step.crowded = (!same_name && now_.contains(taken_name(step.kind, name_key(step.name)))) ||
                   (!same_dn && now_.contains(fold_case(step.dn)));
    if (node.known == nullptr) {
        if (const KnownObject* gone = known_.find(at(place).external_id))
            out_.ids[place] = step.id = gone->id;  // it has come back, to the rights of a new one
        out_.steps.push_back(std::move(step));
        return;
    }
    out_.ids[place] = step.id = node.known->id;
    const bool moved = !same_dn;
    bool changed = step.name != node.known->name || step.state != node.known->state;
    if (step.fields != nullptr) {
        const DirectoryObject& fields = *step.fields;
        changed = changed || node.known->print != field_print(
                                                      step.name,
                                                      fields.display_name,
                                                      fields.email,
                                                      fields.company,
                                                      fields.site,
                                                      step.state
                                                  );
    }
    if (!moved && !changed)
        return;
    step.action =
        moved && !(changed && step.fields != nullptr) ? SyncAction::move : SyncAction::change;
    out_.steps.push_back(std::move(step));
}

/// The nearest folder or domain above a user or a folder. Groups are in none: what holds for the
/// people in a folder must not hold for the members of a group that is kept there.
std::optional<Place> Planner::folder_above(Place place) const {
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
bool Planner::keeps(Place child, PrincipalId parent, std::optional<Place> folder) const {
    if (held_.contains(parent))
        return true;
    const auto found = places_.find(parent);
    if (found == places_.end() || !nodes_[found->second].taken)
        return true;  // it goes, and its memberships with it
    const Node& node = nodes_[found->second];
    if (!counts(node.kind))
        return folder == found->second;
    return node.object == nullptr && nodes_[child].taken;
}

void Planner::plan_parents(Place place, const std::vector<Place>& groups) {
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
                if (!named && !keeps(place, parent, folder))
                    step.remove.push_back(parent);
            }
    for (const Place parent : wanted)
        if (nodes_[parent].known == nullptr || !there.contains(nodes_[parent].known->id))
            step.add.push_back(parent);
    if (!step.add.empty() || !step.remove.empty())
        out_.memberships.push_back(std::move(step));
}

/// Groups within groups that were not read.
void Planner::add_known_circles(Place group, GroupCircles& circles) const {
    const auto known = known_.children.find(nodes_[group].known->id);
    if (known == known_.children.end())
        return;
    for (const PrincipalId child : known->second) {
        const auto found = places_.find(child);
        if (found != places_.end() && nodes_[found->second].kind == PrincipalKind::group)
            circles.add_known(group, found->second);
    }
}

void Planner::add_groups(Edges& edges, GroupCircles& circles, Parents& parents) {
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

void Planner::plan_memberships() {
    GroupCircles circles{nodes_.size()};
    Parents parents(nodes_.size());
    Edges edges;
    for (Place group = 0; group < nodes_.size(); ++group) {
        const Node& node = nodes_[group];
        if (!node.taken || node.kind != PrincipalKind::group)
            continue;
        if (node.object == nullptr) {
            add_known_circles(group, circles);
            continue;
        }
        for (const Place member : node.object->members) {
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

SyncPlan Planner::plan() {
    out_.ids.resize(nodes_.size());
    out_.names.resize(nodes_.size());
    for (const KnownObject& object : known_.objects)
        if (object.state != PrincipalState::gone) {
            now_.insert(taken_name(object.kind, object.name_key));
            now_.insert(fold_case(object.dn));
        }
    for (Place place = 0; place < nodes_.size(); ++place)
        look(place);
    hold_denied();
    give_names();
    take_away();
    for (Place place = 0; place < nodes_.size(); ++place)
        plan_place(place);
    plan_memberships();
    return std::move(out_);
}

}  // namespace

std::string_view to_string(SyncAction action) {
    constexpr std::array<std::string_view, 4> words{"add", "change", "move", "remove"};
    return words.at(static_cast<std::size_t>(action));
}

void SyncPlan::problem(std::string dn, std::string why) {
    ++problem_count;
    if (problems.size() < most_problems)
        problems.push_back({printable(dn), std::move(why)});
}

SyncPlan plan_sync(const KnownDirectory& known, const DirectoryPicture& picture, Denied denied) {
    return Planner{known, picture, denied}.plan();
}

}  // namespace pchat
