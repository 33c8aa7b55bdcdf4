// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/message.h"
#include "server/store/sql/mapping.h"

namespace pchat::sql {

template <>
struct Mapping<Message> {
    static constexpr std::string_view table = "message";
    static constexpr auto columns = std::tuple{
        column("room_id", &Message::room, Part::key),
        column("seq", &Message::seq, Part::key),
        column("at", &Message::at),
        column("sender_id", &Message::sender),
        column("file_id", &Message::file),
        column("rev", &Message::rev, Part::free),
        column("changed_at", &Message::changed_at, Part::free),
        column("changed_by", &Message::changed_by, Part::free),
        column("change", &Message::change, Part::free),
        column("kind", &Message::kind),
        column("format", &Message::format, Part::free),
        column("transit", &Message::transit),
        column("subject", &Message::subject, Part::free, Letters::any),
        column("body", &Message::body, Part::free, Letters::any)};
};

template <>
struct Mapping<MessageKey> {
    static constexpr std::string_view table = "message_key";
    static constexpr auto columns = std::tuple{
        column("sender_id", &MessageKey::sender, Part::key),
        column("key_hash", &MessageKey::key_hash, Part::key),
        column("room_id", &MessageKey::room),
        column("seq", &MessageKey::seq),
        column("at", &MessageKey::at),
        column("content_hash", &MessageKey::content_hash)};
};

template <>
struct Mapping<Mention> {
    static constexpr std::string_view table = "mention";
    static constexpr auto columns = std::tuple{
        column("user_id", &Mention::user, Part::key),
        column("room_id", &Mention::room, Part::key),
        column("seq", &Mention::seq, Part::key)};
};

template <>
struct Mapping<ReadMark> {
    static constexpr std::string_view table = "read_mark";
    static constexpr auto columns = std::tuple{
        column("user_id", &ReadMark::user, Part::key),
        column("room_id", &ReadMark::room, Part::key),
        column("seq", &ReadMark::seq, Part::free),
        column("at", &ReadMark::at, Part::free)};
};

template <>
struct Mapping<KeywordWatch> {
    static constexpr std::string_view table = "keyword_watch";
    static constexpr auto columns = std::tuple{
        column("user_id", &KeywordWatch::user, Part::key),
        column("keyword_key", &KeywordWatch::keyword_key, Part::key),
        column("keyword", &KeywordWatch::keyword, Part::fixed, Letters::any)};
};

template <>
struct Mapping<StoredFile> {
    static constexpr std::string_view table = "stored_file";
    static constexpr auto columns = std::tuple{
        column("id", &StoredFile::id, Part::key),
        column("uuid", &StoredFile::uuid),
        column("room_id", &StoredFile::room),
        column("uploader_id", &StoredFile::uploader),
        column("state", &StoredFile::state),
        column("size_bytes", &StoredFile::size_bytes),
        column("sha256", &StoredFile::sha256),
        column("name", &StoredFile::name, Part::fixed, Letters::any),
        column("media_type", &StoredFile::media_type),
        column("created_at", &StoredFile::created_at),
        column("removed_at", &StoredFile::removed_at)};
};

}  // namespace pchat::sql
