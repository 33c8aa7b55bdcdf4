// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/messages.h"

#include "server/store/sql/message_tables.h"
#include "server/store/sql/room_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace pchat::sql {
namespace {

// How many keys are looked up at once; what is missing is filled up with the last.
constexpr std::size_t many_keys = 32;

const Statement key_known{
    "message key known",
    "select {columns message_key} from message_key "
    "where sender_id = :sender and key_hash = :key"};

const std::string keys_known_text =
    "select {columns message_key} from message_key where " +
    repeated("(sender_id = :s# and key_hash = :k#)", " or ", many_keys);
const Statement keys_known{"message keys known", keys_known_text};

// One statement numbers, locks and reads the room. `at` never runs back, so that it rises with seq.
const Statement head_raise{
    "room head raise",
    "update room_head set last_seq = last_seq + :messages, "
    "content_bytes = content_bytes + :bytes, "
    "last_at = case when last_at > :at then last_at else :same_at end "
    "{output room_id, last_seq, first_seq, rev, last_at, content_bytes} "
    "where room_id = :room "
    "{returning room_id, last_seq, first_seq, rev, last_at, content_bytes}"};

const Statement rev_raise{
    "room head raise rev",
    "update room_head set rev = rev + 1, content_bytes = content_bytes + :bytes "
    "{output room_id, last_seq, first_seq, rev, last_at, content_bytes} "
    "where room_id = :room "
    "{returning room_id, last_seq, first_seq, rev, last_at, content_bytes}"};

const Statement first_raise{
    "room head raise first",
    "update room_head set first_seq = case when :first > last_seq + 1 then last_seq + 1 "
    "else :same_first end where room_id = :room and first_seq < :still_first"};

const Statement head_of{
    "room head", "select {columns room_head} from room_head where room_id = :room"};

const Statement heads{"room heads", "select {columns room_head} from room_head order by room_id"};

const Statement message_at{
    "message by number",
    "select {columns message} from message where room_id = :room and seq = :seq"};

const Statement messages_up_to{
    "messages up to a number",
    "select {columns message} from message where room_id = :room and seq <= :seq "
    "order by seq desc {limit :n}"};

const Statement messages_after{
    "messages after a number",
    "select {columns message} from message where room_id = :room and seq > :seq "
    "order by seq {limit :n}"};

const Statement kept_messages_up_to{
    "kept messages up to a number",
    "select {columns message} from message where room_id = :room and seq <= :seq and transit = 0 "
    "order by seq desc {limit :n}"};

const Statement kept_messages_after{
    "kept messages after a number",
    "select {columns message} from message where room_id = :room and seq > :seq and transit = 0 "
    "order by seq {limit :n}"};

const Statement utterances_up_to{
    "utterances up to a number",
    "select seq, at, sender_id from message where room_id = :room and seq <= :seq and transit = 0 "
    "order by seq desc {limit :n}"};

const Statement kept_messages_counted{
    "kept messages of a stretch, counted",
    "select count(*) from (select seq from message where room_id = :room and seq > :after "
    "and seq <= :last and transit = 0 order by seq {limit :n}) p"};

const Statement messages_changed{
    "messages changed since",
    "select {columns message} from message where room_id = :room and rev > :rev and rev > 0 "
    "order by rev {limit :n}"};

// Where the next portion ends: as an aggregate over the portion, it reads no more than that.
const Statement portion_of_room{
    "messages of a room, end of a portion",
    "select coalesce(max(p.seq), 0) from (select seq from message where room_id = :room "
    "and seq < :seq order by seq {limit :n}) p"};

const Statement mentions_erase{
    "mentions erase", "delete from mention where room_id = :room and seq <= :seq"};

const Statement messages_erase{
    "messages erase", "delete from message where room_id = :room and seq <= :seq"};

const Statement messages_in_transit{
    "messages in transit",
    "select room_id, seq from message where transit = 1 and at < :at order by at {limit :n}"};

const Statement transit_mentions_erase{
    "mentions in transit erase",
    "delete from mention where room_id = :room and seq <= :seq and seq in "
    "(select t.seq from message t where t.room_id = :same_room and t.seq <= :same_seq "
    "and t.transit = 1)"};

const Statement transit_erase{
    "messages in transit erase",
    "delete from message where room_id = :room and seq <= :seq and transit = 1"};

const Statement portion_of_keys{
    "message keys, end of a portion",
    "select coalesce(max(p.at), -1) from (select at from message_key where at < :at "
    "order by at {limit :n}) p"};

const Statement keys_erase{"message keys erase", "delete from message_key where at <= :at"};

/// The place of a message, all that its clean-up needs.
struct Place {
    RoomId room;
    std::int64_t seq = 0;
};

}  // namespace

