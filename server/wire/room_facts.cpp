// SPDX-License-Identifier: Apache-2.0
#include "server/wire/room_facts.h"

#include "server/wire/json_text.h"

namespace pchat::wire {

std::string_view word(RoomType type) {
    return type == RoomType::auditorium ? "auditorium" : "normal";
}

std::string_view word(RoomPrivacy privacy) {
    switch (privacy) {
    case RoomPrivacy::open:
        return "open";
    case RoomPrivacy::closed:
        return "closed";
    case RoomPrivacy::secret:
        return "secret";
    }
    return "secret";
}

void append(std::string& out, const AddinFacts& addin) {
    out += '{';
    FieldWriter{out}.text("name", addin.name).text("url", addin.url);
    out += '}';
}

void append(std::string& out, const Participant& participant) {
    out += '{';
    FieldWriter{out}.text("user", participant.user).text("display", participant.display);
    out += '}';
}

void append(std::string& out, const RoomFacts& room) {
    out += '{';
    FieldWriter fields{out};
    fields.text("id", room.id)
        .text("name", room.name)
        .text("type", word(room.type))
        .text("privacy", word(room.privacy))
        .text("description", room.description);
    if (!room.category.empty())
        fields.text("category", room.category);
    if (room.addin)
        append(fields.name("addin"), *room.addin);
    if (room.disabled)
        fields.boolean("disabled", true);
    fields.texts("may", room.may);
    out += '}';
}

}  // namespace pchat::wire
