// SPDX-License-Identifier: Apache-2.0
#include "server/service/directory_plan.h"

#include "base/unicode.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/service/directory_planner.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t most_problems = 100;
constexpr std::size_t longest_dn = 384;

}  // namespace

void DirectoryPlanner::look(Place place) {
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
    // A text that cannot be taken says nothing of who is in the group.
    if (node.kind == PrincipalKind::group && object != nullptr &&
        object->fields.kind == node.kind && (node.object != nullptr || !object->fields.partial))
        node.group = object;
    if (object != nullptr && object->fields.stateless)
        out_.problem(
            at(place).dn,
            "it does not say whether it is disabled: let directory.bindDn read userAccountControl"
        );
    if (node.object != nullptr)
        node.wish = node.object->fields.name;
    else if (node.known->name == node.known->dn && count_code_points(at(place).dn) <= longest_dn)
        node.wish = at(place).dn;
    else
        node.wish = node.known->name;
}

bool DirectoryPlanner::claim(Place place, const std::string& name) {
    Node& node = nodes_[place];
    const std::string key = taken_name(node.kind, name_key(name));
    if (known_.local_names.contains(key) || !names_.emplace(key, place).second)
        return false;
    node.name = name;
    node.taken = true;
    return true;
}

/// Its own name is another one's. Groups have their DN instead; who is known stays what it was.
void DirectoryPlanner::give_other_name(Place place) {
    Node& node = nodes_[place];
    if (node.kind == PrincipalKind::group && claim(place, at(place).dn))
        return;
    const bool same = node.known != nullptr && node.known->name == node.wish;
    out_.problem(at(place).dn, fmt::format("'{}' is somebody else's already", node.wish));
    if (node.known != nullptr && !same)
        (void)claim(place, node.known->name);  // else it goes, and comes back when it can
}

void DirectoryPlanner::give_names() {
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

/// Before names are given out: it keeps its own.
void DirectoryPlanner::hold(const KnownObject& object) {
    held_.insert(object.id);
    if (!places_.contains(object.id))
        names_.emplace(taken_name(object.kind, object.name_key), no_place);
}

/// What keeps its members out, or apart from others.
void DirectoryPlanner::hold_barred() {
    for (const KnownObject& object : known_.objects) {
        const bool goes = object.state != PrincipalState::gone && !places_.contains(object.id);
        const bool denied = known_.denied.contains(object.id);
        if (!goes || object.kind == PrincipalKind::user ||
            !(denied || known_.walled.contains(object.id)))
            continue;
        out_.problem(
            object.dn,
            fmt::format(
                "'{}' is gone, but {}, or use --force",
                object.name,
                denied ? "a category denies it: without it its members may be allowed there; deny "
                         "them otherwise first"
                       : "a wall names it: without it nothing keeps its members apart; change the "
                         "wall first"
            )
        );
        hold(object);
    }
}

/// One stays, so that somebody can make others administrators.
void DirectoryPlanner::hold_administrator() {
    const KnownObject* last = nullptr;
    std::size_t staying = known_.administrators.size();
    for (const KnownObject& object : known_.objects) {
        if (!known_.administrators.contains(object.id))
            continue;
        const auto place = places_.find(object.id);
        if (place != places_.end() && state_of(place->second) == PrincipalState::active)
            continue;
        last = &object;
        --staying;
    }
    if (last == nullptr || staying > 0)
        return;
    out_.problem(
        last->dn,
        fmt::format(
            "'{}' is gone or disabled, but is the last active administrator: make somebody else "
            "administrator first, or use --force",
            last->name
        )
    );
    hold(*last);
}

void DirectoryPlanner::take_away() {
    for (const KnownObject& object : known_.objects) {
        if (object.state == PrincipalState::gone)
            continue;
        if (counts(object.kind))
            ++out_.living;
        if (object.kind == PrincipalKind::group)
            if (const auto known = known_.children.find(object.id); known != known_.children.end())
                out_.members += known->second.size();
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

PrincipalState DirectoryPlanner::state_of(Place place) const {
    const Node& node = nodes_[place];
    const DirectoryPicture::Object* read = picture_.object(place);
    if (node.known != nullptr && held_.contains(node.known->id))
        return node.known->state;
    // Who loses the address loses the rooms. What is flawed otherwise may disable, but not enable.
    if (read != nullptr && read->fields.kind == node.kind &&
        (read->fields.disabled || read->fields.addressless))
        return PrincipalState::disabled;
    if (node.object != nullptr && !node.object->fields.stateless)
        return PrincipalState::active;
    return node.known != nullptr ? node.known->state : PrincipalState::disabled;
}

/// State and fields, as far as they were read.
void DirectoryPlanner::fill(Place place, SyncStep& step) const {
    const Node& node = nodes_[place];
    step.state = state_of(place);
    if (node.object != nullptr)
        step.fields = &node.object->fields;
    else if (count_code_points(step.dn) > longest_dn)
        step.dn = node.known->dn;
}

void DirectoryPlanner::plan_place(Place place) {
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
    if (node.known != nullptr && node.known->state == PrincipalState::active &&
        step.state == PrincipalState::disabled)
        ++out_.disabled;
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

SyncPlan DirectoryPlanner::plan() {
    out_.ids.resize(nodes_.size());
    out_.names.resize(nodes_.size());
    for (const KnownObject& object : known_.objects)
        if (object.state != PrincipalState::gone) {
            now_.insert(taken_name(object.kind, object.name_key));
            now_.insert(fold_case(object.dn));
        }
    for (Place place = 0; place < nodes_.size(); ++place)
        look(place);
    if (out_.needed == Needed::keep) {
        hold_barred();
        hold_administrator();
    }
    give_names();
    take_away();
    for (Place place = 0; place < nodes_.size(); ++place)
        plan_place(place);
    plan_memberships();
    activate_last();
    return std::move(out_);
}

std::string_view to_string(SyncAction action) {
    constexpr std::array<std::string_view, 4> words{"add", "change", "move", "remove"};
    return words.at(static_cast<std::size_t>(action));
}

void SyncPlan::problem(std::string dn, std::string why) {
    ++problem_count;
    if (problems.size() < most_problems)
        problems.push_back({printable(dn), std::move(why)});
}

SyncPlan plan_sync(const KnownDirectory& known, const DirectoryPicture& picture, Needed needed) {
    return DirectoryPlanner{known, picture, needed}.plan();
}

}  // namespace pchat
