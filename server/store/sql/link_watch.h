// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace pchat::sql {

class Watchman;

/// Breaks the connection of a session that waits too long. A server that stands still keeps its
/// sockets open and its kernel acknowledges what arrives: neither keepalives nor the limits that
/// the server itself would enforce end such a wait, and drivers give no way to.
///
/// The socket belongs to the driver. It is known by the TCP_USER_TIMEOUT that it is opened with,
/// which no other socket of this process has.
class LinkWatch {
public:
    /// `timeout`: the TCP_USER_TIMEOUT that the socket is to have in the end, made even.
    explicit LinkWatch(std::chrono::milliseconds timeout);
    ~LinkWatch();
    LinkWatch(const LinkWatch&) = delete;
    LinkWatch& operator=(const LinkWatch&) = delete;
    LinkWatch(LinkWatch&&) = delete;
    LinkWatch& operator=(LinkWatch&&) = delete;

    /// The TCP_USER_TIMEOUT to open the socket with.
    [[nodiscard]] std::chrono::milliseconds mark() const { return mark_; }
    /// The socket is open: from now on it is held by itself, not looked for.
    void opened();
    /// Whether it was too late once; nothing can be had from the session any more.
    [[nodiscard]] bool broken() const { return broken_; }

    /// While one exists, the session waits for its server; one within another changes nothing.
    class Wait {
    public:
        Wait() = default;
        Wait(LinkWatch& watch, std::chrono::milliseconds limit);
        ~Wait();
        Wait(const Wait&) = delete;
        Wait& operator=(const Wait&) = delete;
        Wait(Wait&&) = delete;
        Wait& operator=(Wait&&) = delete;

    private:
        LinkWatch* watch_ = nullptr;
    };

private:
    friend class Watchman;
    using Clock = std::chrono::steady_clock;
    static constexpr Clock::rep no_end = 0;

    /// On the watchman's thread.
    void break_when_late(Clock::time_point now);

    std::chrono::milliseconds timeout_;
    std::chrono::milliseconds mark_;
    std::atomic<int> socket_{-1};  // our own descriptor of it, so that its number is not reused
    std::atomic<Clock::rep> end_{no_end};
    std::atomic<bool> broken_{false};
    std::shared_ptr<Watchman> watchman_;
};

}  // namespace pchat::sql
