// SPDX-License-Identifier: Apache-2.0
#include "server/domain/access.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace pchat {
namespace {

using Position = SortedPrincipals::iterator;

// The first place from `at` on that is not below `id`. Steps double before it halves: short hops
// cost little in lists of like length, and a list of 16,000 is not read through for one of ten.
Position skip_below(Position at, Position end, PrincipalId id) {
    std::ptrdiff_t step = 1;
    while (step < end - at && at[step] < id) {
        at += step;
        step *= 2;
    }
    return std::lower_bound(at, at + std::min(step, end - at), id);
}

// Calls `found` with each principal of both lists until it answers false.
template <class Found>
void intersect(SortedPrincipals a, SortedPrincipals b, Found found) {
    auto in_a = a.begin();
    auto in_b = b.begin();
    while (in_a != a.end() && in_b != b.end()) {
        if (*in_a < *in_b) {
            in_a = skip_below(in_a, a.end(), *in_b);
        } else if (*in_b < *in_a) {
            in_b = skip_below(in_b, b.end(), *in_a);
        } else {
            if (!found(*in_a))
                return;
            ++in_a;
            ++in_b;
        }
    }
}

// The hot path: answers and forgets.
struct Unrecorded {
    static bool ask(AccessRule /*rule*/, bool holds) { return holds; }

    static bool find(AccessRule /*rule*/, SortedPrincipals affiliations, SortedPrincipals list) {
        bool found = false;
        intersect(affiliations, list, [&](PrincipalId /*entry*/) {
            found = true;
            return false;
        });
        return found;
    }

    void give(Rights more) { rights |= more; }

    Rights rights;
};

// Answers the same and keeps every answer.
struct Recorded {
    bool ask(AccessRule rule, bool holds) {
        derivation.steps.push_back({rule, holds, {}, {}});
        return holds;
    }

    bool find(AccessRule rule, SortedPrincipals affiliations, SortedPrincipals list) {
        std::vector<PrincipalId> entries;
        intersect(affiliations, list, [&](PrincipalId entry) {
            entries.push_back(entry);
            return true;
        });
        const bool holds = !entries.empty();
        derivation.steps.push_back({rule, holds, std::move(entries), {}});
        return holds;
    }

    // What the step asked last gives.
    void give(Rights more) {
        derivation.rights |= more;
        derivation.steps.back().gives |= more;
    }

    AccessDerivation derivation;
};

// What whoever may join may do besides.
template <class Record>
void decide_joined(
    const AccessUser& user, const AccessCategory& category, const AccessRoom& room, Record& record
) {
    const bool posts = record.ask(AccessRule::everyone_posts, room.type == RoomType::normal) ||
                       record.find(AccessRule::presenter, user.affiliations, room.presenters);
    if (posts)
        record.give(Right::chat);
    if (record.ask(AccessRule::history_kept, category.history))
        record.give(Right::history);
    if (posts && record.ask(AccessRule::file_upload_on, category.file_upload))
        record.give(Right::upload);
    if (record.ask(AccessRule::category_invitations, category.invitations) &&
        record.ask(AccessRule::room_invitations, room.invitations))
        record.give(Right::invitation);
}

// Both entrances run this, so that what is explained is what was decided.
template <class Record>
void decide(
    const AccessUser& user, const AccessCategory& category, const AccessRoom& room, Record& record
) {
    if (!record.ask(AccessRule::user_active, user.state == PrincipalState::active))
        return;
    // Before the policy and the scope: these say who uses chat, not who runs it.
    if (record.ask(AccessRule::administrator, user.administers_rooms))
        record.give(Right::view | Right::manage | Right::administration);
    if (!record.ask(AccessRule::policy_enabled, user.policy_enabled))
        return;

    // No role counts outside the scope: an entry for a group lets nobody in whom the category
    // keeps out.
    const bool allowed =
        record.find(AccessRule::allowed_in_category, user.affiliations, category.allowed);
    const bool denied =
        record.find(AccessRule::denied_in_category, user.affiliations, category.denied);
    if (!allowed || denied)
        return;

    if (record.find(AccessRule::manager, user.affiliations, room.managers))
        record.give(Right::view | Right::manage);
    if (!record.ask(AccessRule::room_enabled, !room.disabled))
        return;
    if (record.ask(AccessRule::visible_to_scope, room.privacy != RoomPrivacy::secret))
        record.give(Right::view);
    // An open room has no members of its own: entries from before it was opened mean nothing.
    if (!record.ask(AccessRule::open_to_scope, room.privacy == RoomPrivacy::open) &&
        !record.find(AccessRule::member, user.affiliations, room.members))
        return;
    record.give(Right::view | Right::join);
    decide_joined(user, category, room, record);
}

}  // namespace

Rights access(const AccessUser& user, const AccessCategory& category, const AccessRoom& room) {
    Unrecorded record;
    decide(user, category, room, record);
    return record.rights;
}

AccessDerivation explain_access(
    const AccessUser& user, const AccessCategory& category, const AccessRoom& room
) {
    Recorded record;
    decide(user, category, room, record);
    return std::move(record.derivation);
}

}  // namespace pchat
