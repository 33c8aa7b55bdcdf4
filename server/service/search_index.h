// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"
#include "server/service/lease_hold.h"
#include "server/service/portion.h"
#include "server/service/search_backlog.h"
#include "server/service/search_batch.h"
#include "server/service/talk_watch.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <vector>

namespace pchat {

/// Brings the search index up to what was committed: new messages, changed ones, and what was
/// cleared. One server of the pool does it at a time, by lease. What is read and how far a room
/// then is indexed go into one transaction, so that nothing is indexed twice or missed, whenever it
/// is killed. For one thread that may wait.
class SearchIndex {
public:
    explicit SearchIndex(Chat& chat);

    /// Until nothing is left to do or stop() is called. How many messages came in.
    Result<std::int64_t> catch_up();
    /// From any thread.
    void stop() { stopping_ = true; }
    /// So that another server need not wait until the lease runs out. Once nothing runs any more.
    void let_go();

private:
    Result<std::int64_t> go_on();
    Result<bool> hold_lease();
    [[nodiscard]] bool trusts_lease() const;
    Result<std::int64_t> do_portion();
    Result<std::int64_t> work(const std::vector<RoomId>& rooms);
    Result<std::int64_t> clean_gone();
    Result<bool> read_room(ContentTransaction& tx, const SearchGap& gap, SearchBatch& batch);
    Result<void> read_changes(
        ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, SearchBatch& batch
    );
    Result<void> read_cleared(
        ContentTransaction& tx, const RoomHead& head, SearchProgress& progress, SearchBatch& batch
    );
    Result<void> write(const SearchBatch& batch);
    /// How many messages of one room are read at a time.
    [[nodiscard]] int of_one_room() const;

    Chat& chat_;
    std::atomic<bool> stopping_{false};
    LeaseHold lease_;
    bool leads_ = false;
    std::chrono::steady_clock::time_point lease_trusted_until_;
    SearchBacklog backlog_;
    /// The more messages, the more of them share a word, whose block is read and written once.
    Portion portion_{{32, 2'048, std::chrono::milliseconds{8}}};
    TalkWatch talk_;
};

}  // namespace pchat
