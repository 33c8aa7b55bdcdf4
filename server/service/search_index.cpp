// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_index.h"

#include "server/service/touched.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace pchat {
namespace {

constexpr Microseconds second = 1'000'000;
// Short, since a server that was killed keeps its lease that long; who is late is kept out by its
// token.
constexpr Microseconds lease_lifetime = 5 * second;
constexpr Microseconds look_again = 60 * second;  // whatever the servers' numbers say
// About so many in one transaction: the more, the more of them share a word, whose block is read
// and written once.
constexpr std::size_t batch_messages = 2'048;
constexpr int room_messages = 1'024;  // of one room
constexpr int batch_rooms = 1'024;
constexpr int log_entries = 500;  // of a server's log at a time
// Rooms that lack no more than this come first, so that a room with years to go keeps nobody
// waiting.
constexpr std::int64_t a_little = 1'000;
constexpr std::int64_t any_number = std::numeric_limits<std::int64_t>::max();

bool is_found(const Message& message) {
    return !message.transit && message.change != MessageChange::removed;
}

}  // namespace

Result<bool> SearchIndex::hold_lease() {
    const ServerFacts& facts = chat_.facts();
    const std::int64_t before = lease_ ? lease_->fencing_token : 0;
    std::optional<Lease> held;
    Result<void> done =
        chat_.content().write("taking turns at indexing", [&](ContentTransaction& tx) {
            Lease wanted = lease_.value_or(Lease{});
            wanted.name = "search";
            wanted.owner = facts.life.server;
            wanted.owner_name = facts.fqdn;
            auto taken = tx.registry().acquire(wanted, lease_lifetime);
            if (!taken)
                return Result<void>{pass(std::move(taken).error())};
            held = std::move(*taken);
            return Result<void>{};
        });
    if (!done)
        return pass(std::move(done).error());
    lease_ = std::move(held);
    if (!lease_ || lease_->fencing_token != before)
        cursors_.clear();  // another one was at it: whatever is behind is not ours to know
    return lease_.has_value();
}

/// Reads what the servers wrote to their logs; whether there may be work.
Result<bool> SearchIndex::look() {
    const Microseconds now = chat_.clock().now();
    if (now - looked_at_ >= look_again)
        cursors_.clear();
    Result<void> read =
        chat_.content().read("looking for work", [&](ContentTransaction& tx) -> Result<void> {
            const auto servers = tx.registry().list();
            if (!servers)
                return pass(servers.error());
            for (const Server& server : *servers)
                if (Result<void> followed = follow(tx, server); !followed)
                    return followed;
            return {};
        });
    if (!read)
        return pass(std::move(read).error());
    if (everything_)
        looked_at_ = now;
    return everything_ || !named_.empty();
}

/// Notes the rooms that one server's log names since the last look.
Result<void> SearchIndex::follow(ContentTransaction& tx, const Server& server) {
    const auto [cursor, unknown] = cursors_.try_emplace(server.id, server.log_n);
    if (unknown) {
        everything_ = true;
        return {};
    }
    while (cursor->second < server.log_n) {
        const auto entries = tx.log().after(server.id, cursor->second, log_entries);
        if (!entries)
            return pass(entries.error());
        // What was trimmed before we came here is lost to us.
        if (entries->empty() || entries->front().n != cursor->second + 1) {
            everything_ = true;
            cursor->second = server.log_n;
            return {};
        }
        for (const LogEntry& entry : *entries) {
            const Result<LogBody> body = read_log_text(entry.body);
            if (!body)
                return pass(body.error());
            for (const auto& [room, seq] : body->heads)
                named_.insert(room);
            named_.insert(body->touched.revised.begin(), body->touched.revised.end());
            rooms_changed_ = rooms_changed_ || !body->touched.rooms.empty();
            cursor->second = entry.n;
        }
    }
    return {};
}

