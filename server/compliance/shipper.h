// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/service/commit_queue.h"
#include "server/service/lease_hold.h"
#include "server/store/archive_store.h"
#include "server/store/content_database.h"

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace pchat {

/// Moves what compliance must see from the content database into the compliance database, exactly
/// once, in hash-chained batches. One server of the pool at a time does it, by a lease; whoever has
/// lost it is kept out by the compliance database itself.
///
/// Written there first, then erased here: a crash in between writes the same events again, and they
/// are known by their uuids.
class Shipper {
public:
    Shipper(
        ContentDatabase& content,
        ArchiveDatabase& archive,
        Life life,
        const std::string& server_name,
        const Clock& clock
    );

    /// Moves all there is, a portion at a time, until stop() is called; how many events. Waits.
    /// Zero also when another server has the lease.
    Result<std::size_t> ship();
    /// From any thread.
    void stop() { stopping_ = true; }
    /// So that another server need not wait until the lease runs out.
    void let_go() { lease_.let_go(); }

private:
    Result<std::vector<ServerId>> origins();
    Result<std::size_t> ship_portion(ServerId origin);
    Result<void> archive_portion(const std::vector<OutboxEntry>& entries);

    ContentDatabase& content_;
    ArchiveDatabase& archive_;
    const Clock& clock_;
    LeaseHold lease_;
    std::atomic<bool> stopping_{false};
};

}  // namespace pchat