template <>
struct RowShape<Place> {
    static std::vector<Cell> cells() { return {Cell{}, Cell{}}; }
    static Place read(const std::vector<Cell>& cells) {
        return {RoomId{cells[0].number}, cells[1].number};
    }
};

template <>
struct RowShape<Utterance> {
    static std::vector<Cell> cells() { return {Cell{}, Cell{}, Cell{}}; }
    static Utterance read(const std::vector<Cell>& cells) {
        return {cells[0].number, cells[1].number, PrincipalId{cells[2].number}};
    }
};

Catalog message_catalog() {
    return {
        {&table_of<Message>(), &table_of<MessageKey>(), &table_of<Mention>()},
        {&key_known,
         &keys_known,
         &head_raise,
         &rev_raise,
         &first_raise,
         &head_of,
         &heads,
         &message_at,
         &messages_up_to,
         &messages_after,
         &kept_messages_up_to,
         &kept_messages_after,
         &utterances_up_to,
         &kept_messages_counted,
         &messages_changed,
         &portion_of_room,
         &mentions_erase,
         &messages_erase,
         &messages_in_transit,
         &transit_mentions_erase,
         &transit_erase,
         &portion_of_keys,
         &keys_erase}};
}

Result<std::vector<MessageKey>> SqlMessageStore::known(std::span<const KeyReference> keys) {
    std::vector<MessageKey> out;
    const auto add = [&](Result<std::vector<MessageKey>> found) -> Result<void> {
        if (!found)
            return pass(std::move(found).error());
        std::move(found->begin(), found->end(), std::back_inserter(out));
        return {};
    };
    while (!keys.empty()) {
        const std::size_t size = std::min(keys.size(), many_keys);
        Values in{2 * many_keys};
        for (std::size_t i = 0; i < (size == 1 ? 1 : many_keys); ++i) {
            const KeyReference& key = keys[std::min(i, size - 1)];
            in.add(key.sender, key.key_hash);
        }
        Result<void> added = add(tx_.list<MessageKey>(size == 1 ? key_known : keys_known, in));
        if (!added)
            return pass(std::move(added).error());
        keys = keys.subspan(size);
    }
    return out;
}

Result<RoomHead> SqlMessageStore::raise(const HeadRaise& raise) {
    const auto head = tx_.one<RoomHead>(
        head_raise, raise.messages, raise.content_bytes, raise.at, raise.at, raise.room
    );
    if (!head)
        return pass(head.error());
    if (!*head)
        return fail(Errc::not_found, fmt::format("there is no room {}", raise.room.value));
    return **head;
}

Result<void> SqlMessageStore::insert(std::span<const Message> messages) {
    return tx_.insert(messages);
}

Result<void> SqlMessageStore::insert_mentions(std::span<const Mention> mentions) {
    return tx_.insert(mentions);
}

Result<void> SqlMessageStore::insert_keys(std::span<const MessageKey> keys) {
    return tx_.insert(keys);
}

Result<std::optional<RoomHead>> SqlMessageStore::head(RoomId room) {
    return tx_.one<RoomHead>(head_of, room);
}

Result<void> SqlMessageStore::each_head(const Visit<RoomHead>& visit) {
    return tx_.each<RoomHead>(heads, visit);
}

Result<std::optional<Message>> SqlMessageStore::find(RoomId room, std::int64_t seq) {
    return tx_.one<Message>(message_at, room, seq);
}

