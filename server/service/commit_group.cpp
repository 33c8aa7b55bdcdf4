// SPDX-License-Identifier: Apache-2.0
#include "server/service/commit_group.h"

#include "base/uuid.h"
#include "server/service/touched.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

namespace pchat {
namespace {

tl::unexpected<Error> key_reused() {
    return fail_as(
        "key-reused",
        Errc::conflict,
        "the key stands for another message of yours",
        "make a new key for every message",
        "key"
    );
}

using Key = std::pair<PrincipalId, std::string_view>;

Key key_of(const Posting& posting) {
    return {posting.message.sender, posting.key_hash};
}

/// The first of each key; the others of the group stand back behind it.
std::map<Key, std::size_t> find_first(std::vector<GroupItem>& items) {
    std::map<Key, std::size_t> first;
    const auto look_at = [&](std::size_t i) {
        GroupItem& item = items[i];
        item.same_as.reset();
        item.fate = item.refused ? Fate::dropped : Fate::open;
        const auto [place, added] = first.try_emplace(key_of(*item.posting), i);
        if (!added && !item.refused)
            item.same_as = place->second;
    };
    // One that was refused stands back behind another with its key: that one is answered.
    for (std::size_t i = 0; i < items.size(); ++i)
        if (!items[i].refused)
            look_at(i);
    for (std::size_t i = 0; i < items.size(); ++i)
        if (items[i].refused)
            look_at(i);
    return first;
}

/// Finds what earlier transactions stored.
Result<void> find_repeats(
    ContentTransaction& tx,
    std::vector<GroupItem>& items,
    const std::map<Key, std::size_t>& first,
    bool unsure
) {
    std::vector<KeyReference> wanted;
    for (const auto& [key, place] : first)
        wanted.push_back({key.first, items[place].posting->key_hash});
    if (wanted.empty())
        return {};
    const auto known = tx.messages().known(wanted);
    if (!known)
        return pass(known.error());
    for (const MessageKey& key : *known) {
        const auto place = first.find({key.sender, key.key_hash});
        if (place == first.end())
            continue;
        GroupItem& item = items[place->second];
        item.seq = key.seq;
        item.at = key.at;
        if (key.content_hash != item.posting->content_hash)
            item.fate = Fate::reused;
        else if (!unsure || item.known_before)
            item.fate = Fate::repeated;
        else
            // Our own COMMIT that was not answered: nobody has heard of the message yet.
            item.fate = Fate::stored;
        item.known_before = item.known_before || !unsure;
    }
    return {};
}

/// In the order in which all servers lock them.
using Rooms = std::map<RoomId, std::vector<GroupItem*>>;

/// Numbers the messages of each room, in their order.
Result<void> number(
    ContentTransaction& tx, Rooms& rooms, Microseconds now, std::optional<RoomId>& missing
) {
    std::vector<HeadRaise> raises;
    for (const auto& [room, items] : rooms) {
        HeadRaise& raise = raises.emplace_back();
        raise.room = room;
        raise.messages = static_cast<std::int64_t>(items.size());
        for (const GroupItem* item : items)
            raise.content_bytes += static_cast<std::int64_t>(
                item->posting->message.body.size() +
                item->posting->message.subject.value_or("").size()
            );
    }
    const Result<std::vector<RoomHead>> heads = tx.messages().raise_all(raises, now);
    if (!heads)
        return pass(heads.error());
    for (const RoomHead& head : *heads) {
        std::vector<GroupItem*>& items = rooms.at(head.room);
        std::int64_t seq = head.last_seq - static_cast<std::int64_t>(items.size());
        for (GroupItem* item : items) {
            item->seq = ++seq;
            item->at = head.last_at;
        }
    }
    if (heads->size() == rooms.size())
        return {};
    for (const auto& [room, items] : rooms)
        if (std::none_of(heads->begin(), heads->end(), [&room = room](const RoomHead& head) {
                return head.room == room;
            })) {
            missing = room;
            return fail(Errc::not_found, "the room does not exist any more");
        }
    return {};
}

/// The rows of one transaction, table by table.
struct Rows {
    std::vector<Message> messages;
    std::vector<Mention> mentions;
    std::vector<MessageKey> keys;
    std::vector<OutboxEntry> outbox;
    LogBody log;

