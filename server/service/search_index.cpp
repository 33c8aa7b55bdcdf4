// SPDX-License-Identifier: Apache-2.0
#include "server/service/search_index.h"

#include <algorithm>
#include <chrono>
#include <limits>
#include <optional>
#include <set>
#include <utility>

namespace pchat {
namespace {

// Short, since a server that was killed keeps its lease that long; who is late is kept out by its
// token.
constexpr std::chrono::seconds lease_lifetime{5};
constexpr std::chrono::seconds lease_trust{2};  // shorter than its lifetime
constexpr std::size_t room_messages = 1'024;    // of one room at a time
constexpr std::int64_t any_number = std::numeric_limits<std::int64_t>::max();

bool is_found(const Message& message) {
    return !message.transit && message.change != MessageChange::removed;
}

}  // namespace

SearchIndex::SearchIndex(Chat& chat)
    : chat_(chat),
      lease_(chat.content(), "search", chat.facts().life, chat.facts().fqdn, lease_lifetime),
      backlog_(chat), talk_(chat) {}

// Not each time: taking it is a transaction of its own, and whoever lost it cannot write.
Result<bool> SearchIndex::hold_lease() {
    if (trusts_lease())
        return true;
    const Result<bool> ours = lease_.take();
    if (!ours)
        return pass(ours.error());
    leads_ = *ours;
    lease_trusted_until_ = chat_.clock().steady() + lease_trust;
    return leads_;
}

bool SearchIndex::trusts_lease() const {
    return leads_ && chat_.clock().steady() < lease_trusted_until_;
}

void SearchIndex::let_go() {
    if (std::exchange(leads_, false))
        lease_.let_go();
}

Result<std::int64_t> SearchIndex::catch_up() {
    Result<std::int64_t> done = go_on();
    if (!done || stopping_)
        lease_trusted_until_ = {};
    return done;
}

Result<std::int64_t> SearchIndex::go_on() {
    if (Result<void> looked = backlog_.look(); !looked)
        return pass(std::move(looked).error());
    // To look at what others have done costs less than to ask for the lease.
    if (!trusts_lease())
        if (Result<void> left = backlog_.drop_done(); !left)
            return pass(std::move(left).error());
    if (backlog_.empty())
        return 0;
    const Result<bool> ours = hold_lease();
    if (!ours)
        return pass(ours.error());
    if (!*ours)
        return 0;
    if (backlog_.may_have_gone()) {
        const Result<std::int64_t> cleaned = clean_gone();
        if (!cleaned)
            return cleaned;
        if (!stopping_)
            backlog_.cleaned();
    }
    std::int64_t count = 0;
    while (backlog_.has_rooms() && !stopping_) {
        const Result<std::int64_t> done = do_portion();
        if (!done)
            return done;
        count += *done;
    }
    return count;
}

/// One transaction.
Result<std::int64_t> SearchIndex::do_portion() {
    const Result<std::int64_t> done = work(backlog_.next());
    if (!done || !backlog_.has_long_ones())
        return done;
    // It may take long until those are through: whoever chats now comes in between.
    if (Result<void> looked = backlog_.read_logs(); !looked)
        return pass(std::move(looked).error());
    return done;
}

/// Does a portion of the rooms, in turn, and forgets those that lack nothing then. What comes while
/// it works is in the log, and for the next time: else this would not end as long as people chat.
Result<std::int64_t> SearchIndex::work(const std::vector<RoomId>& rooms) {
    SearchBatch batch;
    std::set<RoomId> unfinished;
    std::optional<RoomId> last;
    Result<void> read = chat_.content().read(
        "reading what is to be indexed",
        [&](ContentTransaction& tx) -> Result<void> {
            batch = {};
            unfinished.clear();
            auto gaps = tx.search().behind(rooms);
            if (!gaps)
                return pass(std::move(gaps).error());
            std::sort(gaps->begin(), gaps->end(), [](const SearchGap& a, const SearchGap& b) {
                return a.head.room < b.head.room;
            });
            for (const SearchGap& gap : *gaps) {
                if (batch.added() + batch.erased() >= portion_.size()) {
                    unfinished.insert(gap.head.room);
                    continue;
                }
                const Result<bool> whole = read_room(tx, gap, batch);
                if (!whole)
                    return pass(whole.error());
                last = gap.head.room;
                if (!*whole)
                    unfinished.insert(gap.head.room);
            }
            return batch.edit_blocks(tx.search());
        }
    );
    if (!read)
        return pass(std::move(read).error());
    if (!batch.empty())
        if (Result<void> written = write(batch); !written)
            return pass(std::move(written).error());
    backlog_.worked(rooms, unfinished, last);
    return static_cast<std::int64_t>(batch.added());
}

// Changes are read before the messages behind them: a message that is changed in between is
// indexed with its new text and looked at again, never kept with its old one. False: more is left.
Result<bool> SearchIndex::read_room(
    ContentTransaction& tx, const SearchGap& gap, SearchBatch& batch
) {
    const RoomHead& head = gap.head;
    SearchProgress progress = gap.known.value_or(SearchProgress{head.room, 0, head.rev, 1});
    if (Result<void> cleared = read_cleared(tx, head, progress, batch); !cleared)
        return pass(std::move(cleared).error());
    if (Result<void> changed = read_changes(tx, head, progress, batch); !changed)
        return pass(std::move(changed).error());
    const std::int64_t from = std::max(progress.seq, head.first_seq - 1);
    if (from < head.last_seq) {
        const auto messages = tx.messages().after(head.room, from, of_one_room());
        if (!messages)
            return pass(messages.error());
        for (const Message& message : *messages)
            if (is_found(message))
                batch.add(message);
        const bool all = static_cast<int>(messages->size()) < of_one_room();
        progress.seq = std::max(from, messages->empty() ? 0 : messages->back().seq);
        if (all)
            progress.seq = std::max(progress.seq, head.last_seq);
    }
    (gap.known ? batch.progress : batch.new_progress).push_back(progress);
    return progress.seq >= head.last_seq && progress.rev >= head.rev &&
           progress.first_seq >= head.first_seq;
}

Result<void> SearchIndex::read_cleared(
    ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, SearchBatch& batch
) {
    if (progress.first_seq >= head.first_seq)
        return {};
    const auto entries = tx.search().entries_below(head.room, head.first_seq, of_one_room());
    if (!entries)
        return pass(entries.error());
    for (const SearchEntry& entry : *entries)
        if (Result<void> erased = batch.erase(entry); !erased)
            return erased;
    if (static_cast<int>(entries->size()) < of_one_room())
        progress.first_seq = head.first_seq;
    return {};
}

Result<void> SearchIndex::read_changes(
    ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, SearchBatch& batch
) {
    if (progress.rev >= head.rev)
        return {};
    const auto changed = tx.messages().changed(head.room, progress.rev, of_one_room());
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
    if (static_cast<int>(changed->size()) < of_one_room())
        progress.rev = std::max(progress.rev, head.rev);
    return {};
}

int SearchIndex::of_one_room() const {
    return static_cast<int>(std::min(room_messages, portion_.size()));
}

Result<void> SearchIndex::write(const SearchBatch& batch) {
    std::chrono::steady_clock::time_point begun;
    Result<void> done =
        // What a crash takes of it is behind again, and found when this server starts.
        chat_.content().write_derived(
            "indexing messages",
            [&](ContentTransaction& tx) -> Result<void> {
                // From inside: whoever talks does not wait while this one waits for its turn.
                begun = chat_.clock().steady();
                // What was read is still true only if nobody else wrote since.
                const Result<bool> ours = lease_.renew(tx);
                if (!ours)
                    return pass(ours.error());
                if (!*ours)
                    return fail(Errc::conflict, "another server indexes messages now");
                return batch.write(tx.search());
            }
        );
    if (done) {
        const auto now = chat_.clock().steady();
        lease_trusted_until_ = now + lease_trust;  // for it was renewed with it
        portion_.learn(now - begun, batch.added() + batch.erased(), talk_.people_talk());
    }
    return done;
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
                    const auto entries = tx.search().entries_below(room, any_number, of_one_room());
                    if (!entries)
                        return pass(entries.error());
                    for (const SearchEntry& entry : *entries)
                        if (Result<void> erased = batch.erase(entry); !erased)
                            return erased;
                    if (static_cast<int>(entries->size()) < of_one_room())
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
