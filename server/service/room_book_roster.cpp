// SPDX-License-Identifier: Apache-2.0
// Who is in a room by way of this server.
#include "server/service/room_book.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace pchat {
namespace {

using namespace std::chrono_literals;

constexpr auto departure_time = 10min;  // as long as messages without history are kept
constexpr std::size_t most_departed = 1'000;

std::optional<Roster::Departure> departure_of(
    const Roster& roster, PrincipalId user, Roster::Time now
) {
    for (const Roster::Departure& one : roster.departed)
        if (one.user == user && now - one.at <= departure_time)
            return one;
    return std::nullopt;
}

void forget_one(std::vector<PrincipalId>& list, PrincipalId user) {
    list.erase(std::remove(list.begin(), list.end(), user), list.end());
}

}  // namespace

Transit RoomBook::transit_for(
    const LiveRoom& room, PrincipalId user, std::int64_t since, Roster::Time now
) {
    const auto here = room.roster.here.find(user);
    if (here != room.roster.here.end())
        return since >= here->second.since ? Transit::shown : Transit::hidden;
    const auto left = departure_of(room.roster, user, now);
    return left && since >= left->since ? Transit::shown : Transit::hidden;
}

bool RoomBook::enter(LiveRoom& room, RoomId id, PrincipalId user, Roster::Time now) {
    Roster::Presence& presence = room.roster.here[user];
    if (presence.sessions++ > 0)
        return false;
    if (room.roster.here.size() == 1)
        tell_use_(id, true);
    const auto before = departure_of(room.roster, user, now);
    presence.since = before ? before->since : room.last_seq;
    std::erase_if(room.roster.departed, [&](const auto& one) { return one.user == user; });
    if (room.roster.joined.empty() && room.roster.left.empty()) {
        const std::lock_guard lock{changed_mutex_};
        changed_rosters_.push_back(id);
    }
    // Also when the others never heard that it was gone: who joined in between was shown a room
    // without it. And the other way round below.
    forget_one(room.roster.left, user);
    room.roster.joined.push_back(user);
    note(id, user);
    return true;
}

bool RoomBook::leave(RoomId room, PrincipalId user, std::optional<Roster::Time> remembered) {
    Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    if (found == shard.rooms.end())
        return false;
    Roster& roster = found->second.roster;
    const auto here = roster.here.find(user);
    if (here == roster.here.end() || --here->second.sessions > 0)
        return false;
    std::deque<Roster::Departure>& departed = roster.departed;
    while (!departed.empty() && (departed.size() >= most_departed ||
                                 (remembered && *remembered - departed.front().at > departure_time))
    )
        departed.pop_front();
    if (remembered)
        departed.push_back({user, here->second.since, *remembered});
    roster.here.erase(here);
    if (roster.here.empty())
        tell_use_(room, false);
    if (roster.joined.empty() && roster.left.empty()) {
        const std::lock_guard changed{changed_mutex_};
        changed_rosters_.push_back(room);
    }
    forget_one(roster.joined, user);
    roster.left.push_back(user);
    note(room, user);
    return true;
}

void RoomBook::note(RoomId room, PrincipalId user) {
    if (!notes_visits_)
        return;
    const std::lock_guard lock{noted_mutex_};
    noted_.push_back({room, user});
}

void RoomBook::note_visits(bool on) {
    notes_visits_ = on;
    const std::lock_guard lock{noted_mutex_};
    noted_.clear();
}

std::vector<RoomBook::Visit> RoomBook::take_noted() {
    const std::lock_guard lock{noted_mutex_};
    return std::exchange(noted_, {});
}

bool RoomBook::is_here(RoomId room, PrincipalId user) const {
    const Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.rooms.find(room);
    return found != shard.rooms.end() && found->second.roster.here.contains(user);
}

std::vector<RoomBook::Visit> RoomBook::everybody() const {
    std::vector<Visit> out;
    for (const Shard& shard : shards_) {
        const std::lock_guard lock{shard.mutex};
        for (const auto& [id, room] : shard.rooms)
            for (const auto& [user, presence] : room.roster.here)
                out.push_back({id, user});
    }
    return out;
}

std::vector<PrincipalId> RoomBook::in_room(RoomId room) const {
    std::vector<PrincipalId> out;
    const Shard& shard = shard_of(room);
    const std::lock_guard lock{shard.mutex};
    if (const auto found = shard.rooms.find(room); found != shard.rooms.end())
        for (const auto& [user, presence] : found->second.roster.here)
            out.push_back(user);
    return out;
}

std::vector<RoomId> RoomBook::take_changed_rosters() {
    const std::lock_guard lock{changed_mutex_};
    return std::exchange(changed_rosters_, {});
}

}  // namespace pchat
