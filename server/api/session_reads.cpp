// SPDX-License-Identifier: Apache-2.0
// What a session asks without changing a room: history, lists, counts.
#include "server/api/hub.h"
#include "server/api/page.h"
#include "server/api/session_away.h"
#include "server/api/wire_names.h"
#include "server/service/listing.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::api {
namespace {

tl::unexpected<Error> may_not_read(std::string_view room) {
    return fail_as(
        "not-allowed",
        Errc::denied,
        fmt::format("you may not read what was said in room '{}'", room),
        "a manager of the room can add you",
        "room"
    );
}

std::vector<wire::MessageText> texts_of(Chat& chat, const std::vector<Message>& messages) {
    std::vector<wire::MessageText> out;
    out.reserve(messages.size());
    chat.directory().read([&](const DirectoryState& state) {
        for (const Message& message : messages)
            out.push_back(std::make_shared<const std::string>(message_text(state, message)));
        return 0;
    });
    return out;
}

}  // namespace

void ChatSession::on(const std::string& id, wire::History& request) {
    Chat& chat = shard_.chat();
    Result<Chat::Seen> seen = chat.see(identity_.user, request.room);
    if (!seen) {
        refuse(id, seen.error());
        return;
    }
    if (!seen->rights.has(Right::history)) {
        refuse(id, may_not_read(request.room).value());
        return;
    }
    const RoomId room = seen->id;
    if (!request.before && !request.after && !chat.facts().compliance &&
        chat.book().is_warm(room)) {
        // The last few: from memory when they are there.
        const RecentView view = chat.book().with(room, [&](LiveRoom& live) {
            return live.warm ? RoomBook::last(live, static_cast<std::size_t>(request.limit))
                             : RecentView{};
        });
        if (view.complete) {
            wire::HistoryReply reply;
            reply.messages = view.messages;
            reply.more =
                view.head - view.first + 1 > static_cast<std::int64_t>(view.messages.size());
            std::size_t bytes = shard_.limits().page_bytes;
            if (!keep_page(reply.messages, bytes, Keep::last))
                reply.more = true;
            answer(id, wire::reply(id, reply));
            return;
        }
    }
    recorded(
        id,
        compliance_view,
        room,
        "history",
        [id, room, request = std::move(request)](ChatSession& self) {
            Chat& from = self.shard_.chat();
            self.away<std::pair<std::vector<wire::MessageText>, bool>>(
                id,
                [&from, room, request](
                ) -> Result<std::pair<std::vector<wire::MessageText>, bool>> {
                    Result<Chat::Page> page =
                        request.after ? from.after(room, *request.after, request.limit)
                                      : from.before(room, request.before, request.limit);
                    if (!page)
                        return pass(std::move(page).error());
                    return std::pair{texts_of(from, page->messages), page->more};
                },
                [id,
                 room,
                 keep = request.after ? Keep::first : Keep::last](ChatSession& me, auto page) {
                    // Access may have been lost while the database was read.
                    const Result<Chat::Seen> still = me.shard_.chat().see(me.user(), room);
                    if (!still || !still->rights.has(Right::history)) {
                        me.refuse(id, may_not_read("").value());
                        return;
                    }
                    std::size_t bytes = me.shard_.limits().page_bytes;
                    const bool all = keep_page(page.first, bytes, keep);
                    const wire::HistoryReply reply{std::move(page.first), page.second || !all};
                    me.answer(id, wire::reply(id, reply));
                }
            );
        }
    );
}

void ChatSession::recorded(
    const std::string& id,
    std::int64_t kind,
    RoomId room,
    std::string_view detail,
    std::function<void(ChatSession&)> then
) {
    if (!shard_.chat().facts().compliance) {
        then(*this);
        return;
    }
    shard_.chat().record(
        kind,
        identity_.user,
        room,
        detail,
        [&shard = shard_,
         number = number_,
         user = identity_.user,
         kind,
         room,
         id,
         then = std::move(then)](const Result<void>& done) {
            shard.thread().post([&shard, number, user, kind, room, id, then, done] {
                ChatSession* self = shard.find(number);
                if (self == nullptr || !self->open_) {
                    if (done && kind == compliance_join)  // it left before it came
                        shard.chat().record(compliance_part, user, room, {}, nullptr);
                    return;
                }
                if (done)
                    then(*self);
                else
                    self->refuse(id, done.error());
            });
        }
    );
}

