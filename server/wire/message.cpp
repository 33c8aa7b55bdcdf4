// SPDX-License-Identifier: Apache-2.0
#include "server/wire/message.h"

#include "server/wire/json_text.h"

namespace pchat::wire {
namespace {

void append(std::string& out, const FileFacts& file) {
    out += '{';
    FieldWriter{out}
        .text("id", file.id)
        .text("name", file.name)
        .number("size", file.size)
        .text("type", file.type);
    out += '}';
}

std::string_view word(MessageChange change) {
    return change == MessageChange::removed ? "removed" : "replaced";
}

}  // namespace

std::string_view word(MessageKind kind) {
    switch (kind) {
    case MessageKind::text:
        return "text";
    case MessageKind::alert:
        return "alert";
    case MessageKind::story:
        return "story";
    }
    return "text";
}

std::string_view word(MessageFormat format) {
    return format == MessageFormat::rtf ? "rtf" : "text";
}

std::string message_fields(const Message& message) {
    std::string out;
    constexpr std::size_t names_and_numbers = 160;
    out.reserve(message.body.size() + names_and_numbers);
    FieldWriter fields{out};
    fields.number("seq", message.seq)
        .text("from", message.from)
        .text("display", message.display)
        .time("at", message.at)
        .text("kind", word(message.kind));
    if (message.subject)
        fields.text("subject", *message.subject);
    if (message.format != MessageFormat::text)
        fields.text("format", word(message.format));
    fields.text("body", message.body);
    if (message.file)
        append(fields.name("file"), *message.file);
    if (message.change != MessageChange::none) {
        fields.text("change", word(message.change)).number("rev", message.rev);
        if (message.changed_at)
            fields.time("changed_at", *message.changed_at);
    }
    return out;
}

}  // namespace pchat::wire
