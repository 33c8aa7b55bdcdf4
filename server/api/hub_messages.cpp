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

// Of a room in which others said more than that while we heard nothing, the follower tells.
constexpr int most_missing = 500;

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
    std::vector<Told> own_notices;
};

SharedText Hub::add(
    Fresh& fresh,
    const DirectoryState& state,
    const KnownRoom& room,
    const Message& message,
    std::int64_t after
) {
    auto text = std::make_shared<const std::string>(message_text(state, message));
    Remembered made{message.seq, std::move(text), message.transit, message.rev};
    // Before it is posted: who joins from now on sees it in what is remembered.
    Peers* peers = chat_->peers();
    const RoomBook::Place place =
        chat_->book().append(message.room, peers == nullptr ? 0 : after, made);
    if (place == RoomBook::Place::beyond) {
        peers->behind(message.room, message.seq);
        return nullptr;
    }
    // Also of what the bus has brought: it brings messages without them.
    add_notices(fresh.notices, watches_, state, room, message);
    if (place == RoomBook::Place::next)
        add_text(fresh, room, made);
    return made.text;
}

void Hub::add_text(Fresh& fresh, const KnownRoom& room, Remembered message) {
    fresh.deliveries.push_back(
        {room.room.id,
         message.seq,
         frame_of(wire::event(wire::MessageEvent{room.room.uuid, *message.text}))}
    );
}

std::optional<Hub::Missing> Hub::read_missing(RoomId room, std::int64_t before) {
    const auto standing = chat_->book().standing(room);
    if (!standing || !standing->warm || standing->last_seq + 1 >= before)
        return std::nullopt;
    auto missing = chat_->between(room, standing->last_seq, before, most_missing);
    if (!missing) {
        log::warning("what other servers have said comes late: {}", missing.error().message);
        return std::nullopt;
    }
    if (static_cast<int>(missing->size()) == most_missing)
        return std::nullopt;
    return Missing{standing->last_seq, before, std::move(*missing)};
}

void Hub::add_all(
    Fresh& fresh, RoomId room, const std::vector<Message>& messages, std::int64_t after
) {
    chat_->directory().read([&](const DirectoryState& state) {
        if (const KnownRoom* known = state.room(room))
            for (const Message& message : messages)
                add(fresh, state, *known, message, after);
        return 0;
    });
}

void Hub::remember(std::span<const Committed> messages) {
    Peers* peers = chat_->peers();
    // Read before anybody has to wait for us.
    const bool current = peers == nullptr || chat_->is_current();
    std::map<RoomId, std::optional<Missing>> missing;
    for (const Committed& one : messages)
        if (const RoomId room = one.posting->message.room; current && !missing.contains(room))
            missing.emplace(room, read_missing(room, one.seq));
    writer_publishes_.lock();
    remembered_ = std::make_shared<Fresh>();
    remembered_->deliveries.reserve(messages.size());
    for (const auto& [room, before] : missing)
        if (before)
            add_all(*remembered_, room, before->messages, before->after);
    std::vector<Told> others = std::exchange(remembered_->notices, {});
    chat_->directory().read([&](const DirectoryState& state) {
        for (const Committed& one : messages) {
            Message message = std::move(one.posting->message);
            message.seq = one.seq;
            message.at = one.at;
            const KnownRoom* room = state.room(message.room);
            if (room == nullptr)
                continue;    // it may be removed meanwhile
            if (!current) {  // who may hear it is not known yet
                peers->behind(message.room, message.seq);
                continue;
            }
            const std::optional<Missing>& others_said = missing[message.room];
            const bool follows = others_said && others_said->before == one.seq;
            SharedText text =
                add(*remembered_, state, *room, message, follows ? others_said->after : one.seq - 1
                );
            if (peers != nullptr && text)
                remembered_->own.emplace_back(
                    message.room,
                    Remembered{message.seq, std::move(text), message.transit, message.rev}
                );
        }
        return 0;
    });
    remembered_->own_notices = remembered_->notices;
    remembered_->notices.insert(remembered_->notices.end(), others.begin(), others.end());
}

void Hub::committed(std::span<const Committed> /*messages*/, const LogNews& entry) {
    const std::shared_ptr<Fresh> fresh = std::move(remembered_);
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
        peers->logged(entry, fresh.own_notices);
}

void Hub::heard(RoomId room, std::vector<Remembered> messages) {
    // Whose rights are not known any more hears nothing, whatever the bus brings; what changes of
    // rights are waited for here, the follower tells after them.
    if (!chat_->may_read() || !chat_->is_current())
        return;
    const std::lock_guard lock{publishing_};
    auto fresh = std::make_shared<Fresh>();
    chat_->directory().read([&](const DirectoryState& state) {
        const KnownRoom* known = state.room(room);
        if (known == nullptr)
            return 0;
        for (Remembered& message : messages) {
            const auto standing = chat_->book().standing(room);
            if (!standing || !standing->warm)
                break;
            const RoomBook::Place place = chat_->book().append(room, message.seq - 1, message);
            if (place == RoomBook::Place::beyond)
                break;
            if (place == RoomBook::Place::next)
                add_text(*fresh, *known, std::move(message));
        }
        return 0;
    });
    if (!fresh->deliveries.empty())
        publish(std::move(fresh));
}

void Hub::heard(std::vector<Told> told) {
    // The other server judged by what it knew.
    std::erase_if(told, [&](const Told& one) {
        const auto room = chat_->see(one.user, one.room);
        return !room || !room->rights.has(Right::history);
    });
    auto fresh = std::make_shared<Fresh>();
    fresh->notices = std::move(told);
    publish(std::move(fresh));
}

void Hub::said_elsewhere(RoomId room, std::int64_t after, std::vector<Message> messages) {
    const std::lock_guard lock{publishing_};
    auto fresh = std::make_shared<Fresh>();
    add_all(*fresh, room, messages, after);
    publish(std::move(fresh));
}

void Hub::publish(std::shared_ptr<Fresh> made) {
    notices_.keep_new(made->notices);
    const std::shared_ptr<const Fresh> fresh = std::move(made);
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
