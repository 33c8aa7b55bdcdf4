// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/api/figures.h"
#include "server/api/hub.h"
#include "server/api/site.h"
#include "server/app/data_lock.h"
#include "server/app/directory_parts.h"
#include "server/app/housekeeping.h"
#include "server/app/pool_parts.h"
#include "server/app/settings.h"
#include "server/app/ticker.h"
#include "server/bus/bus.h"
#include "server/compliance/shipper.h"
#include "server/net/listener.h"
#include "server/pool/pool_link.h"
#include "server/service/database_sight.h"
#include "server/service/pool_follower.h"
#include "server/service/search_index.h"
#include "server/store/sql/checkpoints.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pchat::app {

/// All objects of a running pchatd, in the order in which they need each other: what stands below
/// goes first.
struct ServerParts {
    SystemClock clock;
    std::unique_ptr<DataLock> lock;
    std::unique_ptr<SightedContent> content;
    std::unique_ptr<sql::Checkpoints> checkpoints;  // of SQLite
    std::unique_ptr<ArchiveDatabase> archive;       // with compliance only
    std::unique_ptr<Shipper> shipper;
    std::unique_ptr<Directory> directory;
    std::unique_ptr<RoomBook> book;
    std::unique_ptr<SignIns> sign_ins;
    std::unique_ptr<Workers> workers;
    std::unique_ptr<net::IoPool> pool;
    std::unique_ptr<api::Hub> hub;
    std::unique_ptr<Chat> chat;
    std::unique_ptr<Changes> changes;
    std::unique_ptr<SearchIndex> search_index;
    std::unique_ptr<PoolFollower> follower;
    std::unique_ptr<PoolParts> pool_parts;
    std::unique_ptr<pool::PoolLink> peers;
    std::unique_ptr<bus::Bus> bus;
    DirectoryParts directory_parts;  // with a directory only
    std::unique_ptr<api::Site> site;
    api::Health health;
    std::vector<std::shared_ptr<net::TlsContext>> certificates;
    std::vector<std::unique_ptr<net::Listener>> listeners;
    std::vector<std::string> urls;
    std::unique_ptr<Housekeeping> housekeeping;
    std::unique_ptr<api::Figures> figures;
    Ticker starting;
    Ticker beating;  // waits for nothing else: a server whose heart stops is put away as lost
    Ticker rosters;
    Ticker chores;  // wait for the database
    Ticker folding;
    Ticker shipping;
    Ticker indexing;
    Ticker syncing;
    std::function<bool()> is_to_end;  // asked while it starts
    bool started = false;
    bool stopped = false;

    /// Opens the database, begins a life in the registry, reads the directory.
    Result<void> open(const Settings& settings);
    Result<void> listen(const Settings& settings);
    /// The registry knows where it is, and counts on it from now on.
    Result<void> join_pool();
    void start_clocks(std::chrono::milliseconds lifetime);

    // At an orderly end, in this order.

    /// What nobody waits for begins nothing new from now on.
    void stop_background_soon();
    /// All that goes by clocks has ended once this returns. All of it is asked before one is waited
    /// for: each may be at a database that does not answer.
    void stop_clocks();
    /// What this server alone did for the pool, and that nobody is here any more.
    void hand_over();

private:
    void tell_of_start(const Settings& settings, Life life);
    Result<void> open_content(const Settings& settings);
    Result<void> open_chat(const Settings& settings, Life life);
    Result<void> open_archive(const Settings& settings);
    Result<void> open_directory(const Settings& settings);
};

}  // namespace pchat::app