void ChatSession::on(const std::string& id, wire::Rooms& request) {
    RoomListQuery query;
    query.filter = request.filter.value_or("");
    query.mine = request.mine;
    query.limit = request.limit;
    query.cursor = std::move(request.cursor);
    Chat& chat = shard_.chat();
    away<wire::RoomsReply>(
        id,
        [&chat, user = identity_.user, query = std::move(query)]() -> Result<wire::RoomsReply> {
            if (Result<void> known = chat.may_read(); !known)
                return pass(std::move(known).error());
            return chat.directory().read(
                [&](const DirectoryState& state) -> Result<wire::RoomsReply> {
                    Result<RoomList> list = list_rooms(state, state.person(user), query);
                    if (!list)
                        return pass(std::move(list).error());
                    wire::RoomsReply out;
                    for (const RoomList::Row& row : list->rows)
                        out.rooms.push_back(room_facts(state, *state.room(row.id), row.rights));
                    out.cursor = std::move(list->cursor);
                    return out;
                }
            );
        },
        [id](ChatSession& self, wire::RoomsReply list) { self.answer(id, wire::reply(id, list)); }
    );
}

void ChatSession::on(const std::string& id, wire::Roster& request) {
    Chat& chat = shard_.chat();
    const RoomId room = room_named(request.room);
    const Result<Chat::Seen> seen = chat.see(identity_.user, request.room);
    if (!seen || !seen->rights.has(Right::join)) {
        refuse(id, seen ? may_not_read(request.room).value() : seen.error());
        return;
    }
    const std::vector<PrincipalId> here = chat.in_room(room);
    wire::RosterReply reply;
    chat.directory().read([&](const DirectoryState& state) {
        for (const PrincipalId user : here)
            reply.participants.push_back(participant(state, user));
        return 0;
    });
    answer(id, wire::reply(id, reply));
}

void ChatSession::on(const std::string& id, wire::Invitations& request) {
    Chat& chat = shard_.chat();
    away<wire::InvitationsReply>(
        id,
        [&chat, user = identity_.user, after = request.after]() -> Result<wire::InvitationsReply> {
            const auto found = invitations_after(chat, user, after);
            if (!found)
                return pass(found.error());
            wire::InvitationsReply out;
            out.last = after;
            chat.directory().read([&](const DirectoryState& state) {
                for (const Invitation& one : *found) {
                    out.last = std::max(out.last, one.sequence);
                    if (const KnownRoom* room = state.room(one.room))
                        out.invitations.push_back(
                            {one.sequence,
                             room->room.uuid,
                             room->room.name,
                             written(state, one.invited_by),
                             one.at}
                        );
                }
                return 0;
            });
            return out;
        },
        [id](ChatSession& self, wire::InvitationsReply reply) {
            self.answer(id, wire::reply(id, reply));
        }
    );
}

void ChatSession::on(const std::string& id, wire::Unread& request) {
    Chat& chat = shard_.chat();
    std::vector<std::pair<RoomId, std::int64_t>> marks;
    for (const auto& [name, seq] : request.marks) {
        const Result<Chat::Seen> seen = chat.see(identity_.user, name);
        if (!seen || !seen->rights.has(Right::history)) {
            refuse(id, seen ? may_not_read(name).value() : seen.error());
            return;
        }
        marks.emplace_back(seen->id, seq);
    }
    std::vector<RoomId> also;
    for (const Joined& joined : joined_)
        also.push_back(joined.room);
    away<wire::UnreadReply>(
        id,
        [&chat, user = identity_.user, marks = std::move(marks), also = std::move(also)](
        ) -> Result<wire::UnreadReply> {
            if (!marks.empty())
                if (Result<void> put = put_marks(chat, user, marks); !put)
                    return pass(std::move(put).error());
            const auto rooms = unread(chat, user, also);
            if (!rooms)
                return pass(rooms.error());
            wire::UnreadReply out;
            chat.directory().read([&](const DirectoryState& state) {
                for (const UnreadRoom& one : *rooms)
                    if (const KnownRoom* room = state.room(one.room))
                        out.rooms.push_back(
                            {room->room.uuid, one.head, one.read, one.unread, one.mentions}
                        );
                return 0;
            });
            return out;
        },
        [id](ChatSession& self, wire::UnreadReply reply) {
            self.answer(id, wire::reply(id, reply));
        }
    );
}

}  // namespace pchat::api
