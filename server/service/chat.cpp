// SPDX-License-Identifier: Apache-2.0
#include "server/service/chat.h"

#include "base/log.h"
#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/compliance.h"
#include "server/domain/name.h"
#include "server/service/attached_files.h"
#include "server/service/fetch.h"
#include "server/service/named_object.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat {
namespace {

Result<Chat::Seen> seen(
    const DirectoryState& state, PrincipalId user, const KnownRoom* room, std::string_view asked
) {
    if (room == nullptr)
        return room_not_found(asked);
    Chat::Seen out;
    out.rights = state.rights(state.person(user), *room);
    if (!out.rights.has(Right::view))
        return room_not_found(asked);
    out.id = room->room.id;
    out.uuid = room->room.uuid;
    const KnownCategory* category = state.category(room->room.category);
    out.transit = category != nullptr && !category->category.history;
    return out;
}

/// Keeps the page within `limit`, knowing whether there was one more.
void cut(Chat::Page& page, int limit, bool from_front) {
    std::vector<Message>& messages = page.messages;
    const auto most = static_cast<std::size_t>(limit);
    page.more = messages.size() > most;
    if (!page.more)
        return;
    if (from_front)
        messages.erase(
            messages.begin(), messages.begin() + static_cast<std::ptrdiff_t>(messages.size() - most)
        );
    else
        messages.resize(most);
}

}  // namespace

Chat::Chat(
    ContentDatabase& content,
    Directory& directory,
    RoomBook& book,
    Workers& workers,
    Audience& audience,
    const Clock& clock,
    ServerFacts facts
)
    : content_(content), directory_(directory), book_(book), workers_(workers), audience_(audience),
      clock_(clock), facts_(std::move(facts)), pool_(facts_.life.server),
      commits_(std::make_unique<CommitQueue>(content, facts_.life, clock, *this)) {}

Chat::~Chat() = default;

std::vector<PrincipalId> Chat::in_room(RoomId room) const {
    std::vector<PrincipalId> out = book_.in_room(room);
    const std::vector<PrincipalId> others = elsewhere_.in_room(room);
    out.insert(out.end(), others.begin(), others.end());
    std::sort(out.begin(), out.end());
    out.erase(std::unique(out.begin(), out.end()), out.end());
    return out;
}

Result<Chat::Seen> Chat::see(PrincipalId user, std::string_view room) const {
    if (Result<void> known = may_read(); !known)
        return pass(std::move(known).error());
    return directory_.read([&](const DirectoryState& state) {
        return seen(state, user, state.find_room(room), room);
    });
}

Result<Chat::Seen> Chat::see(PrincipalId user, RoomId room) const {
    if (Result<void> known = may_read(); !known)
        return pass(std::move(known).error());
    return directory_.read([&](const DirectoryState& state) {
        return seen(state, user, state.room(room), "");
    });
}

Result<void> Chat::post(Draft draft, std::function<void(const Result<Posted>&)> done) {
    Posting posting;
    posting.generation = directory_.generation();
    posting.deadline = clock_.steady() + facts_.patience;
    posting.done = std::move(done);
    if (draft.body.find('@') != std::string::npos)
        posting.mentions = directory_.read([&](const DirectoryState& state) {
            return mentioned(state, draft.body);
        });
    Message& message = posting.message;
    message.room = draft.room;
    message.sender = draft.sender;
    message.kind = draft.kind;
    message.format = draft.format;
    message.transit = draft.transit;
    if (draft.file)
        message.file = draft.file->id;
    message.attached = std::move(draft.file);
    message.subject = std::move(draft.subject);
    message.body = std::move(draft.body);
    posting.key_hash =
        key_hash(draft.key.empty() ? make_uuid(clock_.now()) : std::string_view{draft.key});
    posting.content_hash = content_hash(message);
    // Asked here, after the number of the directory was read: what the caller goes by may be older.
    if (Result<void> allowed = still_allowed(posting); !allowed)
        return allowed;
    return commits_->push(std::move(posting));
}

Result<void> Chat::still_allowed(const Posting& posting) {
    const Result<Seen> room = see(posting.message.sender, posting.message.room);
    if (!room)
        return pass(room.error());
    if (!room->rights.has(Right::chat))
        return fail_as("not-allowed", Errc::denied, "you may not post in this room", {}, "room");
    return {};
}

std::string Chat::record(const Posting& posting, std::int64_t seq, Microseconds at) {
    Message message = posting.message;
    message.seq = seq;
    message.at = at;
    return directory_.read([&](const DirectoryState& state) {
        return compliance_text(state, message);
    });
}

