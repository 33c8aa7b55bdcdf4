// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/deployment.h"
#include "server/service/chat.h"
#include "server/service/roll.h"
#include "server/service/touched.h"
#include "server/store/presence_store.h"

#include <cstdint>
#include <map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pchat {

/// Keeps true what this server knows of who is where by way of the others: reads what a living
/// server has written down, and follows it from there by what its log tells. For one thread that
/// may wait.
class PresenceReader {
public:
    explicit PresenceReader(ServerId self) : self_(self) {}

    /// Entries of a log in their order.
    void heard(ServerId server, const PresenceNews& news);
    /// While the database was away nobody could say that it lives: who does not is forgotten only
    /// once all have had the time to.
    void called(const Roll& roll);
    /// Entries are missing.
    void lost();
    /// Puts it into force; what could not be done is done by the next one. Of what a server has
    /// written down it reads one page, so that nothing else waits for all of it.
    Result<void> act(Chat& chat);
    /// Whether there are more pages.
    [[nodiscard]] bool reads() const { return !loads_.empty(); }

private:
    /// On the way through what a server has written down.
    struct Load {
        ParticipantPosition after;
        RoomId room;                         // of the last row: more of it may follow
        std::vector<PrincipalId> users;      // in it
        std::unordered_set<RoomId> rooms{};  // that are done
    };
    using News = std::vector<std::pair<ServerId, PresenceNews>>;

    [[nodiscard]] bool is_awaited(const Server& server, Microseconds now) const;
    [[nodiscard]] std::int64_t life_of(ServerId id) const;
    void begin(ServerId server);
    void count_living(Elsewhere& elsewhere);
    Result<void> load_page(Chat& chat);
    void apply_news(Elsewhere& elsewhere);

    ServerId self_;
    std::vector<Server> living_;  // without ourselves
    bool called_ = false;         // `living_` is new
    Microseconds called_at_ = 0;
    Microseconds back_at_ = 0;                  // when the database answered again
    std::map<ServerId, std::int64_t> counted_;  // by their lives
    std::map<ServerId, Load> loads_;            // of these, what was not read yet
    News news_;
};

}  // namespace pchat
