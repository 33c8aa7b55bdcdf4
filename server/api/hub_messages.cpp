// SPDX-License-Identifier: Apache-2.0
// Messages on their way to everybody who is in a room here, and to the other servers.
#include "base/log.h"
#include "server/api/chat_session.h"
#include "server/api/hub.h"
#include "server/api/notices.h"
#include "server/api/wire_names.h"

#include <map>
#include <utility>

namespace pchat::api {
namespace {

constexpr int messages_at_a_time = 500;

}  // namespace

/// One frame for everybody.
net::SharedBytes Hub::frame_of(std::string_view text) {
    return std::make_shared<const std::string>(ws::encode(ws::Opcode::text, text));
}

/// What came with the last commit.
struct Hub::Fresh {
    std::vector<Delivery> deliveries;
    std::vector<Told> notices;
    // Of the messages of our own, for the other servers:
    std::vector<std::pair<RoomId, Remembered>> own;
    std::size_t first_own_notice = 0;
};

SharedText Hub::add(
    Fresh& fresh, const DirectoryState& state, const KnownRoom& room, const Message& message
) {
    auto text = std::make_shared<const std::string>(message_text(state, message));
    // Before it is posted: who joins from now on sees it in what is remembered.
    if (!chat_->book().append(message.room, {message.seq, text, message.transit}))
        return text;
    add_notices(fresh.notices, watches_, state, room, message);
    add_text(fresh, room, {message.seq, text, message.transit});
    return text;
}

void Hub::add_text(Fresh& fresh, const KnownRoom& room, Remembered message) {
    fresh.deliveries.push_back(
        {room.room.id,
         message.seq,
         frame_of(wire::event(wire::MessageEvent{room.room.uuid, *message.text}))}
    );
}

bool Hub::add_missing(Fresh& fresh, RoomId room, std::int64_t before) {
    for (;;) {
        const auto standing = chat_->book().standing(room);
        if (!standing || !standing->warm || standing->last_seq + 1 >= before)
            return true;
        auto missing = chat_->between(room, standing->last_seq, before, messages_at_a_time);
        if (!missing) {
            log::warning("what other servers have said comes late: {}", missing.error().message);
            return false;
        }
        if (missing->empty() || !add_all(fresh, room, *missing))
            return true;  // erased meanwhile, as the room may be
    }
}

bool Hub::add_all(Fresh& fresh, RoomId room, const std::vector<Message>& messages) {
    return chat_->directory().read([&](const DirectoryState& state) {
        const KnownRoom* known = state.room(room);
        if (known != nullptr)
            for (const Message& message : messages)
                add(fresh, state, *known, message);
        return known != nullptr;
    });
}

void Hub::remember(std::span<const Committed> messages) {
    writer_publishes_.lock();
    remembered_ = std::make_shared<Fresh>();
    remembered_->deliveries.reserve(messages.size());
    // Of rooms that lack something that cannot be read now, nothing is delivered: it will come with
    // the log of the server that said what is missing.
    std::unordered_map<RoomId, bool> complete;
    for (const Committed& one : messages) {
        const auto [room, first] = complete.try_emplace(one.posting->message.room);
        if (first)
            room->second = add_missing(*remembered_, room->first, one.seq);
    }
    remembered_->first_own_notice = remembered_->notices.size();
    chat_->directory().read([&](const DirectoryState& state) {
        for (const Committed& one : messages) {
            Message message = std::move(one.posting->message);
            message.seq = one.seq;
            message.at = one.at;
            const KnownRoom* room = state.room(message.room);
            if (room == nullptr || !complete[message.room])
                continue;  // it may be removed meanwhile
            SharedText text = add(*remembered_, state, *room, message);
            if (chat_->peers() != nullptr)
                remembered_->own.emplace_back(
                    message.room, Remembered{message.seq, std::move(text), message.transit}
                );
        }
        return 0;
    });
}

void Hub::committed(std::span<const Committed> /*messages*/, const LogNews& entry) {
    const std::shared_ptr<const Fresh> fresh = std::move(remembered_);
    publish(fresh);
    writer_publishes_.unlock();
    tell_peers(*fresh, entry);
}

void Hub::tell_peers(const Fresh& fresh, const LogNews& entry) {
    Peers* peers = chat_->peers();
    if (peers == nullptr)
        return;
    std::map<RoomId, std::vector<Remembered>> rooms;
    for (const auto& [room, message] : fresh.own)
        rooms[room].push_back(message);
    for (const auto& [room, messages] : rooms)
        peers->said(room, messages);
    if (entry.n > 0)
        peers->logged(entry, std::span{fresh.notices}.subspan(fresh.first_own_notice));
}

void Hub::heard(RoomId room, std::vector<Remembered> messages) {
    const std::lock_guard lock{publishing_};
    auto fresh = std::make_shared<Fresh>();
    chat_->directory().read([&](const DirectoryState& state) {
        const KnownRoom* known = state.room(room);
        if (known == nullptr)
            return 0;
        for (Remembered& message : messages) {
            const auto standing = chat_->book().standing(room);
            if (!standing || !standing->warm || message.seq > standing->last_seq + 1)
                break;
            if (chat_->book().append(room, message))
                add_text(*fresh, *known, std::move(message));
        }
        return 0;
    });
    if (!fresh->deliveries.empty())
        publish(std::move(fresh));
}

void Hub::heard(std::vector<Told> told) {
    auto fresh = std::make_shared<Fresh>();
    fresh->notices = std::move(told);
    publish(std::move(fresh));
}

void Hub::said_elsewhere(RoomId room, std::vector<Message> messages) {
    const std::lock_guard lock{publishing_};
    auto fresh = std::make_shared<Fresh>();
    add_all(*fresh, room, messages);
    publish(std::move(fresh));
}

void Hub::publish(std::shared_ptr<const Fresh> fresh) {
    const auto begun = std::chrono::steady_clock::now();
    for (const auto& shard : shards_)
        shard->thread().post([this, begun, fresh, shard = shard.get()] {
            for (const Delivery& delivery : fresh->deliveries)
                shard->deliver(delivery);
            for (const Told& notice : fresh->notices)
                shard->each_of(notice.user, [&notice](ChatSession& session) {
                    session.send_text(notice.text);
                });
            counts_.fan_out.add(std::chrono::steady_clock::now() - begun);
        });
}

}  // namespace pchat::api
