// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/bus.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace pchat::bus {

struct Message {
    std::string subject;
    std::string bytes;
};

/// What waits for a listener, and the thread that calls it. Messages count only while there is a
/// link: those that come before `linked` are dropped here, for the listener reads the database
/// after it and would meet them twice.
class Inbox {
public:
    using Time = std::chrono::steady_clock::time_point;

    Inbox(BusListener& listener, Bounds bounds);
    ~Inbox() { stop(); }
    Inbox(const Inbox&) = delete;
    Inbox& operator=(const Inbox&) = delete;

    /// Not handed on before `due`; what comes after it waits as well.
    void give(Message message, Time due = {});
    void linked();
    void unlinked();
    /// Something was lost on the way here.
    void missed(std::uint64_t messages);
    /// Drops what waits; returns once the listener is not called any more.
    void stop();

    struct Counts {
        std::uint64_t received = 0;
        std::uint64_t bytes = 0;
        std::uint64_t missed = 0;
    };
    [[nodiscard]] Counts counts() const;

private:
    enum class Kind : std::uint8_t { message, linked, unlinked, missed };
    struct Item {
        Kind kind;
        Message message;
        Time due;
    };
    void add_event(Kind kind);
    void run();
    /// False when it is time to stop.
    bool hand_on(const Item& item);
    void call(const Item& item);

    BusListener& listener_;
    const Bounds bounds_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<Item> items_;
    std::size_t waiting_ = 0;  // messages, those that are being handed on included
    std::size_t waiting_bytes_ = 0;
    bool linked_ = false;
    bool missed_ = false;
    bool stopping_ = false;
    Counts counts_;
    std::thread thread_;
};

}  // namespace pchat::bus
