// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace pchat::wire {

enum class MessageKind : std::uint8_t { text, alert, story };
enum class MessageFormat : std::uint8_t { text, rtf };
enum class MessageChange : std::uint8_t { none, removed, replaced };

/// A file of a room as messages name it; its bytes are fetched by the id.
struct FileFacts {
    std::string_view id;
    std::string_view name;
    std::int64_t size = 0;
    std::string_view type;  // "application/pdf"
};

/// A message as readers get it. Borrows its texts: for the one call that writes it.
struct Message {
    std::int64_t seq = 0;
    std::string_view from;  // "sip:alice@contoso.example"
    std::string_view display;
    Microseconds at = 0;
    MessageKind kind = MessageKind::text;
    MessageFormat format = MessageFormat::text;
    std::optional<std::string_view> subject;
    std::string_view body;
    std::optional<FileFacts> file;
    MessageChange change = MessageChange::none;
    std::int64_t rev = 0;  // of its last change; written only when there was one
    std::optional<Microseconds> changed_at;
};

/// `"seq":1,"from":...` without braces: made once, then part of the event, of the recent messages
/// of a room and of every reply.
std::string message_fields(const Message& message);

/// What message_fields gave, shared by all who send it.
using MessageText = std::shared_ptr<const std::string>;

std::string_view word(MessageKind kind);
std::string_view word(MessageFormat format);

}  // namespace pchat::wire
