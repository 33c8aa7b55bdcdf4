// SPDX-License-Identifier: Apache-2.0
#include "server/service/access_change.h"

#include "base/unicode.h"
#include "server/service/named_object.h"

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t portion = 200;  // users for whom memory is locked once

/// Who looks at all settings may also ask what an administrator's change would do.
AdminCall as_dry_run(const AdminCall& call) {
    AdminCall out = call;
    out.dry_run = true;
    out.revision.reset();
    out.person.roles = static_cast<std::uint8_t>(
        out.person.roles | (1U << static_cast<unsigned>(AdminRole::pchat_admin))
    );
    return out;
}

std::vector<KnownRoom> rooms_of(const DirectoryState& state, CategoryId category) {
    std::vector<KnownRoom> out;
    state.each_room([&](const KnownRoom& room) {
        if (room.room.category == category)
            out.push_back(room);
    });
    std::sort(out.begin(), out.end(), [](const KnownRoom& a, const KnownRoom& b) {
        return std::tie(a.room.name_sort, a.room.id) < std::tie(b.room.name_sort, b.room.id);
    });
    return out;
}

/// The lists of a room without what a change would purge from them.
class Purging {
public:
    Purging(const DirectoryState& state, const std::vector<Purged>& purged) : state_(state) {
        for (const Purged& one : purged) {
            rooms_.insert(one.room);
            entries_.emplace(one.room, one.list, one.principal);
        }
    }

    AccessScenario::Pair apply(KnownRoom room) const {
        AccessScenario::Pair out{room, std::move(room), false};
        KnownRoom& after = out.after;
        if (rooms_.count(after.room.uuid) == 0)
            return out;
        out.differ = true;
        shorten(after, "members", after.members);
        shorten(after, "managers", after.managers);
        shorten(after, "presenters", after.presenters);
        return out;
    }

private:
    void shorten(const KnownRoom& room, std::string_view name, std::vector<PrincipalId>& list)
        const {
        std::erase_if(list, [&](PrincipalId one) {
            const KnownPrincipal* known = state_.principal(one);
            return known != nullptr &&
                   entries_.count(std::tuple{room.room.uuid, name, known->written()}) != 0;
        });
    }

    const DirectoryState& state_;
    std::set<std::string> rooms_;
    std::set<std::tuple<std::string, std::string_view, std::string>> entries_;
};

bool in_scope(const Person& person, const KnownCategory& category) {
    return meet(person.affiliations, category.allowed) &&
           !meet(person.affiliations, category.denied);
}

std::vector<PrincipalId> users_by_name(const DirectoryState& state) {
    std::vector<std::pair<std::string, PrincipalId>> sorted;
    state.each_principal([&](const KnownPrincipal& one) {
        if (one.kind == PrincipalKind::user && one.state == PrincipalState::active)
            sorted.emplace_back(lower_ascii(one.name), one.id);
    });
    std::sort(sorted.begin(), sorted.end());
    std::vector<PrincipalId> out;
    out.reserve(sorted.size());
    for (const auto& [name, id] : sorted)
        out.push_back(id);
    return out;
}

/// Goes through the users one by one.
class Comparison {
public:
    Comparison(const AccessScenario& scenario, std::size_t most, std::size_t decisions)
        : scenario_(scenario), most_(most), left_(decisions) {
        for (std::size_t i = 0; i < scenario.rooms.size(); ++i) {
            all_.push_back(i);
            if (scenario.rooms[i].differ)
                differing_.push_back(i);
        }
    }

    void look_at(const Person& person) {
        const bool same_scope =
            in_scope(person, scenario_.before) == in_scope(person, scenario_.after);
        const std::size_t count = out_.count;
        spend();  // what the user is took as long as one
        for (const std::size_t room : same_scope ? differing_ : all_) {
            if (exhausted())
                break;
            compare(person, room);
        }
        out_.users += out_.count > count ? 1 : 0;
        out_.complete = out_.complete && !exhausted();
    }