Result<std::vector<Message>> SqlMessageStore::up_to(RoomId room, std::int64_t seq, int limit) {
    Result<std::vector<Message>> found = tx_.list<Message>(messages_up_to, room, seq, limit);
    if (found)
        std::reverse(found->begin(), found->end());
    return found;
}

Result<std::vector<Message>> SqlMessageStore::after(RoomId room, std::int64_t seq, int limit) {
    return tx_.list<Message>(messages_after, room, seq, limit);
}

Result<std::vector<Utterance>> SqlMessageStore::uttered(RoomId room, std::int64_t seq, int limit) {
    return tx_.list<Utterance>(utterances_up_to, room, seq, limit);
}

Result<std::vector<Message>> SqlMessageStore::kept_up_to(RoomId room, std::int64_t seq, int limit) {
    Result<std::vector<Message>> found = tx_.list<Message>(kept_messages_up_to, room, seq, limit);
    if (found)
        std::reverse(found->begin(), found->end());
    return found;
}

Result<std::vector<Message>> SqlMessageStore::kept_after(RoomId room, std::int64_t seq, int limit) {
    return tx_.list<Message>(kept_messages_after, room, seq, limit);
}

Result<std::int64_t> SqlMessageStore::count_kept(RoomId room, Stretch numbers, int most) {
    const auto count =
        tx_.one<std::int64_t>(kept_messages_counted, room, numbers.after, numbers.last, most);
    if (!count)
        return pass(count.error());
    return **count;
}

Result<std::vector<Message>> SqlMessageStore::changed(RoomId room, std::int64_t rev, int limit) {
    return tx_.list<Message>(messages_changed, room, rev, limit);
}

Result<RoomHead> SqlMessageStore::raise_rev(RoomId room, std::int64_t bytes) {
    const auto head = tx_.one<RoomHead>(rev_raise, bytes, room);
    if (!head)
        return pass(head.error());
    if (!*head)
        return fail(Errc::not_found, fmt::format("there is no room {}", room.value));
    return **head;
}

Result<void> SqlMessageStore::change(const Message& message) {
    const Result<std::int64_t> changed = tx_.update(message);
    if (!changed)
        return pass(changed.error());
    if (*changed == 0)
        return fail(
            Errc::not_found,
            fmt::format("there is no message {} in room {}", message.seq, message.room.value)
        );
    return {};
}

Result<void> SqlMessageStore::raise_first(RoomId room, std::int64_t first_seq) {
    return tx_.run(first_raise, first_seq, first_seq, room, first_seq);
}

Result<std::int64_t> SqlMessageStore::erase(RoomId room, std::int64_t seq, int limit) {
    const auto end = tx_.one<std::int64_t>(portion_of_room, room, seq, limit);
    if (!end)
        return pass(end.error());
    if (Result<void> erased = tx_.run(mentions_erase, room, **end); !erased)
        return pass(std::move(erased).error());
    return tx_.change(messages_erase, room, **end);
}

Result<std::vector<Message>> SqlMessageStore::in_transit(Microseconds at, int limit) {
    const auto places = tx_.list<Place>(messages_in_transit, at, limit);
    if (!places)
        return pass(places.error());
    std::vector<Message> out;
    for (const Place& place : *places) {
        out.emplace_back();
        out.back().room = place.room;
        out.back().seq = place.seq;
        out.back().transit = true;
    }
    return out;
}

Result<std::int64_t> SqlMessageStore::erase_transit(RoomId room, std::int64_t seq) {
    if (Result<void> erased = tx_.run(transit_mentions_erase, room, seq, room, seq); !erased)
        return pass(std::move(erased).error());
    return tx_.change(transit_erase, room, seq);
}

Result<std::int64_t> SqlMessageStore::forget_keys(Microseconds at, int limit) {
    const auto end = tx_.one<std::int64_t>(portion_of_keys, at, limit);
    if (!end)
        return pass(end.error());
    return tx_.change(keys_erase, **end);
}

}  // namespace pchat::sql
