// SPDX-License-Identifier: Apache-2.0
#include "server/service/presence_reader.h"

#include "server/domain/server_life.h"
#include "server/service/fetch.h"

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

// So few that whatever else is followed waits for a tenth of a second.
constexpr int rows_at_a_time = 2'000;
// It is asked twice a second who lives; of what is longer the database was away.
constexpr Microseconds longest_pause = 3'000'000;
// Every heart has beaten by then.
constexpr Microseconds shortest_grace = 5'000'000;

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

bool PresenceReader::is_awaited(const Server& server, Microseconds now) const {
    const auto counted = counted_.find(server.id);
    if (counted == counted_.end() || counted->second != server.epoch || back_at_ == 0)
        return false;
    const Microseconds lifetime = server.expires_at - server.heartbeat_at;
    return is_lost(server, now) && now - back_at_ < std::max(shortest_grace, lifetime / 3);
}

void PresenceReader::called(const Roll& roll) {
    if (called_at_ != 0 && roll.now - called_at_ > longest_pause)
        back_at_ = roll.now;
    called_at_ = roll.now;
    living_.clear();
    called_ = true;
    for (const Server& server : roll.servers)
        if (server.id != self_ && (is_living(server, roll.now) || is_awaited(server, roll.now)))
            living_.push_back(server);
}

/// What is written down is at least as new as any entry that was heard of until now; entries that
/// follow may say some of it again, which does no harm.
void PresenceReader::begin(ServerId server) {
    loads_[server] = {};
    std::erase_if(news_, [server](const auto& one) { return one.first == server; });
}

void PresenceReader::lost() {
    for (const auto& [server, epoch] : counted_)
        begin(server);
}

std::int64_t PresenceReader::life_of(ServerId id) const {
    const auto found = std::find_if(living_.begin(), living_.end(), [id](const Server& server) {
        return server.id == id;
    });
    return found == living_.end() ? 0 : found->epoch;
}

void PresenceReader::count_living(Elsewhere& elsewhere) {
    if (!std::exchange(called_, false))
        return;
    for (auto counted = counted_.begin(); counted != counted_.end();) {
        if (life_of(counted->first) == counted->second) {
            ++counted;
            continue;
        }
        elsewhere.forget(counted->first);
        loads_.erase(counted->first);
        counted = counted_.erase(counted);
    }
    elsewhere.set_servers(living_);
    for (const Server& server : living_)
        if (counted_.try_emplace(server.id, server.epoch).second)
            begin(server.id);
}

/// Each page is as the database was when it was read; what changed since is in the news, which are
/// kept until the last one.
Result<void> PresenceReader::load_page(Chat& chat) {
    const ServerId server = loads_.begin()->first;
    Load& load = loads_.begin()->second;
    const auto page = fetch(chat.content(), "reading who is where", [&](ContentTransaction& tx) {
        return tx.presence().joined_by_way_of(
            server, counted_.at(server), load.after, rows_at_a_time
        );
    });
    if (!page)
        return pass(page.error());
    Elsewhere& elsewhere = chat.elsewhere();
    const auto end_room = [&] {
        if (!load.users.empty()) {
            elsewhere.replace(server, load.room, std::exchange(load.users, {}));
            load.rooms.insert(load.room);
        }
    };
    for (const Participant& one : *page) {
        if (one.room != load.room)
            end_room();
        load.room = one.room;
        load.users.push_back(one.user);
        load.after = {one.room, one.user};
    }
    if (static_cast<int>(page->size()) == rows_at_a_time)
        return {};
    end_room();
    elsewhere.keep(server, load.rooms);
    loads_.erase(server);
    return {};
}

void PresenceReader::apply_news(Elsewhere& elsewhere) {
    News later;
    for (auto& [server, news] : news_) {
        if (!counted_.contains(server))
            continue;
        if (loads_.contains(server)) {
            later.emplace_back(server, std::move(news));
            continue;
        }
        if (news.begins)
            elsewhere.replace(server, joined_of(news));
        for (const RoomVisits& room : news.rooms)
            elsewhere.apply(server, room);
    }
    news_ = std::move(later);
}

Result<void> PresenceReader::act(Chat& chat) {
    count_living(chat.elsewhere());
    Result<void> read;
    if (!loads_.empty())
        read = load_page(chat);
    apply_news(chat.elsewhere());
    return read;
}

}  // namespace pchat
