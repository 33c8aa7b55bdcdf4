// SPDX-License-Identifier: Apache-2.0
#include "server/wire/reply.h"

#include "server/wire/json_text.h"

namespace pchat::wire {
namespace {

// {"type":"ok","id":"7", ... } - what is between is added to fields().
class Ok {
public:
    explicit Ok(std::string_view id) : out_("{"), fields_(out_) {
        fields_.text("type", "ok").text("id", id);
    }
    FieldWriter& fields() { return fields_; }
    std::string finish() {
        out_ += '}';
        return std::move(out_);
    }

private:
    std::string out_;
    FieldWriter fields_;
};

void append_message(std::string& out, const MessageText& message) {
    out += '{';
    out += *message;
    out += '}';
}

void append(std::string& out, const InvitationsReply::Item& item) {
    out += '{';
    FieldWriter{out}
        .number("sequence", item.sequence)
        .text("room", item.room)
        .text("name", item.name)
        .text("by", item.by)
        .time("at", item.at);
    out += '}';
}

void append(std::string& out, const SearchReply::Found& found) {
    out += '{';
    FieldWriter{out}.text("room", found.room).fields(*found.message);
    out += '}';
}

template <class Item>
void append_item(std::string& out, const Item& item) {
    append(out, item);
}

void write(FieldWriter& fields, const JoinReply& joined) {
    append(fields.name("room"), joined.room);
    fields.number("head", joined.head)
        .number("first", joined.first)
        .number("rev", joined.rev)
        .list("messages", joined.messages, append_message)
        .boolean("more", joined.more)
        .list(
            "removed",
            joined.removed,
            [](std::string& out, const Removal& removal) {
                out += '{';
                FieldWriter inner{out};
                write(inner, removal);
                out += '}';
            }
        )
        .boolean("gap", joined.gap);
    if (joined.participants)
        fields.list("participants", *joined.participants, append_item<Participant>);
    else
        fields.number("participant_count", joined.participant_count);
}

void append_joined(std::string& out, const std::variant<JoinReply, JoinRefused>& room) {
    out += '{';
    FieldWriter fields{out};
    if (const auto* joined = std::get_if<JoinReply>(&room)) {
        write(fields, *joined);
    } else {
        const auto& refused = std::get<JoinRefused>(room);
        fields.text("asked", refused.room).fields(error_fields(refused.error));
    }
    out += '}';
}

}  // namespace

void write(FieldWriter& fields, const Removal& removal) {
    fields.number("rev", removal.rev).numbers("seqs", removal.seqs);
    if (removal.replacement)
        fields.text("replacement", *removal.replacement);
}

std::string reply(std::string_view id, const JoinReply& body) {
    Ok ok{id};
    write(ok.fields(), body);
    return ok.finish();
}

std::string reply(std::string_view id, const JoinSeveralReply& body) {
    Ok ok{id};
    ok.fields().list("rooms", body.rooms, append_joined);
    return ok.finish();
}

std::string reply(std::string_view id, const SendReply& body) {
    Ok ok{id};
    ok.fields().number("seq", body.seq).time("at", body.at);
    return ok.finish();
}

std::string reply(std::string_view id, const HistoryReply& body) {
    Ok ok{id};
    ok.fields().list("messages", body.messages, append_message).boolean("more", body.more);
    return ok.finish();
}

std::string reply(std::string_view id, const SearchReply& body) {
    Ok ok{id};
    ok.fields().list("messages", body.messages, append_item<SearchReply::Found>);
    if (body.cursor)
        ok.fields().text("cursor", *body.cursor);
    return ok.finish();
}

std::string reply(std::string_view id, const RoomsReply& body) {
    Ok ok{id};
    ok.fields().list("rooms", body.rooms, append_item<RoomFacts>);
    if (body.cursor)
        ok.fields().text("cursor", *body.cursor);
    return ok.finish();
}

std::string reply(std::string_view id, const RosterReply& body) {
    Ok ok{id};
    ok.fields().list("participants", body.participants, append_item<Participant>);
    return ok.finish();
}

std::string reply(std::string_view id, const InvitationsReply& body) {
    Ok ok{id};
    ok.fields()
        .list("invitations", body.invitations, append_item<InvitationsReply::Item>)
        .number("last", body.last);
    return ok.finish();
}

std::string reply(std::string_view id, const UnreadReply& body) {
    Ok ok{id};
    std::string& out = ok.fields().name("rooms");
    out += '{';
    FieldWriter rooms{out};  // ids need no escaping
    for (const UnreadReply::Item& item : body.rooms) {
        rooms.name(item.room) += '{';
        FieldWriter{out}
            .number("head", item.head)
            .number("read", item.read)
            .number("unread", item.unread)
            .number("mentions", item.mentions);
        out += '}';
    }
    out += '}';
    return ok.finish();
}

std::string reply(std::string_view id, const Pong& body) {
    Ok ok{id};
    ok.fields().time("time", body.time);
    return ok.finish();
}

std::string reply(std::string_view id, const Done& /*body*/) {
    return Ok{id}.finish();
}

std::string error_fields(const Error& error) {
    std::string out;
    FieldWriter fields{out};
    fields.text("code", error_token(error)).text("message", well_formed(error.message));
    if (!error.hint.empty())
        fields.text("hint", well_formed(error.hint));
    if (!error.field.empty())
        fields.text("field", error.field);
    return out;
}

std::string refusal(std::string_view id, const Error& error) {
    std::string out = "{";
    FieldWriter fields{out};
    fields.text("type", "err");
    if (id.empty())
        fields.json("id", "null");
    else
        fields.text("id", id);
    fields.fields(error_fields(error));
    out += '}';
    return out;
}

}  // namespace pchat::wire
