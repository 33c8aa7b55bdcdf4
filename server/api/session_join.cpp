// SPDX-License-Identifier: Apache-2.0
// Joining: compliance first, then what the room's memory lacks, then the room itself.
#include "server/api/hub.h"
#include "server/api/page.h"
#include "server/api/session_away.h"
#include "server/api/wire_names.h"
#include "server/service/database_sight.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

namespace pchat::api {
namespace {

constexpr int longest_resume = 500;

Error may_not_join(std::string_view room) {
    return fail_as(
               "not-allowed",
               Errc::denied,
               fmt::format("you may not join room '{}'", room),
               "a manager of the room can add you",
               "room"
    )
        .value();
}

Error no_such_room(std::string_view room) {
    return fail_as(
               "room-not-found",
               Errc::not_found,
               fmt::format("room '{}' does not exist, or is not for you", room),
               "list rooms: pchatctl room list",
               "room"
    )
        .value();
}

Error too_many_rooms(std::size_t count) {
    return fail_as(
               "too-many-rooms",
               Errc::too_many,
               fmt::format("this session has joined {} rooms, which is the limit", count),
               "leave some first"
    )
        .value();
}

}  // namespace

/// One join request on its way through its rooms.
struct ChatSession::Joining {
    std::string id;
    wire::Join request;
    std::size_t next = 0;  // room
    std::vector<std::variant<wire::JoinReply, wire::JoinRefused>> replies;
    std::size_t bytes = 0;  // that messages may still take of the answer

    // Of the room at hand:
    Chat::Seen seen;
    bool recorded = false;
    bool fetched = false;  // what memory lacks is in the two below
    std::vector<wire::MessageText> messages;
    std::int64_t last_fetched = 0;
    bool more = false;  // of them, than one answer takes
    bool gap = false;
    std::vector<wire::Removal> removed;

