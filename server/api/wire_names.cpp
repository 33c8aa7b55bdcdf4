// SPDX-License-Identifier: Apache-2.0
#include "server/api/wire_names.h"

#include <array>
#include <utility>

namespace pchat::api {
namespace {

constexpr std::array right_words{
    std::pair{Right::view, std::string_view{"view"}},
    std::pair{Right::join, std::string_view{"join"}},
    std::pair{Right::chat, std::string_view{"chat"}},
    std::pair{Right::history, std::string_view{"history"}},
    std::pair{Right::upload, std::string_view{"upload"}},
    std::pair{Right::invitation, std::string_view{"invitation"}},
    std::pair{Right::manage, std::string_view{"manage"}},
    std::pair{Right::administration, std::string_view{"administration"}},
};

// Their numbers are the database's there, and the schema's here.
wire::MessageKind wire_kind(MessageKind kind) {
    switch (kind) {
    case MessageKind::text:
        return wire::MessageKind::text;
    case MessageKind::alert:
        return wire::MessageKind::alert;
    case MessageKind::story:
        return wire::MessageKind::story;
    }
    return wire::MessageKind::text;
}

wire::MessageChange wire_change(MessageChange change) {
    switch (change) {
    case MessageChange::none:
        return wire::MessageChange::none;
    case MessageChange::removed:
        return wire::MessageChange::removed;
    case MessageChange::replaced:
        return wire::MessageChange::replaced;
    }
    return wire::MessageChange::none;
}

wire::RoomPrivacy wire_privacy(RoomPrivacy privacy) {
    switch (privacy) {
    case RoomPrivacy::open:
        return wire::RoomPrivacy::open;
    case RoomPrivacy::closed:
        return wire::RoomPrivacy::closed;
    case RoomPrivacy::secret:
        return wire::RoomPrivacy::secret;
    }
    return wire::RoomPrivacy::closed;
}

}  // namespace

MessageKind domain_kind(wire::MessageKind kind) {
    switch (kind) {
    case wire::MessageKind::text:
        return MessageKind::text;
    case wire::MessageKind::alert:
        return MessageKind::alert;
    case wire::MessageKind::story:
        return MessageKind::story;
    }
    return MessageKind::text;
}

MessageFormat domain_format(wire::MessageFormat format) {
    return format == wire::MessageFormat::rtf ? MessageFormat::rtf : MessageFormat::text;
}

std::string message_text(const DirectoryState& state, const Message& message) {
    wire::Message out;
    const KnownPrincipal* sender = state.principal(message.sender);
    const std::string from = sender == nullptr ? std::string{} : sender->written();
    out.seq = message.seq;
    out.from = from;
    if (sender != nullptr)
        out.display = sender->display;
    out.at = message.at;
    out.kind = wire_kind(message.kind);
    out.format =
        message.format == MessageFormat::rtf ? wire::MessageFormat::rtf : wire::MessageFormat::text;
    if (message.subject)
        out.subject = *message.subject;
    out.body = message.body;
    if (message.attached)
        out.file = wire::FileFacts{
            message.attached->uuid,
            message.attached->name,
            message.attached->size_bytes,
            message.attached->media_type};
    out.change = wire_change(message.change);
    out.rev = message.rev;
    out.changed_at = message.changed_at;
    return wire::message_fields(out);
}

wire::RoomFacts room_facts(const DirectoryState& state, const KnownRoom& room, Rights rights) {
    wire::RoomFacts out;
    out.id = room.room.uuid;
    out.name = room.room.name;
    out.type = room.room.type == RoomType::auditorium ? wire::RoomType::auditorium
                                                      : wire::RoomType::normal;
    out.privacy = wire_privacy(room.room.privacy);
    out.description = room.room.description;
    if (room.room.addin)
        if (const Addin* addin = state.addin(*room.room.addin))
            out.addin = wire::AddinFacts{addin->name, addin->url};
    out.may = words(rights);
    if (const KnownCategory* category = state.category(room.room.category))
        out.category = category->category.name;
    out.disabled = room.room.disabled;
    return out;
}

wire::Participant participant(const DirectoryState& state, PrincipalId user) {
    const KnownPrincipal* known = state.principal(user);
    return known == nullptr ? wire::Participant{}
                            : wire::Participant{known->written(), known->display};
}

std::string written(const DirectoryState& state, PrincipalId user) {
    const KnownPrincipal* known = state.principal(user);
    return known == nullptr ? std::string{} : known->written();
}

std::vector<std::string_view> words(Rights rights) {
    std::vector<std::string_view> out;
    for (const auto& [right, word] : right_words)
        if (rights.has(right))
            out.push_back(word);
    return out;
}

}  // namespace pchat::api
