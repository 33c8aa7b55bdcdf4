// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/domain/id.h"
#include "server/service/touched.h"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pchat {

/// Who is in which room by way of the other servers of the pool, as far as they have told. Safe to
/// use from many threads; nothing here waits for anything.
class Elsewhere {
public:
    using Rooms = std::unordered_map<RoomId, std::vector<PrincipalId>>;

    /// What a server has told; what it tells twice changes nothing.
    void apply(ServerId server, const RoomVisits& news);
    /// From now on there is by way of that server who is in `rooms`, and nobody else.
    void replace(ServerId server, const Rooms& rooms);
    /// The same of one room.
    void replace(ServerId server, RoomId room, const std::vector<PrincipalId>& users);
    /// By way of that server nobody is in other rooms than these.
    void keep(ServerId server, const std::unordered_set<RoomId>& rooms);
    void forget(ServerId server) { replace(server, {}); }

    /// Nobody is anywhere else: so it is where there is one server, and that costs one look.
    [[nodiscard]] bool empty() const { return rooms_in_use_ == 0; }
    /// In order, each once.
    [[nodiscard]] std::vector<PrincipalId> in_room(RoomId room) const;
    struct Count {
        std::size_t users = 0;
        std::size_t both = 0;  // that are here too, as was noted last
    };
    [[nodiscard]] Count count(RoomId room) const;
    /// How many of those in the room are in it by way of this server too.
    void note_both(RoomId room, std::size_t count);

    /// Who came or went since that was taken, seen from all other servers together.
    struct Turn {
        PrincipalId user;
        bool was = false;
        bool is = false;
    };
    std::vector<RoomId> take_changed_rooms();
    /// Of one room, with those that are `asked` about though nothing changed, at one moment.
    std::vector<Turn> take_changed(RoomId room, const std::vector<PrincipalId>& asked);

    /// The other servers that live, each with the life that is counted.
    void set_servers(std::vector<Server> servers);
    [[nodiscard]] std::vector<Server> servers() const;

private:
    struct Visit {
        PrincipalId user;
        ServerId server;
        friend auto operator<=>(const Visit&, const Visit&) = default;
    };
    struct Room {
        std::vector<Visit> visits;  // in order
        std::size_t users = 0;
        std::size_t both = 0;
    };
    static bool has(const std::vector<Visit>& visits, PrincipalId user);
    static std::vector<Visit> visits_of(ServerId server, const std::vector<PrincipalId>& users);
    [[nodiscard]] RoomVisits difference(
        ServerId server, RoomId room, const std::vector<PrincipalId>& wanted
    ) const;
    [[nodiscard]] std::vector<RoomId> rooms() const;

    mutable std::mutex mutex_;
    std::unordered_map<RoomId, Room> rooms_;
    std::atomic<std::size_t> rooms_in_use_{0};
    std::unordered_map<RoomId, std::unordered_map<PrincipalId, bool>> changed_;  // was there
    std::vector<RoomId> changed_rooms_;  // that have not been asked for
    std::vector<Server> servers_;
};

}  // namespace pchat