    [[nodiscard]] const wire::JoinRoom& room() const { return request.rooms[next]; }
    [[nodiscard]] bool resumes() const { return room().since.has_value(); }
    [[nodiscard]] std::int64_t since() const { return room().since.value_or(0); }
    /// How many of the last messages are wanted.
    [[nodiscard]] int count(const Directory& directory) const {
        if (!seen.rights.has(Right::history))
            return 0;
        return request.history.value_or(directory.read([](const DirectoryState& state) {
            return state.config().history;
        }));
    }
    void begin_room() {
        recorded = fetched = more = gap = false;
        messages.clear();
        last_fetched = 0;
        removed.clear();
    }
};

/// What the room's memory shows, and whether it is enough.
struct ChatSession::JoinView {
    bool warm = false;
    bool fetch = false;
    Transit transit = Transit::hidden;
    RecentView recent;
    std::size_t count = 0;          // of participants
    std::vector<PrincipalId> here;  // none when they are too many
};

void ChatSession::on(const std::string& id, wire::Join& join) {
    if (!shard_.may_join(join.rooms.size())) {
        ++shard_.hub().counts().rate_limited;
        refuse(
            id,
            fail_as(
                "rate-limited",
                Errc::too_many,
                "the server is busy with others who join",
                "try again in a second"
            )
                .value()
        );
        return;
    }
    auto joining = std::make_shared<Joining>();
    joining->id = id;
    joining->request = std::move(join);
    joining->bytes = shard_.limits().page_bytes;
    join_next(std::move(joining));
}

void ChatSession::join_next(std::shared_ptr<Joining> joining) {
    if (joining->next == joining->request.rooms.size()) {
        answer(
            joining->id,
            wire::reply(joining->id, wire::JoinSeveralReply{std::move(joining->replies)})
        );
        return;
    }
    joining->begin_room();
    const std::string& name = joining->room().room;
    Result<Chat::Seen> seen = shard_.chat().see(identity_.user, name);
    if (!seen)
        return refuse_join(std::move(joining), seen.error());
    if (!seen->rights.has(Right::join))
        return refuse_join(joining, may_not_join(name));
    if (joined_.size() >= shard_.limits().rooms && find_joined(seen->id) == nullptr)
        return refuse_join(std::move(joining), too_many_rooms(joined_.size()));
    joining->seen = std::move(*seen);
    join_now(std::move(joining));
}

void ChatSession::refuse_join(std::shared_ptr<Joining> joining, const Error& error) {
    if (joining->recorded)
        take_back_entry(joining->seen.id);
    if (!joining->request.several) {
        refuse(joining->id, error);
        return;
    }
    joining->replies.emplace_back(wire::JoinRefused{joining->room().room, error});
    ++joining->next;
    join_next(std::move(joining));
}

void ChatSession::join_now(std::shared_ptr<Joining> joining) {
    Chat& chat = shard_.chat();
    const RoomId room = joining->seen.id;
    if (!joining->recorded) {
        // Compliance knows before the user sees anything.
        recorded(joining->id, compliance_join, room, {}, [joining, room](ChatSession& self) {
            joining->recorded = true;
            self.entering_.push_back(room);
            self.join_now(joining);
        });
        return;
    }
    if (!chat.book().is_warm(room)) {
        away<bool>(
            joining->id,
            [&chat, room]() -> Result<bool> {
                if (Result<void> warm = chat.book().warm_up(room); !warm)
                    return pass(std::move(warm).error());
                return true;
            },
            [joining](ChatSession& self, bool) { self.joined(joining); },
            [joining](ChatSession& self, const Error& error) { self.refuse_join(joining, error); }
        );
        return;
    }
    joined(std::move(joining));
}

/// Looked at and entered in one step, so that nothing is missed in between.
ChatSession::JoinView ChatSession::look_and_enter(const Joining& joining) {
    Chat& chat = shard_.chat();
    const RoomId room = joining.seen.id;
    const int most = chat.directory().read([](const DirectoryState& state) {
        return state.config().participants;
    });
    const auto count = static_cast<std::size_t>(joining.count(chat.directory()));
    const std::optional<std::int64_t> since_rev = joining.room().since_rev;
    JoinView out;
    chat.book().with(room, [&](LiveRoom& live) {
        out.warm = live.warm;
        if (!out.warm)
            return;
        const auto now = chat.clock().steady();
        out.transit = RoomBook::transit_for(live, identity_.user, joining.since(), now);
        out.recent = joining.fetched     ? RoomBook::after(live, joining.last_fetched, out.transit)
                     : joining.resumes() ? RoomBook::after(live, joining.since(), out.transit)
                                         : RoomBook::last(live, count);
        const bool changes = since_rev && *since_rev < out.recent.rev;
        // The server that the reader comes from may have heard more.
        const bool behind = joining.resumes() && joining.since() > out.recent.head;
        out.fetch = !joining.fetched && (!out.recent.complete || changes || behind);
        if (out.fetch)
            return;
        if (find_joined(room) == nullptr)
            chat.book().enter(live, room, identity_.user, now);
        out.count = live.roster.here.size();
        if (out.count <= static_cast<std::size_t>(most))
            for (const auto& [user, sessions] : live.roster.here)
                out.here.push_back(user);
    });
    if (out.warm && !out.fetch && !chat.elsewhere().empty())
        add_elsewhere(out, room, static_cast<std::size_t>(most));
    return out;
}

/// Exact while they are few enough to be named; else as the room was told last.
void ChatSession::add_elsewhere(JoinView& view, RoomId room, std::size_t most) {
    Elsewhere& elsewhere = shard_.chat().elsewhere();
    const Elsewhere::Count there = elsewhere.count(room);
    if (there.users == 0)
        return;
    if (view.count > most || there.users > most) {
        view.here.clear();
        view.count += there.users - std::min(there.both, view.count);
        return;
    }
    for (const PrincipalId user : elsewhere.in_room(room))
        view.here.push_back(user);
    std::sort(view.here.begin(), view.here.end());
    view.here.erase(std::unique(view.here.begin(), view.here.end()), view.here.end());
    view.count = view.here.size();
    if (view.count > most)
        view.here.clear();
}

void ChatSession::joined(std::shared_ptr<Joining> joining) {
    // Access may have been lost on the way here. From here to the end nothing waits: whatever
    // changes after this look finds the session in the room.
    Result<Chat::Seen> still = shard_.chat().see(identity_.user, joining->seen.id);
    if (!still && says_away(still.error()))  // whether it is there cannot be known
        return refuse_join(std::move(joining), still.error());
    if (!still)
        return refuse_join(joining, no_such_room(joining->room().room));
    if (!still->rights.has(Right::join))
        return refuse_join(joining, may_not_join(joining->room().room));
    joining->seen = std::move(*still);
    JoinView view = look_and_enter(*joining);
    if (!view.warm)  // it was put away meanwhile
        return join_now(std::move(joining));
    if (view.fetch)
        return fetch(std::move(joining), view.transit);
    wire::JoinReply reply = enter(*joining, std::move(view));
    if (!joining->request.several) {
        answer(joining->id, wire::reply(joining->id, reply));
        return;
    }
    joining->replies.emplace_back(std::move(reply));
    ++joining->next;
    join_next(std::move(joining));
}

void ChatSession::fetch(std::shared_ptr<Joining> joining, Transit transit) {
    struct Fetched {
        Chat::Page page;
        std::vector<Message> changes;
    };
    Chat& chat = shard_.chat();
    const RoomId room = joining->seen.id;
    const bool resume = joining->resumes();
    const std::int64_t since = joining->since();
    away<Fetched>(
        joining->id,
        [&chat,
         room,
         resume,
         since,
         transit,
         count = joining->count(chat.directory()),
         rev = joining->room().since_rev]() -> Result<Fetched> {
            Fetched out;
            // No count: only the head is wanted.
            Result<Chat::Page> page = resume ? chat.missed(room, since, longest_resume, transit)
                                             : chat.before(room, std::nullopt, count);
            if (!page)
                return pass(std::move(page).error());
            out.page = std::move(*page);
            if (rev) {
                auto changes = chat.changes(room, *rev, longest_resume);
                if (!changes)
                    return pass(std::move(changes).error());
                out.changes = std::move(*changes);
            }
            return out;
        },
        [joining, resume](ChatSession& self, Fetched fetched) {
            const Chat::Page& page = fetched.page;
            joining->fetched = true;
            // What there was is there, up to the head as it stood; of what was missed perhaps more.
            joining->more = resume && page.more;
            joining->gap = page.gap;
            joining->last_fetched = joining->more ? page.messages.back().seq : page.head;
            self.shard_.chat().directory().read([&](const DirectoryState& state) {
                for (const Message& message : page.messages)
                    joining->messages.push_back(
                        std::make_shared<const std::string>(message_text(state, message))
                    );
                return 0;
            });
            for (const Message& message : fetched.changes) {
                wire::Removal removal{message.rev, {message.seq}, std::nullopt};
                if (message.change == MessageChange::replaced)
                    removal.replacement = message.body;
                joining->removed.push_back(std::move(removal));
            }
            self.joined(joining);
        },
        [joining](ChatSession& self, const Error& error) { self.refuse_join(joining, error); }
    );
}

wire::JoinReply ChatSession::enter(Joining& joining, JoinView view) {
    const RoomId room = joining.seen.id;
    RecentView& recent = view.recent;
    if (Joined* before = find_joined(room)) {
        shard_.unsubscribe(room, before->slot);
        joined_.erase(joined_.begin() + (before - joined_.data()));
        record_part(room);  // of that join: each has one
    }
    // What was fetched may be further than what memory has heard of.
    if (joining.fetched && !joining.more)
        recent.head = std::max(recent.head, joining.last_fetched);
    const std::uint32_t slot = shard_.subscribe(room, joining.seen.uuid, *this, recent.head);
    joined_.push_back({room, slot, joining.seen.rights, joining.seen.transit});
    std::erase(entering_, room);
    ++shard_.hub().counts().joins;

    wire::JoinReply reply;
    reply.head = recent.head;
    reply.first = recent.first;
    reply.rev = recent.rev;
    reply.removed = std::move(joining.removed);
    reply.messages = std::move(joining.messages);
    if (recent.complete && !joining.more)
        for (SharedText& text : recent.messages)
            reply.messages.push_back(std::move(text));
    // Of the last few the last ones, of what was missed the first ones.
    const bool all =
        keep_page(reply.messages, joining.bytes, joining.resumes() ? Keep::first : Keep::last);
    reply.more = !recent.complete || joining.more || (joining.resumes() && !all);
    reply.gap =
        joining.resumes() && (joining.gap || recent.gap || joining.since() + 1 < recent.first ||
                              joining.since() > recent.head);
    reply.participant_count = static_cast<std::int64_t>(view.count);
    shard_.chat().directory().read([&](const DirectoryState& state) {
        if (const KnownRoom* known = state.room(room))
            reply.room = room_facts(state, *known, joining.seen.rights);
        if (!view.here.empty()) {
            reply.participants.emplace();
            for (const PrincipalId user : view.here)
                reply.participants->push_back(participant(state, user));
        }
        return 0;
    });
    return reply;
}

void ChatSession::take_back_entry(RoomId room) {
    if (std::erase(entering_, room) > 0)
        record_part(room);
}

}  // namespace pchat::api
