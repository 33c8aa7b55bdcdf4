// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <memory>
#include <optional>
#include <string>

namespace pchat {

enum class MessageKind : std::uint8_t { text = 1, alert, story };
enum class MessageFormat : std::uint8_t { text = 1, rtf };
enum class MessageChange : std::uint8_t { none, removed, replaced };

struct StoredFile;

struct Message {
    RoomId room;
    std::int64_t seq = 0;
    Microseconds at = 0;
    PrincipalId sender;
    std::optional<FileId> file;
    std::int64_t rev = 0;  // RoomHead::rev of its last change
    std::optional<Microseconds> changed_at;
    std::optional<PrincipalId> changed_by;
    MessageChange change = MessageChange::none;
    MessageKind kind = MessageKind::text;
    MessageFormat format = MessageFormat::text;
    bool transit = false;  // of a category without history
    std::optional<std::string> subject;
    std::string body;
    /// What readers are told of `file`; not stored. Whoever shows messages sets it (attach_files).
    std::shared_ptr<const StoredFile> attached;
};

/// What tells a message that was sent twice.
struct MessageKey {
    PrincipalId sender;
    std::string key_hash;
    RoomId room;
    std::int64_t seq = 0;
    Microseconds at = 0;
    std::string content_hash;  // tells a repeat from a key used again
};

struct Mention {
    PrincipalId user;
    RoomId room;
    std::int64_t seq = 0;
};

struct ReadMark {
    PrincipalId user;
    RoomId room;
    std::int64_t seq = 0;
    Microseconds at = 0;
};

struct KeywordWatch {
    PrincipalId user;
    std::string keyword_key;
    std::string keyword;
};

enum class FileState : std::uint8_t { arriving = 1, stored, removed };

/// What the file store holds under the uuid; the name is for display.
struct StoredFile {
    FileId id;
    std::string uuid;
    RoomId room;
    PrincipalId uploader;
    FileState state = FileState::arriving;
    std::int64_t size_bytes = 0;
    std::optional<std::string> sha256;
    std::string name;
    std::string media_type;
    Microseconds created_at = 0;
    std::optional<Microseconds> removed_at;
};

}  // namespace pchat