Result<Chat::Page> Chat::page(
    RoomId room,
    const std::function<Result<std::vector<Message>>(MessageStore&, const RoomHead&)>& find
) {
    Page out;
    Result<void> read = content_.read("reading history", [&](ContentTransaction& tx) {
        const auto head = tx.messages().head(room);
        if (!head)
            return Result<void>{pass(head.error())};
        out = {};
        if (!*head)
            return Result<void>{};
        out.head = (*head)->last_seq;
        auto found = find(tx.messages(), **head);
        if (!found)
            return Result<void>{pass(std::move(found).error())};
        out.messages = std::move(*found);
        // Some engines show between two statements what others commit: what is above the head
        // reaches whoever joins there as news.
        std::erase_if(out.messages, [&](const Message& message) {
            return message.seq < (*head)->first_seq || message.seq > (*head)->last_seq;
        });
        return attach_files(tx, out.messages);
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

Result<Chat::Page> Chat::before(RoomId room, std::optional<std::int64_t> before, int limit) {
    Result<Page> out = page(room, [&](MessageStore& store, const RoomHead& head) {
        const std::int64_t last = before ? std::min(*before - 1, head.last_seq) : head.last_seq;
        return store.kept_up_to(room, last, limit + 1);
    });
    if (out)
        cut(*out, limit, true);
    return out;
}

Result<Chat::Page> Chat::after(RoomId room, std::int64_t after, int limit) {
    Result<Page> out = page(room, [&](MessageStore& store, const RoomHead& head) {
        return store.kept_after(room, std::max(after, head.first_seq - 1), limit + 1);
    });
    if (out)
        cut(*out, limit, false);
    return out;
}

Result<Chat::Page> Chat::missed(RoomId room, std::int64_t since, int limit, Transit transit) {
    Result<Page> out = page(room, [&](MessageStore& store, const RoomHead& head) {
        const std::int64_t after = std::max(since, head.first_seq - 1);
        return transit == Transit::shown ? store.after(room, after, limit + 1)
                                         : store.kept_after(room, after, limit + 1);
    });
    if (!out)
        return out;
    cut(*out, limit, false);
    std::int64_t last = since;
    for (const Message& message : out->messages) {
        out->gap = out->gap || message.seq != last + 1;
        last = message.seq;
    }
    out->gap = out->gap || (!out->more && last < out->head);
    return out;
}

Result<std::vector<Message>> Chat::between(
    RoomId room, std::int64_t after, std::int64_t before, int limit
) {
    using Messages = Result<std::vector<Message>>;
    return fetch(content_, "reading messages", [&](ContentTransaction& tx) -> Messages {
        Messages found = tx.messages().after(room, after, limit);
        if (!found)
            return found;
        std::erase_if(*found, [before](const Message& one) { return one.seq >= before; });
        if (Result<void> attached = attach_files(tx, *found); !attached)
            return pass(std::move(attached).error());
        return found;
    });
}

Result<std::vector<Message>> Chat::changes(RoomId room, std::int64_t since_rev, int limit) {
    return fetch(content_, "reading changes", [&](ContentTransaction& tx) {
        return tx.messages().changed(room, since_rev, limit);
    });
}

void Chat::record(
    std::int64_t kind,
    PrincipalId user,
    RoomId room,
    std::string_view detail,
    std::function<void(const Result<void>&)> done
) {
    if (!facts_.compliance) {
        if (done)
            done({});
        return;
    }
    Recording recording;
    recording.kind = kind;
    recording.at = clock_.now();
    recording.deadline = clock_.steady() + facts_.patience;
    recording.body = directory_.read([&](const DirectoryState& state) {
        return compliance_text(state, kind, user, room, recording.at, detail);
    });
    recording.done = done;
    if (kind == compliance_join && done)  // it ended as it began
        recording.stored_late = [this, user, room] {
            record(compliance_part, user, room, {}, nullptr);
        };
    const Result<void> pushed = commits_->push(std::move(recording));
    if (!pushed && done)
        done(pushed);
    else if (!pushed)
        log::error("compliance misses an event of kind {}: {}", kind, pushed.error().message);
}

Result<void> Chat::apply(const Touched& touched) {
    if (Result<void> refreshed = directory_.refresh(content_, touched); !refreshed) {
        // Who is to go needs no reading, and must not wait for it; nor is it asked again of those
        // who have come back.
        Touched later = touched;
        Touched out;
        out.signed_out = touched.signed_out;
        out.revoked = touched.revoked;
        out.anybody_out = touched.anybody_out;
        out.ended = std::exchange(later.ended, {});
        out.disconnected = std::exchange(later.disconnected, {});
        apply_later(std::move(later));
        if (!out.empty())
            audience_.obey(out);
        return refreshed;
    }
    audience_.obey(touched);
    if (!touched.invited.empty())
        audience_.invited(touched.invited);
    return {};
}

void Chat::apply_later(Touched touched) {
    ++unapplied_count_;
    unapplied_.with([&](auto& list) { list.push_back(std::move(touched)); });
}

Result<void> Chat::apply_again() {
    Result<void> out;
    for (const Touched& touched :
         unapplied_.with([](auto& list) { return std::exchange(list, {}); })) {
        if (Result<void> applied = apply(touched); !applied)
            out = std::move(applied);
        --unapplied_count_;  // what failed was counted anew
    }
    return out;
}

std::vector<PrincipalId> mentioned(const DirectoryState& state, std::string_view text) {
    constexpr std::size_t most = 50;
    constexpr std::size_t longest = 64;
    std::vector<PrincipalId> out;
    const auto part_of_name = [](char c) {
        return c != ' ' && c != '@' && c != ',' && c != ';' && c != ':' && c != '!' && c != '?' &&
               c != '(' && c != ')' && c != '"' && c != '<' && c != '>' &&
               static_cast<unsigned char>(c) > ' ';
    };
    for (std::size_t at = text.find('@'); at != std::string_view::npos && out.size() < most;
         at = text.find('@', at + 1)) {
        if (at > 0 && part_of_name(text[at - 1]))
            continue;  // within an address
        std::size_t end = at + 1;
        while (end < text.size() && end - at <= longest && part_of_name(text[end]))
            ++end;
        std::string_view name = text.substr(at + 1, end - at - 1);
        while (!name.empty() && name.back() == '.')
            name.remove_suffix(1);
        if (name.empty())
            continue;
        for (const PrincipalId user : state.users_called(fold_case(name)))
            if (std::find(out.begin(), out.end(), user) == out.end())
                out.push_back(user);
    }
    return out;
}

}  // namespace pchat
