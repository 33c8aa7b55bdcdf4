// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/bus.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace pchat::bus {

/// What one end says and asks, until its link takes it. Nobody waits here but the link.
class Outgoing {
public:
    enum class Kind : std::uint8_t { publish, subscribe, unsubscribe };
    struct Item {
        Kind kind;
        std::string subject;
        std::string bytes;
    };
    struct Taken {
        std::vector<Item> items;  // in the order in which they came
        std::uint64_t mark = 0;   // for `reached`
    };
    struct Opened {
        std::vector<std::string> subscriptions;
        std::uint64_t mark = 0;
    };

    explicit Outgoing(Bounds bounds) : bounds_(bounds) {}

    void publish(std::string subject, std::string bytes);
    void subscribe(std::string subject);
    void unsubscribe(const std::string& subject);
    /// False when the link did not get so far within `limit`.
    bool settle(std::chrono::milliseconds limit);
    void stop();

    // For the link:

    /// There is a link: what comes from now on is kept for it. Gives all subscriptions so far.
    Opened open();
    /// There is none: what waits is lost, and so is what comes.
    void close();
    /// Waits until there is something to take, or `wake` or `stop` was called.
    Taken take();
    /// All before this mark has reached the bus.
    void reached(std::uint64_t mark);
    void wake();
    /// Ends early with `wake` and with `stop`.
    void pause(std::chrono::milliseconds length);
    [[nodiscard]] bool stopping() const;

    struct Losses {
        std::uint64_t full = 0;
        std::uint64_t unlinked = 0;
    };
    [[nodiscard]] Losses losses() const;
    /// They were taken and did not reach the bus.
    void lost(std::uint64_t messages);

private:
    void add(Item item);

    const Bounds bounds_;
    mutable std::mutex mutex_;
    std::condition_variable filled_;
    std::condition_variable settled_;
    std::set<std::string> subscriptions_;
    std::vector<Item> items_;
    std::size_t messages_ = 0;  // of the items, those that are to be published
    std::size_t bytes_ = 0;     // of those
    std::uint64_t asked_ = 0;
    std::uint64_t reached_ = 0;
    bool open_ = false;
    bool awake_ = false;
    bool stopping_ = false;
    Losses losses_;
};

}  // namespace pchat::bus
