// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/domain/message.h"
#include "server/domain/room.h"
#include "server/store/visit.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

struct KeyReference {
    PrincipalId sender;
    std::string key_hash;
};

/// That somebody said something, without what.
struct Utterance {
    std::int64_t seq = 0;
    Microseconds at = 0;
    PrincipalId sender;
};

/// The numbers behind `after`, up to `last`: what a transaction asks for that has read the head of
/// a room, and whose engine shows it what was committed since.
struct Stretch {
    std::int64_t after = 0;
    std::int64_t last = 0;

    [[nodiscard]] bool has(std::int64_t seq) const { return after < seq && seq <= last; }
};

/// What a commit adds to a room.
struct HeadRaise {
    RoomId room;
    std::int64_t messages = 0;
    std::int64_t content_bytes = 0;
    Microseconds at = 0;
};

/// Messages and the numbers they get. Its order within a commit is in docs/DATABASE.md.
class MessageStore {
public:
    virtual ~MessageStore() = default;

    /// Those of the keys that are known.
    virtual Result<std::vector<MessageKey>> known(std::span<const KeyReference> keys) = 0;
    /// Takes the next numbers of a room and locks it until the end of the transaction. The head
    /// returned has the last of them; its last_at is never before that of the commit before.
    /// `not_found` when there is no such room.
    virtual Result<RoomHead> raise(const HeadRaise& raise) = 0;
    /// The same of several, given in the order of their ids, for which `at` stands and not their
    /// own. In any order; what is not among them does not exist.
    virtual Result<std::vector<RoomHead>> raise_all(
        std::span<const HeadRaise> rooms, Microseconds at
    ) = 0;
    virtual Result<void> insert(std::span<const Message> messages) = 0;
    virtual Result<void> insert_mentions(std::span<const Mention> mentions) = 0;
    /// Last in a commit, sorted by sender and key. `conflict` when another server was first.
    virtual Result<void> insert_keys(std::span<const MessageKey> keys) = 0;

    virtual Result<std::optional<RoomHead>> head(RoomId room) = 0;
    virtual Result<void> each_head(const Visit<RoomHead>& visit) = 0;
    virtual Result<std::optional<Message>> find(RoomId room, std::int64_t seq) = 0;
    /// The last `limit` messages with a number up to `seq`; rising.
    virtual Result<std::vector<Message>> up_to(RoomId room, std::int64_t seq, int limit) = 0;
    /// The first `limit` messages with a higher number; rising.
    virtual Result<std::vector<Message>> after(RoomId room, std::int64_t seq, int limit) = 0;
    /// The same without messages of a category that keeps no history: what people may look back at.
    virtual Result<std::vector<Message>> kept_up_to(RoomId room, std::int64_t seq, int limit) = 0;
    virtual Result<std::vector<Message>> kept_after(RoomId room, std::int64_t seq, int limit) = 0;
    /// Of the last `limit` of those with a number up to `seq` what reports need; falling.
    virtual Result<std::vector<Utterance>> uttered(RoomId room, std::int64_t seq, int limit) = 0;
    /// How many of those there are; not counted further than `most`.
    virtual Result<std::int64_t> count_kept(RoomId room, Stretch numbers, int most) = 0;
    /// What was changed after `rev`, by rev.
    virtual Result<std::vector<Message>> changed(RoomId room, std::int64_t rev, int limit) = 0;

    /// Raises the room's rev by one and its content by `bytes` (may be negative); locks it.
    virtual Result<RoomHead> raise_rev(RoomId room, std::int64_t bytes) = 0;
    /// Writes body, subject, rev and the three fields of the change.
    virtual Result<void> change(const Message& message) = 0;
    /// Raises first_seq, never beyond last_seq + 1. The messages before it go by `erase`.
    virtual Result<void> raise_first(RoomId room, std::int64_t first_seq) = 0;
    /// Erases up to `limit` messages numbered below `seq` with their mentions; how many.
    virtual Result<std::int64_t> erase(RoomId room, std::int64_t seq, int limit) = 0;

    /// Messages of categories without history, sent before `at`; oldest first, bodies left out.
    virtual Result<std::vector<Message>> in_transit(Microseconds at, int limit) = 0;
    /// Erases those of one room numbered up to `seq`, with their mentions; how many. Others around
    /// them stay.
    virtual Result<std::int64_t> erase_transit(RoomId room, std::int64_t seq) = 0;
    /// Forgets up to `limit` keys from before `at`; how many.
    virtual Result<std::int64_t> forget_keys(Microseconds at, int limit) = 0;
};

/// What a user has read, and what concerns the user.
class MarkStore {
public:
    virtual ~MarkStore() = default;

    /// A mark never goes back.
    virtual Result<void> put(std::span<const ReadMark> marks) = 0;
    virtual Result<std::vector<ReadMark>> of_user(PrincipalId user) = 0;
    virtual Result<std::int64_t> mentions(PrincipalId user, RoomId room, Stretch numbers) = 0;
    /// Replaces the user's keywords.
    virtual Result<void> watch(PrincipalId user, std::span<const KeywordWatch> keywords) = 0;
    virtual Result<void> each_watch(const Visit<KeywordWatch>& visit) = 0;
};

/// What is known of the files; their bytes are elsewhere.
class FileStore {
public:
    virtual ~FileStore() = default;

    virtual Result<void> insert(const StoredFile& file) = 0;
    /// The upload ended.
    virtual Result<void> complete(FileId id, std::int64_t size, std::string_view sha256) = 0;
    virtual Result<void> remove(FileId id, Microseconds at) = 0;
    virtual Result<std::optional<StoredFile>> find_uuid(std::string_view uuid) = 0;
    /// Those of the ids that are there, in whatever state; in no order.
    virtual Result<std::vector<StoredFile>> find(std::span<const FileId> ids) = 0;
    /// Files that have arrived and are not removed, with a higher id; rising.
    virtual Result<std::vector<StoredFile>> of_room(RoomId room, FileId after, int limit) = 0;
    /// Uploads begun before `at` that never ended.
    virtual Result<std::vector<StoredFile>> arriving(Microseconds at, int limit) = 0;
};

}  // namespace pchat
