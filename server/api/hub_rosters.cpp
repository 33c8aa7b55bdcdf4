// SPDX-License-Identifier: Apache-2.0
// Who is in the rooms and who is connected: told to everybody here, noted for other servers.
#include "server/api/chat_session.h"
#include "server/api/hub.h"
#include "server/api/wire_names.h"

#include <algorithm>
#include <utility>

namespace pchat::api {
namespace {

constexpr std::chrono::seconds pause_of_counts{1};
constexpr std::size_t most_counted = 10'000;  // rooms that are remembered

OpenSession open_session(const SessionFacts& facts) {
    return {facts.id, facts.user, facts.token, facts.address, facts.connected_at};
}

}  // namespace

/// What is new in a room since it was told last.
struct Hub::RosterChange {
    std::size_t here = 0;            // by way of this server
    std::vector<PrincipalId> users;  // those, in order, unless they are too many to be named
    std::vector<PrincipalId> joined;
    std::vector<PrincipalId> left;
};

// Somebody who is in the room by way of two servers comes with the first and goes with the last.
Hub::RosterChange Hub::take_roster_change(RoomId room, std::size_t limit) {
    RosterChange out;
    std::vector<PrincipalId> came;
    std::vector<PrincipalId> went;
    chat_->book().with(room, [&](LiveRoom& live) {
        came = std::exchange(live.roster.joined, {});
        went = std::exchange(live.roster.left, {});
        out.here = live.roster.here.size();
        if (out.here <= limit)
            for (const auto& [user, presence] : live.roster.here)
                out.users.push_back(user);
    });
    std::sort(out.users.begin(), out.users.end());
    std::vector<PrincipalId> asked = came;
    asked.insert(asked.end(), went.begin(), went.end());
    const std::unordered_set<PrincipalId> newly{came.begin(), came.end()};
    const std::unordered_set<PrincipalId> gone{went.begin(), went.end()};
    for (const Elsewhere::Turn& one : chat_->elsewhere().take_changed(room, asked)) {
        const bool is_here = newly.contains(one.user) ||
                             std::binary_search(out.users.begin(), out.users.end(), one.user);
        const bool was_here = gone.contains(one.user) || (is_here && !newly.contains(one.user));
        const bool was = was_here || one.was;
        const bool is = is_here || one.is;
        // What went and came again is nothing new, but to who joined in between.
        const bool is_new_here = newly.contains(one.user);
        const bool moved = one.was != one.is || (!is_new_here && !gone.contains(one.user));
        const bool others_came = came.size() > (is_new_here ? 1U : 0U);
        if (is != was || (moved && others_came))
            (is ? out.joined : out.left).push_back(one.user);
    }
    return out;
}

std::size_t Hub::count_everybody(RoomId room, const RosterChange& change, std::size_t limit) {
    Elsewhere& elsewhere = chat_->elsewhere();
    const std::vector<PrincipalId> there = elsewhere.in_room(room);
    if (there.empty())
        return change.here;
    std::vector<PrincipalId> here = change.users;
    if (change.here > limit) {
        here = chat_->book().in_room(room);
        std::sort(here.begin(), here.end());
    }
    const auto both =
        static_cast<std::size_t>(std::count_if(here.begin(), here.end(), [&](PrincipalId user) {
            return std::binary_search(there.begin(), there.end(), user);
        }));
    elsewhere.note_both(room, both);
    return here.size() + there.size() - both;
}

void Hub::tell_roster(RoomId room, std::size_t limit, std::chrono::steady_clock::time_point now) {
    if (!chat_->book().standing(room)) {  // nobody here has it open
        chat_->elsewhere().take_changed(room, {});
        return;
    }
    const bool owed = owed_.erase(room) > 0;
    const RosterChange change = take_roster_change(room, limit);
    if (change.here == 0 || (change.joined.empty() && change.left.empty() && !owed))
        return;
    const auto counted = counted_.find(room);
    if (counted != counted_.end() && now - counted->second < pause_of_counts &&
        change.here + chat_->elsewhere().count(room).users > limit) {
        owed_.insert(room);
        return;
    }
    const std::size_t count = count_everybody(room, change, limit);
    wire::RosterEvent event;
    event.count = static_cast<std::int64_t>(count);
    event.count_only = count > limit;
    if (event.count_only)
        counted_[room] = now;
    else
        counted_.erase(room);
    chat_->directory().read([&](const DirectoryState& state) {
        if (const KnownRoom* known = state.room(room))
            event.room = known->room.uuid;
        if (event.count_only)
            return 0;
        for (const PrincipalId user : change.joined)
            event.joined.push_back(participant(state, user));
        for (const PrincipalId user : change.left)
            event.left.push_back(written(state, user));
        return 0;
    });
    if (!event.room.empty())
        deliver(room, wire::event(event));
}

void Hub::tell_rosters() {
    const auto limit =
        static_cast<std::size_t>(chat_->directory().read([](const DirectoryState& state) {
            return state.config().participants;
        }));
    const auto now = chat_->clock().steady();
    if (counted_.size() > most_counted)
        std::erase_if(counted_, [&](const auto& one) {
            return now - one.second >= pause_of_counts;
        });
    std::unordered_set<RoomId> rooms = owed_;
    for (const RoomId room : chat_->book().take_changed_rosters())
        rooms.insert(room);
    for (const RoomId room : chat_->elsewhere().take_changed_rooms())
        rooms.insert(room);
    for (const RoomId room : rooms)
        tell_roster(room, limit, now);
}

void Hub::note_session(const ChatSession& session, bool open) {
    if (!notes_sessions_)
        return;
    Turn turn;
    turn.open = open;
    turn.session.uuid = session.uuid();
    if (open)
        turn.session = open_session(session.facts());
    noted_sessions_.with([&](auto& noted) { noted.push_back(std::move(turn)); });
}

void Hub::note_sessions(bool on) {
    notes_sessions_ = on;
    noted_sessions_.with([](auto& noted) { noted.clear(); });
}

std::vector<OpenSessions::Turn> Hub::take_noted() {
    return noted_sessions_.with([](auto& noted) { return std::exchange(noted, {}); });
}

std::vector<OpenSession> Hub::all_open() {
    std::vector<OpenSession> out;
    for (const SessionFacts& facts : list())
        out.push_back(open_session(facts));
    return out;
}

}  // namespace pchat::api
