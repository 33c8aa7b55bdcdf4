// SPDX-License-Identifier: Apache-2.0
#include "server/domain/compliance.h"
#include "server/service/chat.h"

#include <nlohmann/json.hpp>

namespace pchat {
namespace {

using nlohmann::ordered_json;

void add(ordered_json& out, const Room& room) {
    out["room"] = room.uuid;
    out["room_name"] = room.name;
}

void add(ordered_json& out, const Category& category) {
    out["category"] = category.name;
    out["history"] = category.history;
}

void add(ordered_json& out, const DirectoryState& state, PrincipalId user) {
    if (const KnownPrincipal* known = state.principal(user)) {
        out["user"] = known->uuid;
        out["user_name"] = known->written();
        out["display"] = known->display;
    }
}

ordered_json about(const DirectoryState& state, PrincipalId user, RoomId room, Microseconds at) {
    ordered_json out = ordered_json::object();
    out["at"] = at;
    if (const KnownRoom* known = state.room(room)) {
        add(out, known->room);
        if (const KnownCategory* category = state.category(known->room.category))
            add(out, category->category);
    } else {
        out["room_id"] = room.value;
    }
    add(out, state, user);
    return out;
}

// What is stored was checked to be UTF-8; a broken byte must not stop a commit all the same.
std::string text_of(const ordered_json& json) {
    return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string compliance_text(
    const DirectoryState& state,
    std::int64_t kind,
    PrincipalId user,
    RoomId room,
    Microseconds at,
    std::string_view detail
) {
    ordered_json out = about(state, user, room, at);
    out["kind"] = kind;
    if (!detail.empty())
        out["detail"] = detail;
    return text_of(out);
}

std::string compliance_text(
    const DirectoryState& state,
    std::int64_t kind,
    PrincipalId user,
    const Category& category,
    const Room* room,
    Microseconds at,
    std::string_view detail
) {
    ordered_json out = ordered_json::object();
    out["at"] = at;
    if (room != nullptr)
        add(out, *room);
    add(out, category);
    add(out, state, user);
    out["kind"] = kind;
    out["detail"] = ordered_json::parse(detail, nullptr, false);
    return text_of(out);
}

std::string compliance_text(const DirectoryState& state, const Message& message) {
    ordered_json out = about(state, message.sender, message.room, message.at);
    out["kind"] = compliance_chat;
    out["seq"] = message.seq;
    out["message_kind"] = static_cast<int>(message.kind);
    out["format"] = static_cast<int>(message.format);
    if (message.subject)
        out["subject"] = *message.subject;
    out["body"] = message.body;
    return text_of(out);
}

}  // namespace pchat