Result<std::int64_t> SearchIndex::catch_up() {
    const Result<bool> work_to_do = look();
    const Result<bool> ours = work_to_do && *work_to_do ? hold_lease() : work_to_do;
    if (!ours || !*ours) {
        if (!ours)
            cursors_.clear();
        return ours ? Result<std::int64_t>{0} : pass(ours.error());
    }
    Result<std::int64_t> done = everything_ || cursors_.empty() ? index_all() : index_named();
    if (done && (everything_ || rooms_changed_))
        if (const Result<std::int64_t> cleaned = clean_gone(); !cleaned)
            done = pass(cleaned.error());
    if (!done || stopping_) {
        cursors_.clear();
        return done;
    }
    everything_ = rooms_changed_ = false;
    return done;
}

Result<std::int64_t> SearchIndex::index_all() {
    named_.clear();  // they are among all
    std::int64_t count = 0;
    bool more = true;
    while (more && !stopping_) {
        more = false;
        for (const std::int64_t most : {a_little, any_number}) {
            last_room_ = {};
            // All rooms that lack a little, then one portion of the others.
            do {
                const Result<std::int64_t> done = work([&](ContentTransaction& tx) {
                    return tx.search().behind(last_room_, most, batch_rooms);
                });
                if (!done)
                    return done;
                count += std::max<std::int64_t>(*done, 0);
                more = more || *done >= 0;
                if (*done < 0)
                    break;
            } while (most == a_little && !stopping_);
        }
    }
    return count;
}

/// A portion of each room in turn, so that one with years to go keeps nobody waiting.
Result<std::int64_t> SearchIndex::index_named() {
    std::int64_t count = 0;
    while (!named_.empty() && !stopping_) {
        std::vector<RoomId> rooms;
        for (auto room = named_.upper_bound(last_room_);
             room != named_.end() && rooms.size() < static_cast<std::size_t>(batch_rooms);
             ++room)
            rooms.push_back(*room);
        if (rooms.empty()) {
            last_room_ = {};
            continue;
        }
        const Result<std::int64_t> done = work([&](ContentTransaction& tx) {
            auto gaps = tx.search().behind(rooms);
            if (gaps)
                std::sort(gaps->begin(), gaps->end(), [](const SearchGap& a, const SearchGap& b) {
                    return a.head.room < b.head.room;
                });
            return gaps;
        });
        if (!done)
            return done;
        count += std::max<std::int64_t>(*done, 0);
        if (*done < 0) {  // none of them lacks anything
            for (const RoomId room : rooms)
                named_.erase(room);
            last_room_ = rooms.back();
        }
    }
    return count;
}

/// Does a portion of what `find_gaps` gives, by room. How many messages came in; -1: there was
/// nothing to do.
Result<std::int64_t> SearchIndex::work(const FindGaps& find_gaps) {
    SearchBatch batch;
    bool none = true;
    Result<void> read = chat_.content().read(
        "reading what is to be indexed",
        [&](ContentTransaction& tx) -> Result<void> {
            batch = {};
            const auto gaps = find_gaps(tx);
            if (!gaps)
                return pass(gaps.error());
            none = gaps->empty();
            for (const SearchGap& gap : *gaps) {
                if (Result<void> one = read_room(tx, gap, batch); !one)
                    return one;
                last_room_ = gap.head.room;
                if (batch.added() + batch.erased() >= batch_messages)
                    break;
            }
            return batch.edit_blocks(tx.search());
        }
    );
    if (!read)
        return pass(std::move(read).error());
    if (none)
        return -1;
    if (Result<void> written = write(batch); !written)
        return pass(std::move(written).error());
    return static_cast<std::int64_t>(batch.added());
}

