// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/bus.h"
#include "server/pool/pool_message.h"
#include "server/service/chat.h"
#include "server/service/pool_follower.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pchat::pool {

/// How the news of the pool came, since this server began.
struct LinkCounts {
    std::atomic<std::uint64_t> entries{0};      // over the bus, in their order
    std::atomic<std::uint64_t> out_of_turn{0};  // something before them was missing
    std::atomic<std::uint64_t> looks{0};        // at the logs in the database
    std::atomic<std::uint64_t> not_understood{0};
};

/// Between this server and the others. What is said here goes out over the bus, room by room to who
/// has somebody in it, and as entries of our log to all. What the bus brings is put into force at
/// once when nothing is missing before it; the logs in the database are read whenever something is,
/// and twice a second in any case.
class PoolLink : public Peers, public bus::BusListener {
public:
    /// `news`: of what the bus brings, how much waits while the database is slow; beyond it, the
    /// logs tell the same.
    PoolLink(
        Chat& chat,
        PoolFollower& follower,
        std::string_view pool,
        bus::Bounds news = {10'000, std::size_t{32} * 1024 * 1024}
    );
    ~PoolLink() override;
    PoolLink(const PoolLink&) = delete;
    PoolLink& operator=(const PoolLink&) = delete;

    /// Without one, the logs are all there is. Once, before start().
    void attach(bus::Bus& bus);
    void start();
    /// Nothing more is put into force but what is under way.
    void stop_soon();
    /// Nor is that once this returns. The bus has been stopped.
    void stop();
    [[nodiscard]] const LinkCounts& counts() const { return counts_; }
    /// Whether the logs of the others could be read, and put into force, a few seconds ago at most.
    [[nodiscard]] bool follows() const;

    void said(RoomId room, std::span<const Remembered> messages) override;
    void logged(const LogNews& entry, std::span<const Told> told) override;
    void behind(RoomId room, std::int64_t last) override;
    void uses(RoomId room, bool used) override;

    void received(std::string_view subject, std::string_view bytes) override;
    void linked() override { look_now(); }
    void unlinked() override {}
    void missed() override { look_now(); }

    static constexpr std::chrono::milliseconds interval{500};

private:
    [[nodiscard]] std::string subject_of(RoomId room) const;
    void look_now();
    void run();
    /// What came since. Returns what may be told only once the database was asked, if it has to be.
    struct Taken {
        bool behind = false;
        std::vector<Told> told;
    };
    Taken take(std::deque<Entry>& news);
    void look();
    void tell(const std::vector<Told>& told);

    Chat& chat_;
    PoolFollower& follower_;
    const std::string prefix_;
    const bus::Bounds bounds_;
    bus::Bus* bus_ = nullptr;
    LinkCounts counts_;

    std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Entry> news_;
    std::size_t news_bytes_ = 0;
    std::map<RoomId, std::int64_t> behind_;
    std::size_t changes_ = 0;  // among the news, and those that were dropped
    bool look_ = false;
    bool stopping_ = false;
    // Changes that came over the bus and are not in force yet: until then nobody hears of others.
    std::atomic<std::size_t> ahead_{0};
    // The thread's own:
    std::vector<Told> told_;  // that may be told once all changes are in force
    std::size_t taken_ = 0;   // changes
    bool complained_ = false;
    std::atomic<std::chrono::steady_clock::time_point> followed_;
    std::thread thread_;
};

}  // namespace pchat::pool
