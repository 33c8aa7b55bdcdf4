// SPDX-License-Identifier: Apache-2.0
#include "server/api/hub.h"

#include "base/log.h"
#include "server/api/chat_session.h"
#include "server/api/notices.h"
#include "server/api/wire_names.h"
#include "server/net/ws_frame.h"

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace pchat::api {
namespace {

constexpr std::size_t remembered_senders = 50'000;
constexpr int messages_at_a_time = 500;

net::SharedBytes frame_of(std::string_view text) {
    return std::make_shared<const std::string>(ws::encode(ws::Opcode::text, text));
}

}  // namespace

/// What came with the last commit.
struct Hub::Fresh {
    std::vector<Delivery> deliveries;
    std::vector<Told> notices;
    // Of the messages of our own, for the other servers:
    std::vector<std::pair<RoomId, Remembered>> own;
    std::size_t first_own_notice = 0;
};

Hub::Hub(net::IoPool& pool, HubLimits limits) : pool_(pool), limits_(limits) {
    for (std::size_t i = 0; i < pool.size(); ++i)
        shards_.push_back(std::make_unique<Shard>(*this, pool[i], limits_));
}

Hub::~Hub() = default;

void Hub::attach(Chat& chat, SignIns& sign_ins) {
    chat_ = &chat;
    sign_ins_ = &sign_ins;
    for (const auto& shard : shards_)
        shard->attach(chat, sign_ins);
}

bool Hub::count_session() {
    if (++sessions_ <= limits_.sessions)
        return true;
    --sessions_;
    return false;
}

bool Hub::may_send(PrincipalId user) {
    const auto now = std::chrono::steady_clock::now();
    return senders_.with([&](auto& senders) {
        if (senders.size() > remembered_senders)
            senders.clear();
        return senders.try_emplace(user, limits_.user_rate, limits_.user_burst)
            .first->second.take(now);
    });
}

void Hub::everywhere(const std::function<void(Shard&)>& work) {
    struct Latch {
        std::mutex mutex;
        std::condition_variable done;
        std::size_t left;
    };
    const auto latch = std::make_shared<Latch>();
    latch->left = shards_.size();
    for (const auto& shard : shards_)
        shard->thread().post([&work, latch, shard = shard.get()] {
            work(*shard);
            const std::lock_guard lock{latch->mutex};
            if (--latch->left == 0)
                latch->done.notify_all();
        });
    std::unique_lock lock{latch->mutex};
    latch->done.wait(lock, [&] { return latch->left == 0; });
}

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

void Hub::deliver(RoomId room, std::string_view text) {
    const Delivery delivery{room, 0, frame_of(text)};
    for (const auto& shard : shards_)
        shard->thread().post([delivery, shard = shard.get()] { shard->deliver(delivery); });
}

void Hub::changed(RoomId room, std::int64_t rev, const std::vector<Message>& messages) {
    std::string text;
    chat_->directory().read([&](const DirectoryState& state) {
        const KnownRoom* known = state.room(room);
        if (known == nullptr)
            return 0;
        wire::RemovedEvent event;
        event.room = known->room.uuid;
        event.removal.rev = rev;
        for (const Message& message : messages) {
            event.removal.seqs.push_back(message.seq);
            if (message.change == MessageChange::replaced)
                event.removal.replacement = message.body;
            chat_->book().changed(
                room,
                rev,
                message.seq,
                std::make_shared<const std::string>(message_text(state, message))
            );
        }
        text = wire::event(event);
        return 0;
    });
    if (!text.empty())
        deliver(room, text);
}

void Hub::cleared(RoomId room, std::int64_t rev, std::int64_t first) {
    chat_->book().cleared(room, rev, first);
    const std::string uuid = chat_->directory().read([&](const DirectoryState& state) {
        const KnownRoom* known = state.room(room);
        return known == nullptr ? std::string{} : known->room.uuid;
    });
    if (!uuid.empty())
        deliver(room, wire::event(wire::ClearedEvent{uuid, rev, first}));
}

void Hub::invited(const std::vector<Invitation>& invitations) {
    const auto events = std::make_shared<std::vector<std::pair<PrincipalId, std::string>>>();
    chat_->directory().read([&](const DirectoryState& state) {
        for (const Invitation& invitation : invitations)
            if (const KnownRoom* room = state.room(invitation.room))
                events->emplace_back(
                    invitation.user,
                    wire::event(wire::InvitedEvent{
                        room->room.uuid,
                        room->room.name,
                        written(state, invitation.invited_by),
                        invitation.sequence})
                );
        return 0;
    });
    for (const auto& shard : shards_)
        shard->thread().post([events, shard = shard.get()] {
            for (const auto& [user, text] : *events)
                shard->each_of(user, [&text = text](ChatSession& session) {
                    session.send_text(text);
                });
        });
}

void Hub::obey(const Touched& touched) {
    // Before their sessions end: nobody comes back by a token that is still remembered.
    for (const PrincipalId user : touched.signed_out)
        sign_ins_->forget(user);
    const std::unordered_set<RoomId> rooms{touched.rooms.begin(), touched.rooms.end()};
    const std::unordered_set<PrincipalId> out{touched.signed_out.begin(), touched.signed_out.end()};
    // Groups change what their members may do, policies what everybody may: all is looked at.
    const bool everything = touched.policies || !touched.principals.empty();
    // Rooms of a category that changed are not looked up: asking again about all is cheap.
    const auto concerns = [&](RoomId room) {
        return everything || !touched.categories.empty() || rooms.count(room) != 0;
    };
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) {
            if (out.count(session.user()) != 0)
                session.end(ws::CloseCode::not_signed_in, "signed out by an administrator");
            else if (everything || !rooms.empty() || !touched.categories.empty())
                session.revalidate(concerns);
        });
    });
    for (const RoomId room : touched.rooms) {
        const bool exists = chat_->directory().read([&](const DirectoryState& state) {
            return state.room(room) != nullptr;
        });
        if (!exists)
            chat_->book().forget(room);
    }
}

