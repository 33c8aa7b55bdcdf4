// SPDX-License-Identifier: Apache-2.0
#include "server/service/message_admin.h"

#include "server/domain/compliance.h"
#include "server/service/attached_files.h"
#include "server/service/audit_text.h"
#include "server/service/room_admin.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

namespace pchat {
namespace {

tl::unexpected<Error> no_message(std::string_view room, std::int64_t seq) {
    return fail_as(
        "message-not-found",
        Errc::not_found,
        fmt::format("there is no message {} in room '{}'", seq, room),
        {},
        "seq"
    );
}

Result<RoomHead> head_of(ContentTransaction& tx, const KnownRoom& room) {
    const auto head = tx.messages().head(room.room.id);
    if (!head)
        return pass(head.error());
    if (!*head)
        return fail(Errc::internal, fmt::format("room '{}' has no head", room.room.name));
    return **head;
}

std::int64_t bytes_of(const Message& message) {
    return static_cast<std::int64_t>(
        message.body.size() + (message.subject ? message.subject->size() : 0)
    );
}

/// For the audit log and compliance, which keeps the text itself from when it was sent.
AuditText difference(std::int64_t seq, const Message& before, const Message& after) {
    constexpr std::array<std::string_view, 3> words{"sent", "removed", "replaced"};
    AuditText out;
    out.text("seq", {}, std::to_string(seq));
    out.text(
        "change",
        words[static_cast<std::size_t>(before.change)],
        words[static_cast<std::size_t>(after.change)]
    );
    out.number("rev", before.rev, after.rev);
    if (after.change == MessageChange::replaced) {
        out.text("subject", before.subject, after.subject);
        out.text("body", before.body, after.body);
    }
    return out;
}

/// What one change of a room's messages has in common with the others.
class Rewrite {
public:
    Rewrite(Changes& changes, Change& change, const AdminCall& call)
        : chat_(changes.chat()), change_(change), call_(call) {}

    Result<void> open(std::string_view room) {
        Result<KnownRoom> found = administered_room(change_.tx(), call_, room);
        if (!found)
            return pass(std::move(found).error());
        room_ = std::move(*found);
        return {};
    }

    Result<Message> find(std::int64_t seq) {
        const Result<RoomHead> head = head_of(change_.tx(), room_);
        if (!head)
            return pass(head.error());
        auto found = change_.tx().messages().find(room_.room.id, seq);
        if (!found)
            return pass(std::move(found).error());
        if (!*found || seq < head->first_seq)
            return no_message(room_.room.name, seq);
        return std::move(**found);
    }

    /// Gives the message the room's next rev.
    Result<void> write(Message& message, const Message& before) {
        MessageStore& store = change_.tx().messages();
        const Result<RoomHead> head =
            store.raise_rev(room_.room.id, bytes_of(message) - bytes_of(before));
        if (!head)
            return pass(head.error());
        message.rev = head->rev;
        message.changed_at = change_.now();
        message.changed_by = call_.person.id;
        if (Result<void> changed = store.change(message); !changed)
            return changed;
        return log(
            message.change == MessageChange::removed ? "message.remove" : "message.replace",
            audit_object_message,
            message.change == MessageChange::removed ? compliance_removal : compliance_replacement,
            difference(message.seq, before, message)
        );
    }

    Result<void> log(
        std::string action, std::int64_t object_kind, std::int64_t kind, const AuditText& text
    ) {
        change_.audit(
            std::move(action),
            object_kind,
            room_.room.id.value,
            room_.room.name,
            text.before(),
            text.after()
        );
        const auto category = change_.tx().categories().find(room_.room.category);
        if (!category)
            return pass(category.error());
        change_.record(kind, chat_.directory().read([&](const DirectoryState& state) {
            return compliance_text(
                state,
                kind,
                call_.person.id,
                category->value_or(Category{}),
                &room_.room,
                change_.now(),
                text.both()
            );
        }));
        change_.touched.revised.push_back(room_.room.id);
        return {};
    }

