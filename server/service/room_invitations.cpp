// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_invitations.h"

#include "server/service/principal_lookup.h"

#include <unordered_set>
#include <utility>

namespace pchat {
namespace {

std::vector<PrincipalId> let_in(
    const KnownCategory& category, const KnownRoom* before, const KnownRoom& after
) {
    if (after.room.privacy == RoomPrivacy::open)
        return before != nullptr && before->room.privacy == RoomPrivacy::open
                   ? std::vector<PrincipalId>{}
                   : category.allowed;
    return before == nullptr ? after.members : without(after.members, before->members);
}

/// Users below what was let in, whom the room is open to.
class Guests {
public:
    Guests(
        Change& change,
        const Directory& directory,
        const KnownCategory& category,
        const KnownRoom& room
    )
        : change_(change), directory_(directory), category_(category), room_(room) {}

    Result<void> add_below(const std::vector<PrincipalId>& tops) {
        std::vector<PrincipalId> queue = tops;
        std::unordered_set<PrincipalId> seen{tops.begin(), tops.end()};
        for (std::size_t next = 0; next < queue.size() && users_.size() < most_invited; ++next) {
            const Result<PrincipalKind> kind = kind_of(queue[next]);
            if (!kind)
                return pass(kind.error());
            if (*kind == PrincipalKind::user) {
                add(queue[next]);
                continue;
            }
            if (*kind == PrincipalKind::system) {
                add_everybody();
                continue;
            }
            const auto below = change_.tx().principals().children(queue[next]);
            if (!below)
                return pass(below.error());
            for (const PrincipalId child : *below)
                if (seen.insert(child).second)
                    queue.push_back(child);
        }
        return {};
    }

    [[nodiscard]] const std::vector<PrincipalId>& users() const { return users_; }

private:
    Result<PrincipalKind> kind_of(PrincipalId id) {
        const auto known = directory_.read([&](const DirectoryState& state) {
            const KnownPrincipal* one = state.principal(id);
            return one == nullptr ? std::nullopt : std::optional{one->kind};
        });
        if (known)
            return *known;
        const auto row = change_.tx().principals().find(id);
        if (!row)
            return pass(row.error());
        return *row ? (*row)->kind : PrincipalKind::user;
    }

    void add(PrincipalId user) {
        const bool invited = directory_.read([&](const DirectoryState& state) {
            return rights_in(state.person(user), category_, room_).has(Right::invitation);
        });
        if (invited && users_.size() < most_invited && known_.insert(user).second)
            users_.push_back(user);
    }

    void add_everybody() {
        std::vector<PrincipalId> all;
        directory_.read([&](const DirectoryState& state) {
            state.each_principal([&](const KnownPrincipal& one) {
                if (one.kind == PrincipalKind::user && one.state == PrincipalState::active)
                    all.push_back(one.id);
            });
            return 0;
        });
        for (const PrincipalId user : all)
            add(user);
    }

    Change& change_;
    const Directory& directory_;
    const KnownCategory& category_;
    const KnownRoom& room_;
    std::vector<PrincipalId> users_;
    std::unordered_set<PrincipalId> known_;
};

}  // namespace

Result<std::size_t> invite(
    Change& change,
    const Directory& directory,
    PrincipalId by,
    const KnownCategory& category,
    const KnownRoom* before,
    const KnownRoom& after
) {
    if (!category.category.invitations || !after.room.invitations)
        return std::size_t{0};
    Guests guests{change, directory, category, after};
    if (Result<void> found = guests.add_below(let_in(category, before, after)); !found)
        return pass(std::move(found).error());
    std::vector<Invitation> wanted;
    for (const PrincipalId user : guests.users())
        wanted.push_back({user, 0, after.room.id, change.now(), by});
    const auto invited = change.tx().invitations().add(wanted);
    if (!invited)
        return pass(invited.error());
    std::vector<Invitation>& told = change.touched.invited;
    told.insert(told.end(), invited->begin(), invited->end());
    return invited->size();
}

Result<void> uninvite(
    Change& change,
    const Directory& directory,
    const KnownCategory& category,
    const std::unordered_map<RoomId, KnownRoom>& rooms
) {
    std::vector<Invitation> kept;
    for (const Invitation& one : change.touched.invited) {
        const auto room = rooms.find(one.room);
        const bool stays = room == rooms.end() || directory.read([&](const DirectoryState& state) {
            return rights_in(state.person(one.user), category, room->second).has(Right::invitation);
        });
        if (stays)
            kept.push_back(one);
        else if (Result<void> gone = change.tx().invitations().withdraw(one.room, one.user); !gone)
            return gone;
    }
    change.touched.invited = std::move(kept);
    return {};
}

}  // namespace pchat
