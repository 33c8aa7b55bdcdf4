// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

namespace pchat {
namespace {

class Fitting {
public:
    Fitting(PrincipalLookup& lookup, KnownRoom& room) : lookup_(lookup), room_(room) {}

    /// Takes those off the list that do not fit; gives those of them that the change named.
    Result<std::vector<PrincipalId>> keep(
        std::string_view name,
        std::vector<PrincipalId>& list,
        const std::vector<PrincipalId>& named,
        const std::function<bool(PrincipalId)>& fits
    ) {
        std::vector<PrincipalId> wrong;
        std::vector<PrincipalId> kept;
        for (const PrincipalId one : list) {
            if (fits(one)) {
                kept.push_back(one);
            } else if (std::binary_search(named.begin(), named.end(), one)) {
                wrong.push_back(one);
            } else {
                Result<std::string> written = lookup_.written(one);
                if (!written)
                    return pass(std::move(written).error());
                purged_.push_back({room_.room.uuid, room_.room.name, name, std::move(*written)});
            }
        }
        list = std::move(kept);
        return wrong;
    }

    std::vector<Purged> take() { return std::move(purged_); }

private:
    PrincipalLookup& lookup_;
    KnownRoom& room_;
    std::vector<Purged> purged_;
};

Result<void> refuse_members(std::vector<PrincipalId> wrong) {
    if (wrong.empty())
        return {};
    return fail_as(
        "open-room-members",
        Errc::invalid,
        "an open room has no list of members: everybody in its category may join",
        "leave the members out, or make the room closed or secret",
        "members"
    );
}

Result<void> refuse_presenters(
    PrincipalLookup& lookup, RoomType type, const std::vector<PrincipalId>& wrong
) {
    if (wrong.empty())
        return {};
    const Result<std::string> who = lookup.written(wrong);
    if (!who)
        return pass(who.error());
    if (type == RoomType::normal)
        return fail_as(
            "presenter-not-member",
            Errc::invalid,
            fmt::format("a normal room has no presenters: {}", *who),
            "make it an auditorium, or leave the presenters out",
            "presenters"
        );
    return fail_as(
        "presenter-not-member",
        Errc::invalid,
        fmt::format("presenters must be members: {}", *who),
        "add them to the members as well",
        "presenters"
    );
}

Result<void> refuse_outsiders(
    PrincipalLookup& lookup,
    const KnownCategory& category,
    std::string_view field,
    const std::vector<PrincipalId>& wrong
) {
    if (wrong.empty())
        return {};
    const Result<std::string> who = lookup.written(wrong);
    if (!who)
        return pass(who.error());
    return fail_as(
        "principals-not-in-scope",
        Errc::invalid,
        fmt::format("not allowed in category '{}': {}", category.category.name, *who),
        "an administrator can allow them: pchatctl category set",
        field
    );
}

}  // namespace

Result<std::vector<Purged>> fit_lists(
    PrincipalLookup& lookup,
    const KnownCategory& category,
    KnownRoom& room,
    const NamedInRoom& named
) {
    Fitting fitting{lookup, room};
    const bool open = room.room.privacy == RoomPrivacy::open;
    const auto refused = [](auto wrong, const auto& refuse) -> Result<void> {
        return wrong ? refuse(*wrong) : Result<void>{pass(std::move(wrong).error())};
    };
    if (open)
        if (Result<void> done = refused(
                fitting.keep(
                    "members", room.members, named.members, [](PrincipalId) { return false; }
                ),
                refuse_members
            );
            !done)
            return pass(std::move(done).error());
    const auto in_scope = [&](PrincipalId one) { return lookup.is_allowed_in(category, one); };
    struct List {
        std::string_view name;
        std::vector<PrincipalId>& list;
        const std::vector<PrincipalId>& named;
    };
    for (const List& each :
         {List{"members", room.members, named.members},
          List{"managers", room.managers, named.managers},
          List{"presenters", room.presenters, named.presenters}})
        if (Result<void> done = refused(
                fitting.keep(each.name, each.list, each.named, in_scope),
                [&](const std::vector<PrincipalId>& wrong) {
                    return refuse_outsiders(lookup, category, each.name, wrong);
                }
            );
            !done)
            return pass(std::move(done).error());
    // Of an open auditorium everybody in scope is a member.
    const bool auditorium = room.room.type == RoomType::auditorium;
    const auto presents = [&](PrincipalId one) {
        return auditorium && (open || meet(lookup.above(one), room.members));
    };
    if (Result<void> done = refused(
            fitting.keep("presenters", room.presenters, named.presenters, presents),
            [&](const std::vector<PrincipalId>& wrong) {
                return refuse_presenters(lookup, room.room.type, wrong);
            }
        );
        !done)
        return pass(std::move(done).error());
    return fitting.take();
}

}  // namespace pchat