    ContentTransaction& tx() { return change_.tx(); }
    [[nodiscard]] const KnownRoom& room() const { return room_; }
    [[nodiscard]] Microseconds now() const { return change_.now(); }

private:
    Chat& chat_;
    Change& change_;
    const AdminCall& call_;
    KnownRoom room_;
};

/// `edit` says whether anything is to be written.
Result<MessageChanged> rewrite(
    Changes& changes,
    const AdminCall& call,
    std::string_view room,
    std::int64_t seq,
    const std::function<Result<bool>(Rewrite&, Message&)>& edit
) {
    Message message;
    bool wrote = false;
    MessageChanged out;
    Result<void> done = changes.run(
        "changing a message",
        call.actor,
        [&](Change& change) -> Result<void> {
            wrote = false;  // the work may run twice
            Rewrite work{changes, change, call};
            if (Result<void> opened = work.open(room); !opened)
                return opened;
            Result<Message> found = work.find(seq);
            if (!found)
                return pass(std::move(found).error());
            if (Result<void> attached = attach_file(change.tx(), *found); !attached)
                return attached;
            message = *found;
            const Result<bool> wanted = edit(work, message);
            if (!wanted)
                return pass(wanted.error());
            if (*wanted)
                if (Result<void> written = work.write(message, *found); !written)
                    return written;
            wrote = *wanted;
            out = {work.room().room.uuid, seq, message.rev, wrote};
            return {};
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    if (wrote && !call.dry_run)
        changes.chat().audience().changed(message.room, message.rev, {message});
    return out;
}

/// The number of the first message that stays.
Result<std::int64_t> first_kept(
    ContentTransaction& tx, const RoomHead& head, const ClearBefore& before
) {
    const std::int64_t end = head.last_seq + 1;
    if (before.seq)
        return std::min(*before.seq, end);
    if (!before.time)
        return end;
    // Times rise with numbers. Messages may be missing in front, none in between.
    std::int64_t low = head.first_seq;
    std::int64_t high = end;
    while (low < high) {
        const std::int64_t middle = low + (high - low) / 2;
        const auto found = tx.messages().after(head.room, middle - 1, 1);
        if (!found)
            return pass(found.error());
        if (found->empty() || found->front().at >= *before.time)
            high = middle;
        else
            low = std::max(middle, found->front().seq) + 1;
    }
    return low;
}

}  // namespace

Result<MessageChanged> remove_message(
    Changes& changes, const AdminCall& call, std::string_view room, std::int64_t seq
) {
    return rewrite(changes, call, room, seq, [](Rewrite& work, Message& message) -> Result<bool> {
        if (message.change == MessageChange::removed)
            return false;
        message.change = MessageChange::removed;
        message.subject.reset();
        message.body.clear();
        message.attached.reset();
        if (message.file)
            if (Result<void> gone = work.tx().files().remove(*message.file, work.now()); !gone)
                return pass(std::move(gone).error());
        return true;
    });
}

Result<MessageChanged> replace_message(
    Changes& changes,
    const AdminCall& call,
    std::string_view room,
    std::int64_t seq,
    const Replacement& by
) {
    return rewrite(changes, call, room, seq, [&](Rewrite&, Message& message) -> Result<bool> {
        if (by.subject && message.kind != MessageKind::story)
            return fail_as(
                "bad-value",
                Errc::invalid,
                "only a story has a subject",
                "leave the subject out",
                "subject"
            );
        message.change = MessageChange::replaced;
        message.format = MessageFormat::text;  // what an administrator wrote is plain
        message.body = by.body;
        if (by.subject)
            message.subject = by.subject;
        return true;
    });
}

Result<RoomCleared> clear_room(
    Changes& changes, const AdminCall& call, std::string_view room, const ClearBefore& before
) {
    RoomCleared out;
    RoomId id;
    bool wrote = false;
    Result<void> done = changes.run(
        "clearing the room",
        call.actor,
        [&](Change& change) -> Result<void> {
            wrote = false;  // the work may run twice
            Rewrite work{changes, change, call};
            if (Result<void> opened = work.open(room); !opened)
                return opened;
            id = work.room().room.id;
            Result<RoomHead> head = head_of(change.tx(), work.room());
            if (!head)
                return pass(std::move(head).error());
            Result<std::int64_t> first = first_kept(change.tx(), *head, before);
            if (!first)
                return pass(std::move(first).error());
            out = {work.room().room.uuid, head->first_seq, head->rev, false};
            if (*first <= head->first_seq)
                return {};
            const std::int64_t was = head->first_seq;
            const std::int64_t old_rev = head->rev;
            head = change.tx().messages().raise_rev(id, 0);  // and locks it
            if (!head)
                return pass(std::move(head).error());
            if (Result<void> raised = change.tx().messages().raise_first(id, *first); !raised)
                return raised;
            wrote = true;
            out.first = *first;
            out.rev = head->rev;
            out.changed = true;
            AuditText text;
            text.number("first", was, out.first);
            text.number("rev", old_rev, out.rev);
            return work.log("room.clear", audit_object_room, compliance_purge, text);
        },
        call.dry_run
    );
    if (!done)
        return pass(std::move(done).error());
    if (wrote && !call.dry_run)
        changes.chat().audience().cleared(id, out.rev, out.first);
    return out;
}

}  // namespace pchat