// Changes are read before the messages behind them: a message that is changed in between is
// indexed with its new text and looked at again, never kept with its old one.
Result<void> SearchIndex::read_room(
    ContentTransaction& tx, const SearchGap& gap, SearchBatch& batch
) {
    const RoomHead& head = gap.head;
    SearchProgress progress = gap.known.value_or(SearchProgress{head.room, 0, head.rev, 1});
    if (Result<void> cleared = read_cleared(tx, head, progress, batch); !cleared)
        return cleared;
    if (Result<void> changed = read_changes(tx, head, progress, batch); !changed)
        return changed;
    const std::int64_t from = std::max(progress.seq, head.first_seq - 1);
    if (from < head.last_seq) {
        const auto messages = tx.messages().after(head.room, from, room_messages);
        if (!messages)
            return pass(messages.error());
        for (const Message& message : *messages)
            if (is_found(message))
                batch.add(message);
        const bool all = static_cast<int>(messages->size()) < room_messages;
        progress.seq = std::max(from, messages->empty() ? 0 : messages->back().seq);
        if (all)
            progress.seq = std::max(progress.seq, head.last_seq);
    }
    (gap.known ? batch.progress : batch.new_progress).push_back(progress);
    return {};
}

Result<void> SearchIndex::read_cleared(
    ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, SearchBatch& batch
) {
    if (progress.first_seq >= head.first_seq)
        return {};
    const auto entries = tx.search().entries_below(head.room, head.first_seq, room_messages);
    if (!entries)
        return pass(entries.error());
    for (const SearchEntry& entry : *entries)
        if (Result<void> erased = batch.erase(entry); !erased)
            return erased;
    if (static_cast<int>(entries->size()) < room_messages)
        progress.first_seq = head.first_seq;
    return {};
}

Result<void> SearchIndex::read_changes(
    ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, SearchBatch& batch
) {
    if (progress.rev >= head.rev)
        return {};
    const auto changed = tx.messages().changed(head.room, progress.rev, room_messages);
    if (!changed)
        return pass(changed.error());
    for (const Message& message : *changed) {
        progress.rev = std::max(progress.rev, message.rev);
        if (message.seq > progress.seq)
            continue;  // not indexed yet
        const auto entry = tx.search().entry(message.room, message.seq);
        if (!entry)
            return pass(entry.error());
        if (*entry)
            if (Result<void> erased = batch.erase(**entry); !erased)
                return erased;
        if (is_found(message) && message.seq >= head.first_seq)
            batch.add(message);
    }
    if (static_cast<int>(changed->size()) < room_messages)
        progress.rev = std::max(progress.rev, head.rev);
    return {};
}

Result<void> SearchIndex::write(const SearchBatch& batch) {
    return chat_.content().write("indexing messages", [&](ContentTransaction& tx) -> Result<void> {
        // What was read is still true only if nobody else wrote since.
        const auto held = tx.registry().acquire(*lease_, lease_lifetime);
        if (!held)
            return pass(held.error());
        if (!*held || (*held)->fencing_token != lease_->fencing_token)
            return fail(Errc::conflict, "another server indexes messages now");
        return batch.write(tx.search());
    });
}

Result<std::int64_t> SearchIndex::clean_gone() {
    std::int64_t count = 0;
    for (bool more = true; more && !stopping_;) {
        SearchBatch batch;
        Result<void> read = chat_.content().read(
            "reading what is gone",
            [&](ContentTransaction& tx) -> Result<void> {
                batch = {};
                const auto rooms = tx.search().gone(1);
                if (!rooms)
                    return pass(rooms.error());
                for (const RoomId room : *rooms) {
                    const auto entries = tx.search().entries_below(room, any_number, room_messages);
                    if (!entries)
                        return pass(entries.error());
                    for (const SearchEntry& entry : *entries)
                        if (Result<void> erased = batch.erase(entry); !erased)
                            return erased;
                    if (static_cast<int>(entries->size()) < room_messages)
                        batch.finished.push_back(room);
                }
                return batch.edit_blocks(tx.search());
            }
        );
        if (!read)
            return pass(std::move(read).error());
        more = batch.erased() > 0 || !batch.finished.empty();
        count += static_cast<std::int64_t>(batch.erased());
        if (more)
            if (Result<void> written = write(batch); !written)
                return pass(std::move(written).error());
    }
    return count;
}

}  // namespace pchat
