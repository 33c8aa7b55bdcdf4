// SPDX-License-Identifier: Apache-2.0
#include "server/service/elsewhere.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace pchat {

bool Elsewhere::has(const std::vector<Visit>& visits, PrincipalId user) {
    const auto found = std::lower_bound(
        visits.begin(),
        visits.end(),
        user,
        [](const Visit& visit, PrincipalId wanted) { return visit.user < wanted; }
    );
    return found != visits.end() && found->user == user;
}

std::vector<Elsewhere::Visit> Elsewhere::visits_of(
    ServerId server, const std::vector<PrincipalId>& users
) {
    std::vector<Visit> out;
    out.reserve(users.size());
    for (const PrincipalId user : users)
        out.push_back({user, server});
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

void Elsewhere::apply(ServerId server, const RoomVisits& news) {
    const std::vector<Visit> come = visits_of(server, news.joined);
    const std::vector<Visit> gone = visits_of(server, news.left);
    if (come.empty() && gone.empty())
        return;
    const std::lock_guard lock{mutex_};
    Room& room = rooms_[news.room];
    std::vector<Visit> stayed;
    std::set_difference(
        room.visits.begin(), room.visits.end(), gone.begin(), gone.end(), std::back_inserter(stayed)
    );
    std::vector<Visit> after;
    after.reserve(stayed.size() + come.size());
    std::set_union(
        stayed.begin(), stayed.end(), come.begin(), come.end(), std::back_inserter(after)
    );
    const std::vector<Visit> before = std::exchange(room.visits, std::move(after));
    for (const auto* list : {&come, &gone})
        for (const Visit& visit : *list) {
            const bool was = has(before, visit.user);
            if (was == has(room.visits, visit.user))
                continue;
            auto& changed = changed_[news.room];
            if (changed.empty())
                changed_rooms_.push_back(news.room);
            changed.try_emplace(visit.user, was);
        }
    room.users = 0;
    for (std::size_t i = 0; i < room.visits.size(); ++i)
        if (i == 0 || room.visits[i - 1].user != room.visits[i].user)
            ++room.users;
    if (room.visits.empty())
        rooms_.erase(news.room);
    rooms_in_use_ = rooms_.size();
}

RoomVisits Elsewhere::difference(
    ServerId server, RoomId room, const std::vector<PrincipalId>& wanted
) const {
    std::vector<PrincipalId> before;
    {
        const std::lock_guard lock{mutex_};
        if (const auto found = rooms_.find(room); found != rooms_.end())
            for (const Visit& visit : found->second.visits)
                if (visit.server == server)
                    before.push_back(visit.user);
    }
    std::vector<PrincipalId> after = wanted;
    std::sort(after.begin(), after.end());
    RoomVisits out{room, {}, {}};
    std::set_difference(
        after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(out.joined)
    );
    std::set_difference(
        before.begin(), before.end(), after.begin(), after.end(), std::back_inserter(out.left)
    );
    return out;
}

std::vector<RoomId> Elsewhere::rooms() const {
    std::vector<RoomId> out;
    const std::lock_guard lock{mutex_};
    out.reserve(rooms_.size());
    for (const auto& [room, visits] : rooms_)
        out.push_back(room);
    return out;
}

// Room by room: whoever joins meanwhile does not wait for half a million visits.
void Elsewhere::replace(ServerId server, const Rooms& wanted) {
    for (const RoomId room : rooms())
        if (!wanted.contains(room))
            replace(server, room, {});
    for (const auto& [room, users] : wanted)
        replace(server, room, users);
}

void Elsewhere::replace(ServerId server, RoomId room, const std::vector<PrincipalId>& users) {
    apply(server, difference(server, room, users));
}

void Elsewhere::keep(ServerId server, const std::unordered_set<RoomId>& wanted) {
    for (const RoomId room : rooms())
        if (!wanted.contains(room))
            replace(server, room, {});
}

std::vector<PrincipalId> Elsewhere::in_room(RoomId room) const {
    std::vector<PrincipalId> out;
    if (empty())
        return out;
    const std::lock_guard lock{mutex_};
    const auto found = rooms_.find(room);
    if (found == rooms_.end())
        return out;
    out.reserve(found->second.users);
    for (const Visit& visit : found->second.visits)
        if (out.empty() || out.back() != visit.user)
            out.push_back(visit.user);
    return out;
}

Elsewhere::Count Elsewhere::count(RoomId room) const {
    if (empty())
        return {};
    const std::lock_guard lock{mutex_};
    const auto found = rooms_.find(room);
    if (found == rooms_.end())
        return {};
    return {found->second.users, std::min(found->second.users, found->second.both)};
}

void Elsewhere::note_both(RoomId room, std::size_t count) {
    const std::lock_guard lock{mutex_};
    if (const auto found = rooms_.find(room); found != rooms_.end())
        found->second.both = count;
}

std::vector<RoomId> Elsewhere::take_changed_rooms() {
    const std::lock_guard lock{mutex_};
    return std::exchange(changed_rooms_, {});
}

std::vector<Elsewhere::Turn> Elsewhere::take_changed(
    RoomId room, const std::vector<PrincipalId>& asked
) {
    std::vector<Turn> out;
    const std::lock_guard lock{mutex_};
    const auto found = rooms_.find(room);
    const auto is_there = [&](PrincipalId user) {
        return found != rooms_.end() && has(found->second.visits, user);
    };
    auto changed = changed_.extract(room);
    for (const PrincipalId user : asked)
        if (changed.empty() || !changed.mapped().contains(user))
            out.push_back({user, is_there(user), is_there(user)});
    if (!changed.empty())
        for (const auto& [user, was] : changed.mapped())
            out.push_back({user, was, is_there(user)});
    return out;
}

void Elsewhere::set_servers(std::vector<Server> servers) {
    const std::lock_guard lock{mutex_};
    servers_ = std::move(servers);
}

std::vector<Server> Elsewhere::servers() const {
    const std::lock_guard lock{mutex_};
    return servers_;
}

}  // namespace pchat
