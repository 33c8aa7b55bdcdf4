// SPDX-License-Identifier: Apache-2.0
#include "tests/support/memory/messages.h"

namespace pchat::test {

Result<std::vector<MessageKey>> MemoryMessageStore::known(std::span<const KeyReference> keys) {
    std::vector<MessageKey> out;
    for (const KeyReference& key : keys)
        if (const auto there = state_.message_keys.find({key.sender, key.key_hash});
            there != state_.message_keys.end())
            out.push_back(there->second);
    return out;
}

Result<RoomHead> MemoryMessageStore::raise(const HeadRaise& raise) {
    const auto head = state_.heads.find(raise.room);
    if (head == state_.heads.end())
        return fail(Errc::not_found, "there is no such room");
    head->second.last_seq += raise.messages;
    head->second.content_bytes += raise.content_bytes;
    head->second.last_at = std::max(head->second.last_at, raise.at);
    return head->second;
}

Result<std::vector<RoomHead>> MemoryMessageStore::raise_all(
    std::span<const HeadRaise> rooms, Microseconds at
) {
    std::vector<RoomHead> out;
    for (HeadRaise one : rooms) {
        one.at = at;
        if (const auto head = raise(one))
            out.push_back(*head);
    }
    return out;
}

Result<void> MemoryMessageStore::insert(std::span<const Message> messages) {
    for (const Message& message : messages) {
        const auto [there, added] =
            state_.messages.emplace(std::pair{message.room, message.seq}, message);
        if (!added)
            return refuse(state_, "that number is taken");
        there->second.attached.reset();  // not stored
    }
    return {};
}

Result<void> MemoryMessageStore::insert_mentions(std::span<const Mention> mentions) {
    for (const Mention& one : mentions)
        if (!state_.mentions.emplace(one.user, one.room, one.seq).second)
            return refuse(state_, "that mention is there");
    return {};
}

Result<void> MemoryMessageStore::insert_keys(std::span<const MessageKey> keys) {
    for (const MessageKey& key : keys)
        if (!state_.message_keys.emplace(std::pair{key.sender, key.key_hash}, key).second)
            return refuse(state_, "that key is there");
    return {};
}

Result<std::optional<RoomHead>> MemoryMessageStore::head(RoomId room) {
    return value_of(state_.heads, [&](const RoomHead& head) { return head.room == room; });
}

Result<void> MemoryMessageStore::each_head(const Visit<RoomHead>& visit) {
    return show_all(state_.heads, visit);
}

Result<std::optional<Message>> MemoryMessageStore::find(RoomId room, std::int64_t seq) {
    const auto there = state_.messages.find({room, seq});
    if (there == state_.messages.end())
        return std::nullopt;
    return there->second;
}

Result<std::vector<Message>> MemoryMessageStore::up_to(RoomId room, std::int64_t seq, int limit) {
    auto out = values_of(state_.messages, [&](const Message& one) {
        return one.room == room && one.seq <= seq;
    });
    if (out.size() > static_cast<std::size_t>(limit))
        out.erase(out.begin(), out.end() - limit);
    return out;
}

Result<std::vector<Message>> MemoryMessageStore::after(RoomId room, std::int64_t seq, int limit) {
    return values_of(
        state_.messages,
        [&](const Message& one) { return one.room == room && one.seq > seq; },
        static_cast<std::size_t>(limit)
    );
}

Result<std::vector<Message>> MemoryMessageStore::kept_up_to(
    RoomId room, std::int64_t seq, int limit
) {
    auto out = values_of(state_.messages, [&](const Message& one) {
        return one.room == room && one.seq <= seq && !one.transit;
    });
    if (out.size() > static_cast<std::size_t>(limit))
        out.erase(out.begin(), out.end() - limit);
    return out;
}

Result<std::vector<Utterance>> MemoryMessageStore::uttered(
    RoomId room, std::int64_t seq, int limit
) {
    const auto found = kept_up_to(room, seq, limit);
    if (!found)
        return pass(found.error());
    std::vector<Utterance> out;
    for (auto one = found->rbegin(); one != found->rend(); ++one)
        out.push_back({one->seq, one->at, one->sender});
    return out;
}

Result<std::vector<Message>> MemoryMessageStore::kept_after(
    RoomId room, std::int64_t seq, int limit
) {
    return values_of(
        state_.messages,
        [&](const Message& one) { return one.room == room && one.seq > seq && !one.transit; },
        static_cast<std::size_t>(limit)
    );
}

Result<std::int64_t> MemoryMessageStore::count_kept(RoomId room, Stretch numbers, int most) {
    const std::vector<Message> kept = *kept_after(room, numbers.after, most);
    return std::count_if(kept.begin(), kept.end(), [&](const Message& one) {
        return numbers.has(one.seq);
    });
}

Result<std::vector<Message>> MemoryMessageStore::changed(RoomId room, std::int64_t rev, int limit) {
    auto out = values_of(state_.messages, [&](const Message& one) {
        return one.room == room && one.rev > rev;
    });
    std::sort(out.begin(), out.end(), [](const Message& a, const Message& b) {
        return a.rev < b.rev;
    });
    if (out.size() > static_cast<std::size_t>(limit))
        out.resize(static_cast<std::size_t>(limit));
    return out;
}

Result<RoomHead> MemoryMessageStore::raise_rev(RoomId room, std::int64_t bytes) {
    const auto head = state_.heads.find(room);
    if (head == state_.heads.end())
        return fail(Errc::not_found, "there is no such room");
    ++head->second.rev;
    head->second.content_bytes += bytes;
    return head->second;
}

Result<void> MemoryMessageStore::change(const Message& message) {
    const auto there = state_.messages.find({message.room, message.seq});
    if (there == state_.messages.end())
        return fail(Errc::not_found, "there is no such message");
    Message& kept = there->second;
    kept.rev = message.rev;
    kept.changed_at = message.changed_at;
    kept.changed_by = message.changed_by;
    kept.change = message.change;
    kept.format = message.format;
    kept.subject = message.subject;
    kept.body = message.body;
    return {};
}

Result<void> MemoryMessageStore::raise_first(RoomId room, std::int64_t first_seq) {
    const auto head = state_.heads.find(room);
    if (head != state_.heads.end())
        head->second.first_seq =
            std::max(head->second.first_seq, std::min(first_seq, head->second.last_seq + 1));
    return {};
}

Result<std::int64_t> MemoryMessageStore::erase(RoomId room, std::int64_t seq, int limit) {
    std::int64_t erased = 0;
    for (const Message& one : values_of(
             state_.messages,
             [&](const Message& message) { return message.room == room && message.seq < seq; },
             static_cast<std::size_t>(limit)
         )) {
        state_.messages.erase({one.room, one.seq});
        std::erase_if(state_.mentions, [&](const auto& mention) {
            return std::get<1>(mention) == room && std::get<2>(mention) <= one.seq;
        });
        ++erased;
    }
    return erased;
}

Result<std::int64_t> MemoryMessageStore::erase_transit(RoomId room, std::int64_t seq) {
    const auto gone = values_of(state_.messages, [&](const Message& one) {
        return one.room == room && one.seq <= seq && one.transit;
    });
    for (const Message& one : gone) {
        state_.messages.erase({room, one.seq});
        std::erase_if(state_.mentions, [&](const auto& mention) {
            return std::get<1>(mention) == room && std::get<2>(mention) == one.seq;
        });
    }
    return static_cast<std::int64_t>(gone.size());
}

Result<std::vector<Message>> MemoryMessageStore::in_transit(Microseconds at, int limit) {
    auto found =
        values_of(state_.messages, [&](const Message& one) { return one.transit && one.at < at; });
    std::stable_sort(found.begin(), found.end(), [](const Message& a, const Message& b) {
        return a.at < b.at;
    });
    if (found.size() > static_cast<std::size_t>(limit))
        found.resize(static_cast<std::size_t>(limit));
    for (Message& one : found)
        one.body.clear();
    return found;
}

Result<std::int64_t> MemoryMessageStore::forget_keys(Microseconds at, int limit) {
    std::vector<Microseconds> times;
    for (const auto& [place, key] : state_.message_keys)
        if (key.at < at)
            times.push_back(key.at);
    if (times.empty())
        return 0;
    std::sort(times.begin(), times.end());
    const Microseconds end = times[std::min(times.size(), static_cast<std::size_t>(limit)) - 1];
    return static_cast<std::int64_t>(std::erase_if(state_.message_keys, [&](const auto& entry) {
        return entry.second.at <= end;
    }));
}

}  // namespace pchat::test
