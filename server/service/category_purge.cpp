// SPDX-License-Identifier: Apache-2.0
#include "server/service/category_purge.h"

#include "server/domain/compliance.h"
#include "server/service/audit_text.h"
#include "server/service/named_object.h"
#include "server/service/room_fit.h"
#include "server/service/room_invitations.h"
#include "server/service/room_purge.h"
#include "server/service/run_change.h"

#include <fmt/format.h>

#include <iterator>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace pchat {
namespace {

constexpr int portion = 500;  // rooms looked at together

class PurgeWork {
public:
    PurgeWork(
        Chat& chat,
        Change& change,
        const AdminCall& call,
        PrincipalLookup& lookup,
        const KnownCategory& category
    )
        : chat_(chat), change_(change), call_(call), lookup_(lookup), category_(category) {}

    Result<CategoryPurge> run();

private:
    Result<void> purge_room(Room row);
    Result<void> write(const KnownRoom& before, KnownRoom& after);

    Chat& chat_;
    Change& change_;
    const AdminCall& call_;
    PrincipalLookup& lookup_;
    const KnownCategory& category_;
    CategoryPurge out_;
    std::unordered_set<RoomId> inviting_;           // by this change
    std::unordered_map<RoomId, KnownRoom> fitted_;  // of those
};

Result<CategoryPurge> PurgeWork::run() {
    for (const Invitation& one : change_.touched.invited)
        inviting_.insert(one.room);
    NamePosition after;
    for (;;) {
        auto rooms = change_.tx().rooms().page_of(category_.category.id, after, portion);
        if (!rooms)
            return pass(std::move(rooms).error());
        const bool last = rooms->size() < static_cast<std::size_t>(portion);
        for (Room& room : *rooms) {
            after = {room.name_sort, room.id.value};
            if (Result<void> done = purge_room(std::move(room)); !done)
                return pass(std::move(done).error());
        }
        if (last)
            break;
    }
    if (Result<void> told = uninvite(change_, chat_.directory(), category_, fitted_); !told)
        return pass(std::move(told).error());
    return std::move(out_);
}

Result<void> PurgeWork::purge_room(Room row) {
    Result<KnownRoom> found = with_lists(change_.tx(), std::move(row));
    if (!found)
        return pass(std::move(found).error());
    KnownRoom after = *found;
    auto gone = fit_lists(lookup_, category_, after, {});
    if (!gone)
        return pass(std::move(gone).error());
    if (!gone->empty())
        if (Result<void> written = write(*found, after); !written)
            return written;
    std::move(gone->begin(), gone->end(), std::back_inserter(out_.purged));
    if (inviting_.contains(after.room.id))
        fitted_.emplace(after.room.id, std::move(after));
    return {};
}

Result<void> PurgeWork::write(const KnownRoom& before, KnownRoom& after) {
    after.room.updated_at = change_.now();
    after.room.updated_by = call_.person.id;
    RoomStore& store = change_.tx().rooms();
    const std::string called = fmt::format("room '{}'", after.room.name);
    if (Result<void> done = unless_changed(store.update(after.room), called); !done)
        return done;
    const std::vector<RoleEntry> entries = lost_roles(before, after);
    out_.lost.insert(out_.lost.end(), entries.begin(), entries.end());
    if (Result<void> removed = store.remove_roles(entries); !removed)
        return removed;
    const RoomNames names{category_.category.name, {}};
    const auto text = audit_text(lookup_, &before, names, &after, names);
    if (!text)
        return pass(text.error());
    change_.audit(
        "room.purge",
        audit_object_room,
        before.room.id.value,
        before.room.name,
        text->before(),
        text->after()
    );
    change_.record(compliance_room, chat_.directory().read([&](const DirectoryState& state) {
        return compliance_text(
            state,
            compliance_room,
            call_.person.id,
            category_.category,
            &after.room,
            change_.now(),
            text->both()
        );
    }));
    change_.touched.rooms.push_back(before.room.id);
    return {};
}

}  // namespace

Result<CategoryPurge> purge_category(
    Chat& chat,
    Change& change,
    const AdminCall& call,
    PrincipalLookup& lookup,
    const KnownCategory& category
) {
    return PurgeWork{chat, change, call, lookup, category}.run();
}

}  // namespace pchat