void Hub::timed(std::chrono::nanoseconds took, std::size_t /*messages*/) {
    counts_.commit.add(took);
}

void Hub::fenced() {
    if (on_fenced_)
        on_fenced_();
}

void Hub::tell_rosters() {
    const int limit = chat_->directory().read([](const DirectoryState& state) {
        return state.config().participants;
    });
    for (const RoomId room : chat_->book().take_changed_rosters()) {
        std::vector<PrincipalId> joined;
        std::vector<PrincipalId> left;
        std::size_t count = 0;
        chat_->book().with(room, [&](LiveRoom& live) {
            joined = std::exchange(live.roster.joined, {});
            left = std::exchange(live.roster.left, {});
            count = live.roster.here.size();
        });
        if (count == 0 || (joined.empty() && left.empty()))
            continue;
        wire::RosterEvent event;
        event.count = static_cast<std::int64_t>(count);
        event.count_only = count > static_cast<std::size_t>(limit);
        chat_->directory().read([&](const DirectoryState& state) {
            if (const KnownRoom* known = state.room(room))
                event.room = known->room.uuid;
            if (event.count_only)
                return 0;
            for (const PrincipalId user : joined)
                event.joined.push_back(participant(state, user));
            for (const PrincipalId user : left)
                event.left.push_back(written(state, user));
            return 0;
        });
        if (!event.room.empty())
            deliver(room, wire::event(event));
    }
}

void Hub::check_expiry() {
    const Microseconds now = chat_->clock().now();
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) { session.check_expiry(now); });
    });
}

void Hub::drain(wire::MovedEvent::Reason reason, const std::vector<std::string>& servers) {
    const std::string text = wire::event(wire::MovedEvent{reason, servers});
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) { session.send_text(text); });
    });
}

void Hub::close_all(ws::CloseCode code, std::string_view reason) {
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) { session.end(code, reason); });
    });
}

std::vector<SessionFacts> Hub::list() {
    Guarded<std::vector<SessionFacts>> out;
    everywhere([&](Shard& shard) {
        std::vector<SessionFacts> here;
        shard.each([&](ChatSession& session) {
            if (session.is_signed_in())
                here.push_back(session.facts());
        });
        out.with([&](auto& all) { all.insert(all.end(), here.begin(), here.end()); });
    });
    return out.with([](auto& all) { return std::move(all); });
}

std::size_t Hub::end(
    const std::function<bool(const SessionFacts&)>& which,
    ws::CloseCode code,
    std::string_view reason
) {
    std::atomic<std::size_t> ended{0};
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) {
            if (!session.is_signed_in() || !which(session.facts()))
                return;
            session.end(code, reason);
            ++ended;
        });
    });
    return ended;
}

}  // namespace pchat::api
