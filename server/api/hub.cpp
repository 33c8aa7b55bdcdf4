// SPDX-License-Identifier: Apache-2.0
#include "server/api/hub.h"

#include "server/api/chat_session.h"
#include "server/api/wire_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <unordered_set>
#include <utility>

namespace pchat::api {
namespace {

constexpr std::size_t remembered_senders = 50'000;

/// Whose rights may be others once these principals have changed: their own, and those of whoever
/// is below one. A user who is below it no longer, or who was not before, has changed as well, or
/// somebody in between has; so the way to the nearest one that changed is always there.
class Concerned {
public:
    Concerned(const Directory& directory, const std::vector<PrincipalId>& changed)
        : directory_(directory), changed_(changed.begin(), changed.end()),
          only_users_(directory.read([&](const DirectoryState& state) {
              return std::all_of(changed.begin(), changed.end(), [&](PrincipalId id) {
                  const KnownPrincipal* known = state.principal(id);
                  return known != nullptr && known->kind == PrincipalKind::user;
              });
          })) {}

    [[nodiscard]] bool has(PrincipalId user) const {
        if (changed_.empty())
            return false;
        if (only_users_)  // nobody is below a user
            return changed_.contains(user);
        return directory_.read([&](const DirectoryState& state) {
            const std::vector<PrincipalId> above = state.person(user).affiliations;
            return changed_.contains(user) ||
                   std::any_of(above.begin(), above.end(), [&](PrincipalId id) {
                       return changed_.contains(id);
                   });
        });
    }

private:
    const Directory& directory_;
    std::unordered_set<PrincipalId> changed_;
    bool only_users_;
};

}  // namespace

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
    heed_topology();
}

void Hub::heed_topology() {
    planned_sessions_ = chat_->directory().read([&](const DirectoryState& state) {
        const auto* pool = state.topology().pool(chat_->facts().pool);
        return pool == nullptr ? 0 : pool->concurrent_users;
    });
}

SessionLimit Hub::limit_now(std::int64_t here) const {
    const PoolView& pool = chat_->pool();
    return {
        static_cast<std::int64_t>(limits_.sessions),
        planned_sessions_,
        pool.misses_a_server(),
        here,
        pool.staying_elsewhere()};
}

std::optional<Hub::Turned> Hub::count_session() {
    using Reason = wire::MovedEvent::Reason;
    const PoolView& pool = chat_->pool();
    const std::string& own = chat_->facts().url;
    const ServerState state = pool.own_state();
    if (state != ServerState::active)
        return Turned{
            state == ServerState::draining ? Reason::drain : Reason::standby,
            "this server of the pool takes no users now",
            pool.elsewhere(own)};
    const auto full = why_full(limit_now(static_cast<std::int64_t>(++sessions_)));
    if (!full)
        return std::nullopt;
    --sessions_;
    return Turned{
        Reason::full,
        full->text,
        full->everywhere ? std::vector<std::string>{own} : pool.elsewhere(own)};
}

Result<void> Hub::may_send(PrincipalId user) {
    const auto now = std::chrono::steady_clock::now();
    const bool may = senders_.with([&](auto& senders) {
        if (senders.size() > remembered_senders)
            senders.clear();
        return senders.try_emplace(user, limits_.user_rate, limits_.user_burst)
            .first->second.take(now);
    });
    if (may)
        return {};
    ++counts_.rate_limited;
    return fail_as(
        "rate-limited",
        Errc::too_many,
        fmt::format("more than {} messages a second", limits_.user_rate),
        "wait a second, then send it again with the same key"
    );
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
    const auto events = std::make_shared<const std::vector<Told>>(chat_->directory().read(
        [&](const DirectoryState& state) { return invitation_events(state, invitations); }
    ));
    for (const auto& shard : shards_)
        shard->thread().post([events, shard = shard.get()] {
            for (const Told& one : *events)
                shard->each_of(one.user, [&one](ChatSession& session) {
                    session.send_text(one.text);
                });
        });
}

void Hub::obey(const Touched& touched) {
    if (touched.topology)
        heed_topology();
    // Before their sessions end: nobody comes back by a token that is still remembered.
    for (const PrincipalId user : touched.signed_out)
        sign_ins_->forget(user);
    for (const TokenId token : touched.revoked)
        sign_ins_->forget(token);
    if (touched.anybody_out) {
        // Whose tokens are still good cannot be said from memory; who comes back is asked for it.
        sign_ins_->forget_all();
        close_all(ws::CloseCode::restart, "what was revoked meanwhile is not known: sign in again");
        return;
    }
    const std::unordered_set<RoomId> rooms{touched.rooms.begin(), touched.rooms.end()};
    const std::unordered_set<PrincipalId> out{touched.signed_out.begin(), touched.signed_out.end()};
    const std::unordered_set<TokenId> revoked{touched.revoked.begin(), touched.revoked.end()};
    const std::unordered_set<std::string_view> ended{touched.ended.begin(), touched.ended.end()};
    const std::unordered_set<PrincipalId> disconnected{
        touched.disconnected.begin(), touched.disconnected.end()};
    // Policies change what everybody may, and the topology which policies count.
    const bool everybody = touched.policies || touched.topology;
    const Concerned people{chat_->directory(), touched.principals};
    const auto any_room = [](RoomId /*room*/) { return true; };
    // Rooms of a category that changed are not looked up: asking again about all is cheap.
    const auto concerns = [&](RoomId room) {
        return !touched.categories.empty() || rooms.count(room) != 0;
    };
    const auto look_again = [this](ChatSession& session, const auto& rooms_of_it) {
        ++counts_.looked_again;
        session.revalidate(rooms_of_it);
    };
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) {
            if (out.contains(session.user()) || revoked.contains(session.token()))
                session.end(ws::CloseCode::not_signed_in, "signed out");
            else if (ended.contains(session.uuid()) || disconnected.contains(session.user()))
                session.end(ws::CloseCode::policy, "ended by an administrator");
            else if (everybody || people.has(session.user()))
                look_again(session, any_room);
            else if (!rooms.empty() || !touched.categories.empty())
                look_again(session, concerns);
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

std::string Hub::moved_text(wire::MovedEvent::Reason reason) const {
    return wire::event(wire::MovedEvent{reason, chat_->pool().elsewhere(chat_->facts().url)});
}

void Hub::ask_to_move(wire::MovedEvent::Reason reason, std::uint32_t round, std::size_t most) {
    // Each thread has its part of them; what does not divide goes round.
    const std::size_t first = asked_to_move_++;
    for (std::size_t i = 0; i < shards_.size(); ++i) {
        Shard* shard = shards_[(first + i) % shards_.size()].get();
        const std::size_t part = most / shards_.size() + (i < most % shards_.size() ? 1 : 0);
        shard->thread().post([this, reason, round, part, shard] {
            std::size_t asked = 0;
            shard->each([&](ChatSession& session) {
                if (asked < part && session.begins_to_move(round)) {
                    session.send_text(moved_text(reason));
                    ++asked;
                }
            });
        });
    }
}

void Hub::ask_all_to_move(wire::MovedEvent::Reason reason) {
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) { session.send_text(moved_text(reason)); });
    });
}

void Hub::close_all(ws::CloseCode code, std::string_view reason) {
    everywhere([&](Shard& shard) {
        shard.each([&](ChatSession& session) { session.end(code, reason); });
    });
}

}  // namespace pchat::api