    void take(GroupItem& item);
    Result<void> write(ContentTransaction& tx, const LogEntry& entry);
};

void Rows::take(GroupItem& item) {
    item.fate = Fate::stored;
    const Posting& posting = *item.posting;
    Message message = posting.message;
    message.seq = item.seq;
    message.at = item.at;
    for (const PrincipalId user : posting.mentions)
        mentions.push_back({user, message.room, item.seq});
    keys.push_back(
        {message.sender, posting.key_hash, message.room, item.seq, item.at, posting.content_hash}
    );
    messages.push_back(std::move(message));
}

Result<void> Rows::write(ContentTransaction& tx, const LogEntry& entry) {
    if (Result<void> done = tx.messages().insert(messages); !done)
        return done;
    if (Result<void> done = tx.messages().insert_mentions(mentions); !done)
        return done;
    if (Result<void> done = tx.log().append_outbox(outbox); !done)
        return done;
    if (Result<void> done = tx.log().append(entry); !done)
        return done;
    // In the same order everywhere, so that two servers never wait for each other's keys.
    std::sort(keys.begin(), keys.end(), [](const MessageKey& a, const MessageKey& b) {
        return std::tie(a.sender, a.key_hash) < std::tie(b.sender, b.key_hash);
    });
    return tx.messages().insert_keys(keys);
}

}  // namespace

CommitQueue::Group CommitQueue::Group::split() {
    Group other;
    other.unsure = unsure;
    other.looks = looks;
    other.numbered = numbered;
    const auto half = [](auto& list, auto& to) {
        const auto middle = list.begin() + static_cast<std::ptrdiff_t>((list.size() + 1) / 2);
        to.assign(middle, list.end());
        list.erase(middle, list.end());
    };
    if (items.empty()) {
        half(recordings, other.recordings);
    } else if (!recordings.empty()) {
        other.recordings = std::exchange(recordings, {});
    } else {
        half(items, other.items);
    }
    return other;
}

Result<void> CommitQueue::commit(Group& group) {
    const auto begun = clock_.steady();
    group.fenced = false;
    group.missing_room.reset();
    group.logged = {};
    storing_.with([&group](auto& rooms) { rooms = group.numbered; });
    Result<void> done = content_.write("storing messages", [&](ContentTransaction& tx) {
        return write(tx, group);
    });
    if (done)
        listener_.timed(clock_.steady() - begun, group.items.size());
    return done;
}

/// Of a group that may be stored already, what turned out not to be.
void CommitQueue::recheck_open(Group& group) {
    for (GroupItem& item : group.items) {
        if (item.fate != Fate::open || item.same_as)
            continue;
        if (Result<void> allowed = recheck(*item.posting); !allowed) {
            item.fate = Fate::denied;
            item.denial = std::move(allowed).error();
        }
    }
}

Result<void> CommitQueue::write(ContentTransaction& tx, Group& group) {
    const std::map<Key, std::size_t> first = find_first(group.items);
    if (group.unsure || group.looks)
        if (Result<void> found = find_repeats(tx, group.items, first, group.unsure); !found)
            return found;
    if (group.unsure)
        recheck_open(group);
    Rooms rooms;
    std::size_t fresh = 0;
    for (GroupItem& item : group.items)
        if (item.fate == Fate::open && !item.same_as) {
            rooms[item.posting->message.room].push_back(&item);
            ++fresh;
        }
    if (rooms.empty() && group.recordings.empty())
        return {};
    const Microseconds now = clock_.now();
    if (Result<void> numbered = number(tx, rooms, now, group.missing_room); !numbered)
        return numbered;
    for (const auto& [room, items] : rooms) {
        std::int64_t& lowest = group.numbered.try_emplace(room, none_stored).first->second;
        lowest = std::min(lowest, items.front()->seq);
    }
    storing_.with([&group](auto& storing) { storing = group.numbered; });
    // Rooms first, then the row of this server, as every other change: nobody waits in a circle.
    const std::size_t records = group.recordings.size() + (listener_.records() ? fresh : 0);
    const Result<Server> self =
        tx.registry().advance(life_.server, life_.epoch, static_cast<std::int64_t>(records));
    if (!self) {
        group.fenced = self.error().reason == server_replaced;
        return pass(self.error());
    }
    Rows rows;
    for (auto& [room, items] : rooms) {
        rows.log.heads.push_back({room, items.back()->seq, static_cast<std::int64_t>(items.size())}
        );
        for (GroupItem* item : items)
            rows.take(*item);
    }
    std::int64_t n = self->outbox_n - static_cast<std::int64_t>(records);
    for (const Recording* recording : group.recordings)
        rows.outbox.push_back(
            {life_.server, ++n, recording->uuid, recording->at, recording->kind, recording->body}
        );
    if (listener_.records())
        for (const auto& [room, items] : rooms)
            for (const GroupItem* item : items)
                rows.outbox.push_back(
                    {life_.server,
                     ++n,
                     make_uuid(now),
                     item->at,
                     compliance_chat,
                     listener_.record(*item->posting, item->seq, item->at)}
                );
    if (Result<void> written =
            rows.write(tx, {life_.server, self->log_n, now, log_commit, log_text(rows.log)});
        !written)
        return written;
    group.logged = {self->log_n, std::move(rows.log)};
    return {};
}

void CommitQueue::finish(Group& group) {
    std::vector<Committed> fresh;
    fresh.reserve(group.items.size());
    for (GroupItem& item : group.items) {
        if (item.same_as) {
            const GroupItem& first = group.items[*item.same_as];
            const bool same = first.posting->content_hash == item.posting->content_hash;
            item.seq = first.seq;
            item.at = first.at;
            item.fate = same && first.fate != Fate::reused ? Fate::repeated : Fate::reused;
            if (first.fate == Fate::denied) {
                item.fate = Fate::denied;
                item.denial = first.denial;
            }
        }
        if (item.fate == Fate::stored)
            fresh.push_back({item.posting, item.seq, item.at});
    }
    ++groups_;
    messages_ += fresh.size();
    if (!fresh.empty())
        listener_.remember(fresh);
    for (const GroupItem& item : group.items) {
        if (item.fate == Fate::reused)
            answer(*item.posting, key_reused());
        else if (item.fate == Fate::denied)
            answer(*item.posting, pass(*item.denial));
        else if (item.fate != Fate::dropped)
            answer(*item.posting, Posted{item.seq, item.at, item.fate == Fate::repeated});
    }
    for (Recording* recording : group.recordings)
        if (!answer(*recording, {}) && recording->stored_late)
            recording->stored_late();
    if (!fresh.empty())
        listener_.committed(fresh, group.logged);
    else
        listener_.logged(group.logged);
}

}  // namespace pchat
