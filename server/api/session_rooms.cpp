// SPDX-License-Identifier: Apache-2.0
// Leaving and sending, and what becomes of a room that was joined.
#include "server/api/hub.h"
#include "server/api/session_away.h"
#include "server/api/wire_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace pchat::api {
namespace {

tl::unexpected<Error> not_joined(std::string_view room) {
    return fail_as(
        "not-joined",
        Errc::denied,
        fmt::format("you have not joined room '{}'", room),
        "send a join first",
        "room"
    );
}

tl::unexpected<Error> may_not(std::string_view what, std::string_view room) {
    return fail_as(
        "not-allowed",
        Errc::denied,
        fmt::format("you may not {} room '{}'", what, room),
        "a manager of the room can add you",
        "room"
    );
}

}  // namespace

Error too_busy() {
    return fail_as(
               "server-busy",
               Errc::too_many,
               "too much waits for the database",
               "ask again in a moment"
    )
        .value();
}

ChatSession::Joined* ChatSession::find_joined(RoomId room) {
    const auto found = std::find_if(joined_.begin(), joined_.end(), [&](const Joined& one) {
        return one.room == room;
    });
    return found == joined_.end() ? nullptr : &*found;
}

void ChatSession::moved_to(RoomId room, std::uint32_t slot) {
    if (Joined* joined = find_joined(room))
        joined->slot = slot;
}

void ChatSession::leave(RoomId room) {
    Joined* joined = find_joined(room);
    if (joined == nullptr)
        return;
    shard_.unsubscribe(room, joined->slot);
    // Who was there may come back for what was said meanwhile and is not kept.
    std::optional<Roster::Time> remembered;
    if (joined->transit)
        remembered = shard_.chat().clock().steady();
    joined_.erase(joined_.begin() + (joined - joined_.data()));
    shard_.chat().book().leave(room, identity_.user, remembered);
    record_part(room);
}

void ChatSession::record_part(RoomId room) {
    shard_.chat().record(compliance_part, identity_.user, room, {}, nullptr);
}

void ChatSession::leave_all() {
    while (!joined_.empty())
        leave(joined_.back().room);
    joined_.shrink_to_fit();
    while (!entering_.empty())
        take_back_entry(entering_.back());
}

void ChatSession::on(const std::string& id, wire::Leave& request) {
    const Result<Chat::Seen> seen = shard_.chat().see(identity_.user, request.room);
    if (!seen || find_joined(seen->id) == nullptr) {
        refuse(id, not_joined(request.room).value());
        return;
    }
    leave(seen->id);
    answer(id, wire::reply(id, wire::Done{}));
}

void ChatSession::on(const std::string& id, wire::Send& request) {
    const RoomId room = room_named(request.room);
    const Joined* joined = room ? find_joined(room) : nullptr;
    if (joined == nullptr) {
        refuse(id, not_joined(request.room).value());
        return;
    }
    if (!joined->rights.has(Right::chat)) {
        refuse(id, may_not("post in", request.room).value());
        return;
    }
    if (const Result<void> may = shard_.hub().may_send(identity_.user); !may) {
        refuse(id, may.error());
        return;
    }
    Chat::Draft draft;
    draft.sender = identity_.user;
    draft.room = room;
    draft.kind = domain_kind(request.content.kind);
    draft.format = domain_format(request.content.format);
    draft.subject = std::move(request.content.subject);
    draft.body = std::move(request.content.body);
    draft.key = std::move(request.key);
    draft.transit = joined->transit;
    Result<void> taken = shard_.chat().post(
        std::move(draft),
        [&shard = shard_, number = number_, id](const Result<Posted>& posted) {
            shard.thread().post([&shard, number, id, posted] {
                ChatSession* self = shard.find(number);
                if (self == nullptr || !self->open_)
                    return;
                if (posted)
                    self->answer(id, wire::reply(id, wire::SendReply{posted->seq, posted->at}));
                else
                    self->refuse(id, posted.error());
            });
        }
    );
    if (!taken)
        refuse(id, taken.error());
}

void ChatSession::revalidate(const std::function<bool(RoomId)>& concerns) {
    if (!open_ || !is_signed_in())
        return;
    using Reason = wire::GoneEvent::Reason;
    bool active = false;
    std::vector<std::pair<RoomId, Reason>> lost;
    // Decided under the directory's lock, acted upon without it.
    shard_.chat().directory().read([&](const DirectoryState& state) {
        const KnownPrincipal* self = state.principal(identity_.user);
        active = self != nullptr && self->state == PrincipalState::active;
        const Person person = state.person(identity_.user);
        for (Joined& one : joined_) {
            if (!concerns(one.room))
                continue;
            const KnownRoom* room = state.room(one.room);
            one.rights = room == nullptr ? Rights{} : state.rights(person, *room);
            if (!one.rights.has(Right::join)) {
                lost.emplace_back(
                    one.room,
                    room == nullptr       ? Reason::deleted
                    : room->room.disabled ? Reason::disabled
                                          : Reason::access
                );
                continue;
            }
            const KnownCategory* category = state.category(room->room.category);
            one.transit = category != nullptr && !category->category.history;
        }
        return 0;
    });
    if (!active) {
        end(ws::CloseCode::not_signed_in, "the user was disabled");
        return;
    }
    for (const auto& [room, reason] : lost) {
        send_text(wire::event(wire::GoneEvent{std::string{shard_.uuid_of(room)}, reason}));
        leave(room);
    }
}

}  // namespace pchat::api
