// SPDX-License-Identifier: Apache-2.0
#include "server/wire/event.h"

#include "server/wire/json_text.h"

namespace pchat::wire {
namespace {

class Event {
public:
    explicit Event(std::string_view type) : out_("{"), fields_(out_) { fields_.text("type", type); }
    Event(std::string_view type, std::string_view room) : Event(type) {
        fields_.text("room", room);
    }
    FieldWriter& fields() { return fields_; }
    std::string& out() { return out_; }
    std::string finish() {
        out_ += '}';
        return std::move(out_);
    }

private:
    std::string out_;
    FieldWriter fields_;
};

std::string_view word(GoneEvent::Reason reason) {
    switch (reason) {
    case GoneEvent::Reason::access:
        return "access";
    case GoneEvent::Reason::disabled:
        return "disabled";
    case GoneEvent::Reason::deleted:
        return "deleted";
    }
    return "access";
}

std::string_view word(MovedEvent::Reason reason) {
    switch (reason) {
    case MovedEvent::Reason::drain:
        return "drain";
    case MovedEvent::Reason::shutdown:
        return "shutdown";
    case MovedEvent::Reason::full:
        return "full";
    case MovedEvent::Reason::standby:
        return "standby";
    }
    return "drain";
}

void append(std::string& out, const ServerLimits& limits) {
    out += '{';
    FieldWriter{out}
        .number("message", limits.message)
        .number("story", limits.story)
        .number("file_kb", limits.file_kb)
        .number("search", limits.search)
        .number("participants", limits.participants)
        .number("history", limits.history);
    out += '}';
}

}  // namespace

std::string event(const Welcome& welcome) {
    Event frame{"welcome"};
    frame.fields()
        .text("session", welcome.session)
        .text("user", welcome.user)
        .text("display", welcome.display)
        .text("server", welcome.server)
        .texts("servers", welcome.servers);
    append(frame.fields().name("limits"), welcome.limits);
    frame.fields().time("time", welcome.time);
    return frame.finish();
}

std::string event(const MessageEvent& message) {
    Event frame{"msg", message.room};
    frame.out().reserve(message.fields.size() + message.room.size() + 32);
    frame.fields().fields(message.fields);
    return frame.finish();
}

std::string event(const RosterEvent& roster) {
    Event frame{"roster", roster.room};
    if (!roster.count_only)
        frame.fields()
            .list(
                "joined",
                roster.joined,
                [](std::string& out, const Participant& who) { append(out, who); }
            )
            .texts("left", roster.left);
    frame.fields().number("count", roster.count);
    return frame.finish();
}

std::string event(const InvitedEvent& invited) {
    Event frame{"invited", invited.room};
    frame.fields()
        .text("name", invited.name)
        .text("by", invited.by)
        .number("sequence", invited.sequence);
    return frame.finish();
}

std::string event(const RemovedEvent& removed) {
    Event frame{"removed", removed.room};
    write(frame.fields(), removed.removal);
    return frame.finish();
}

std::string event(const ClearedEvent& cleared) {
    Event frame{"cleared", cleared.room};
    frame.fields().number("rev", cleared.rev).number("first", cleared.first);
    return frame.finish();
}

std::string event(const RoomEvent& room) {
    Event frame{"room", room.room};
    FieldWriter& fields = frame.fields();
    if (room.name)
        fields.text("name", *room.name);
    if (room.type)  // not "type", which is the event's own
        fields.text("room_type", word(*room.type));
    if (room.privacy)
        fields.text("privacy", word(*room.privacy));
    if (room.description)
        fields.text("description", *room.description);
    if (room.category)
        fields.text("category", *room.category);
    if (room.addin && *room.addin)
        append(fields.name("addin"), **room.addin);
    else if (room.addin)
        fields.json("addin", "null");
    if (room.disabled)
        fields.boolean("disabled", *room.disabled);
    if (room.may)
        fields.texts("may", *room.may);
    return frame.finish();
}

std::string event(const GoneEvent& gone) {
    Event frame{"gone", gone.room};
    frame.fields().text("reason", word(gone.reason));
    return frame.finish();
}

std::string event(const NoticeEvent& notice) {
    Event frame{"notice", notice.room};
    frame.fields().number("seq", notice.seq).text("keyword", notice.keyword);
    return frame.finish();
}

std::string event(const MovedEvent& moved) {
    Event frame{"moved"};
    frame.fields().text("reason", word(moved.reason)).texts("servers", moved.servers);
    return frame.finish();
}

}  // namespace pchat::wire
