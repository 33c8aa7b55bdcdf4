// SPDX-License-Identifier: Apache-2.0
#include "server/service/presence_reader.h"

#include "server/service/fetch.h"

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

constexpr int rows_at_a_time = 10'000;

Result<Elsewhere::Rooms> read_rooms(ContentTransaction& tx, const Server& server) {
    Elsewhere::Rooms out;
    ParticipantPosition after;
    for (;;) {
        const auto page =
            tx.presence().joined_by_way_of(server.id, server.epoch, after, rows_at_a_time);
        if (!page)
            return pass(page.error());
        for (const Participant& one : *page)
            out[one.room].push_back(one.user);
        if (page->size() < static_cast<std::size_t>(rows_at_a_time))
            return out;
        after = {page->back().room, page->back().user};
    }
}

Elsewhere::Rooms joined_of(const PresenceNews& news) {
    Elsewhere::Rooms out;
    for (const RoomVisits& room : news.rooms) {
        std::vector<PrincipalId>& users = out[room.room];
        users.insert(users.end(), room.joined.begin(), room.joined.end());
    }
    return out;
}

}  // namespace

void PresenceReader::heard(ServerId server, const PresenceNews& news) {
    if (!news.empty())
        news_.emplace_back(server, news);
}

void PresenceReader::called(const Roll& roll) {
    living_.clear();
    called_ = true;
    for (const Server& server : roll.servers)
        if (server.id != self_ && is_living(server, roll.now))
            living_.push_back(server);
}

void PresenceReader::lost() {
    for (auto& [server, counted] : counted_)
        counted.complete = false;
}

/// What is written down is at least as new as any entry that was heard of until now; entries that
/// follow may say some of it again, which does no harm.
Result<void> PresenceReader::load(Chat& chat, const Server& server) {
    const auto rooms = fetch(chat.content(), "reading who is where", [&](ContentTransaction& tx) {
        return read_rooms(tx, server);
    });
    if (!rooms)
        return pass(rooms.error());
    chat.elsewhere().replace(server.id, *rooms);
    std::erase_if(news_, [&](const auto& one) { return one.first == server.id; });
    return {};
}

Result<void> PresenceReader::act(Chat& chat) {
    Elsewhere& elsewhere = chat.elsewhere();
    const auto life_of = [&](ServerId id) {
        const auto found = std::find_if(living_.begin(), living_.end(), [&](const Server& server) {
            return server.id == id;
        });
        return found == living_.end() ? 0 : found->epoch;
    };
    for (auto counted = counted_.begin(); counted != counted_.end();) {
        if (life_of(counted->first) == counted->second.epoch) {
            ++counted;
            continue;
        }
        elsewhere.forget(counted->first);
        counted = counted_.erase(counted);
    }
    if (std::exchange(called_, false))
        elsewhere.set_servers(living_);
    for (const Server& server : living_) {
        Counted& counted = counted_[server.id];
        if (counted.complete)
            continue;
        counted.epoch = server.epoch;
        if (Result<void> loaded = load(chat, server); !loaded)
            return loaded;
        counted.complete = true;
    }
    for (const auto& [server, news] : news_) {
        if (!counted_.contains(server))
            continue;  // it is not counted, or will be read as a whole
        if (news.begins)
            elsewhere.replace(server, joined_of(news));
        for (const RoomVisits& room : news.rooms)
            elsewhere.apply(server, room);
    }
    news_.clear();
    return {};
}

}  // namespace pchat
