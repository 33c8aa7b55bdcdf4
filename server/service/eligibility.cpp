// SPDX-License-Identifier: Apache-2.0
#include "server/service/eligibility.h"

#include "server/domain/name.h"
#include "server/service/access_path.h"
#include "server/service/named_object.h"
#include "server/service/principal_lookup.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {
namespace {

bool is_open(const ListingPlace& place) {
    return place.room != nullptr && place.room->room.privacy == RoomPrivacy::open;
}

/// Presenters of an open auditorium need not be members: everybody allowed there is one.
bool must_be_member(const ListingPlace& place) {
    return place.as == RoomRole::presenter && !is_open(place);
}

bool has_such_a_list(const ListingPlace& place) {
    if (place.as == RoomRole::member)
        return !is_open(place);
    return place.as == RoomRole::manager || place.room->room.type == RoomType::auditorium;
}

class Checking {
public:
    Checking(const DirectoryState& state, const KnownPrincipal& principal)
        : state_(state), principal_(principal), above_(ancestry(state, principal.id)) {}

    void ask(std::string_view rule, bool fulfilled, std::string_view yes, std::string_view no) {
        out_.steps.push_back({rule, fulfilled, fulfilled ? yes : no, {}});
        out_.eligible = out_.eligible && fulfilled;
    }

    /// `wanted`: whether the principal is to be below an entry of the list, or must not be.
    void ask_list(
        std::string_view rule,
        const std::vector<PrincipalId>& list,
        bool wanted,
        std::string_view yes,
        std::string_view no
    ) {
        std::vector<PrincipalId> entries;
        std::set_intersection(
            above_.begin(), above_.end(), list.begin(), list.end(), std::back_inserter(entries)
        );
        ask(rule, entries.empty() != wanted, yes, no);
        for (const PrincipalId entry : entries)
            out_.steps.back().paths.push_back(path_up(state_, principal_.id, entry, Through::all));
    }

    ListingCheck take() { return std::move(out_); }

private:
    const DirectoryState& state_;
    const KnownPrincipal& principal_;
    std::vector<PrincipalId> above_;
    ListingCheck out_;
};

}  // namespace

Population population_of(const DirectoryState& state) {
    std::vector<PrincipalId> principals;
    std::vector<Membership> memberships;
    state.each_principal([&](const KnownPrincipal& one) {
        principals.push_back(one.id);
        for (const PrincipalId parent : one.parents)
            memberships.push_back({parent, one.id});
    });
    const KnownPrincipal* everyone =
        state.principal_named(PrincipalKind::system, name_key("everyone"));
    return {
        std::move(principals),
        Membering{memberships, everyone == nullptr ? PrincipalId{} : everyone->id}};
}

Result<ListingPlace> listing_place(
    const DirectoryState& state, std::string_view category, std::string_view room, RoomRole as
) {
    if (category.empty() == room.empty())
        return fail_as(
            "bad-request",
            Errc::usage,
            "name either a category or a room",
            "principals are listed in rooms, and their category says which",
            "category"
        );
    ListingPlace out;
    out.as = as;
    if (room.empty()) {
        if (as == RoomRole::presenter)
            return fail_as(
                "bad-value",
                Errc::invalid,
                "presenters are those of a room, a category has none",
                "name the room",
                "as"
            );
        out.category = state.find_category(category);
        return out.category == nullptr ? Result<ListingPlace>{category_not_found(category)}
                                       : Result<ListingPlace>{out};
    }
    out.room = state.find_room(room);
    if (out.room != nullptr)
        out.category = state.category(out.room->room.category);
    return out.category == nullptr ? Result<ListingPlace>{room_not_found(room)}
                                   : Result<ListingPlace>{out};
}

std::unordered_set<PrincipalId> eligible_for(
    const DirectoryState& state, const ListingPlace& place
) {
    if (!has_such_a_list(place))
        return {};
    const Population all = population_of(state);
    ListingRule rule;
    rule.allowed = place.category->allowed;
    rule.denied = place.category->denied;
    rule.must_belong = must_be_member(place);
    if (place.room != nullptr)
        rule.members = place.room->members;
    const std::vector<PrincipalId> found = eligible(all.principals, all.membering, rule);
    return {found.begin(), found.end()};
}

ListingCheck check_listing(
    const DirectoryState& state, const ListingPlace& place, const KnownPrincipal& principal
) {
    Checking checking{state, principal};
    checking.ask(
        "exists", principal.state != PrincipalState::gone, "it is there", "it has left for ever"
    );
    if (place.room != nullptr && place.as == RoomRole::member)
        checking.ask(
            "room-has-members",
            has_such_a_list(place),
            "the room has a list of members",
            "the room is open: everybody whom its category allows may join"
        );
    if (place.as == RoomRole::presenter)
        checking.ask(
            "room-has-presenters",
            has_such_a_list(place),
            "the room is an auditorium",
            "the room is no auditorium: every member posts"
        );
    checking.ask_list(
        "allowed-in-category",
        place.category->allowed,
        true,
        "the category allows it",
        "the category does not allow it"
    );
    checking.ask_list(
        "denied-in-category",
        place.category->denied,
        false,
        "the category does not deny it",
        "the category denies it, which wins"
    );
    if (must_be_member(place))
        checking.ask_list(
            "member", place.room->members, true, "it is a member", "it is no member of the room"
        );
    return checking.take();
}

}  // namespace pchat
