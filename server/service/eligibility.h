// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/eligible.h"
#include "server/service/directory.h"

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace pchat {

/// All principals, and who is in whom.
struct Population {
    std::vector<PrincipalId> principals;
    Membering membering;
};
Population population_of(const DirectoryState& state);

/// Where somebody is to be listed: in one room, or in rooms of a category as such.
struct ListingPlace {
    const KnownCategory* category = nullptr;
    const KnownRoom* room = nullptr;  // null: no particular one
    RoomRole as = RoomRole::member;
};
/// One of the two names is empty. Only a room has presenters.
Result<ListingPlace> listing_place(
    const DirectoryState& state, std::string_view category, std::string_view room, RoomRole as
);

/// Who may be listed there. Looks at all principals: for a thread that may wait.
std::unordered_set<PrincipalId> eligible_for(
    const DirectoryState& state, const ListingPlace& place
);

/// Whether one principal may be, and what speaks for and against it.
struct ListingCheck {
    struct Step {
        std::string_view rule;  // a literal: "allowed-in-category"
        bool fulfilled = false;
        std::string_view says;                        // a literal
        std::vector<std::vector<std::string>> paths;  // up to the entries that decided
    };

    bool eligible = true;
    std::vector<Step> steps;
};
ListingCheck check_listing(
    const DirectoryState& state, const ListingPlace& place, const KnownPrincipal& principal
);

}  // namespace pchat