    [[nodiscard]] bool exhausted() const { return left_ == 0; }
    AccessDifferences take() { return std::move(out_); }

private:
    void spend() { left_ -= left_ > 0 ? 1 : 0; }

    void compare(const Person& person, std::size_t room) {
        const AccessScenario::Pair& pair = scenario_.rooms[room];
        spend();
        const Rights before = rights_in(person, scenario_.before, pair.before);
        const Rights after = rights_in(person, scenario_.after, pair.after);
        if (before == after)
            return;
        if (out_.shown.size() < most_)
            out_.shown.push_back({person.id, room, before, after});
        ++out_.count;
    }

    const AccessScenario& scenario_;
    std::size_t most_;
    std::size_t left_;              // decisions
    std::vector<std::size_t> all_;  // rooms, by place
    std::vector<std::size_t> differing_;
    AccessDifferences out_;
};

}  // namespace

Result<AccessScenario> foresee_category(
    Changes& changes, const AdminCall& call, std::string_view category, const CategoryFields& fields
) {
    CategoryFields lists;
    lists.allow = fields.allow;
    lists.deny = fields.deny;
    Result<CategoryChange> change = change_category(changes, as_dry_run(call), category, lists);
    if (!change)
        return pass(std::move(change).error());
    return changes.chat().directory().read(
        [&](const DirectoryState& state) -> Result<AccessScenario> {
            const KnownCategory* before = state.category(change->category.category.id);
            if (before == nullptr)
                return category_not_found(category);
            AccessScenario out{*before, std::move(change->category), {}, std::move(change->purged)};
            const Purging purging{state, out.purged};
            for (KnownRoom& room : rooms_of(state, before->category.id))
                out.rooms.push_back(purging.apply(std::move(room)));
            return out;
        }
    );
}

Result<AccessScenario> foresee_room(
    Changes& changes, const AdminCall& call, std::string_view room, const RoomFields& fields
) {
    Result<RoomChange> change = change_room(changes, as_dry_run(call), room, fields);
    if (!change)
        return pass(std::move(change).error());
    return changes.chat().directory().read(
        [&](const DirectoryState& state) -> Result<AccessScenario> {
            const KnownRoom* before = state.room(change->room.room.id);
            const KnownCategory* after_in = state.category(change->room.room.category);
            const KnownCategory* before_in =
                before == nullptr ? nullptr : state.category(before->room.category);
            if (before_in == nullptr || after_in == nullptr)
                return room_not_found(room);
            AccessScenario out{*before_in, *after_in, {}, std::move(change->purged)};
            out.rooms.push_back({*before, std::move(change->room), true});
            return out;
        }
    );
}

Result<AccessScenario> rooms_beside(
    const DirectoryState& state, std::string_view first, std::string_view second
) {
    const KnownRoom* one = state.find_room(first);
    if (one == nullptr)
        return room_not_found(first);
    const KnownRoom* other = state.find_room(second);
    if (other == nullptr)
        return room_not_found(second);
    const KnownCategory* before = state.category(one->room.category);
    const KnownCategory* after = state.category(other->room.category);
    if (before == nullptr || after == nullptr)
        return room_not_found(before == nullptr ? first : second);
    AccessScenario out{*before, *after, {}, {}};
    out.rooms.push_back({*one, *other, true});
    return out;
}

AccessDifferences differences(
    const Directory& directory,
    const AccessScenario& scenario,
    std::size_t most,
    std::size_t decisions
) {
    const std::vector<PrincipalId> users = directory.read(users_by_name);
    Comparison comparison{scenario, most, decisions};
    for (std::size_t at = 0; at < users.size() && !comparison.exhausted(); at += portion)
        directory.read([&](const DirectoryState& state) {
            const std::size_t end = std::min(at + portion, users.size());
            for (std::size_t i = at; i < end && !comparison.exhausted(); ++i)
                comparison.look_at(state.person(users[i]));
            return 0;
        });
    return comparison.take();
}

}  // namespace pchat
