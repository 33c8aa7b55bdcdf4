// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

// Between the servers of a pool. The bus is quick and may lose anything; the database is the truth.
namespace pchat::bus {

/// What comes from the bus: one call at a time, on a thread of the bus. While a call lasts, what
/// comes after it waits; nothing here may call Bus::stop.
class BusListener {
public:
    virtual ~BusListener() = default;
    /// Somebody else said this; what one of them says comes in the order in which it was said. Both
    /// views end with the call.
    virtual void received(std::string_view subject, std::string_view bytes) = 0;
    /// From now on what others say arrives. What they said since `unlinked`, or before the first
    /// link, is lost: the listener reads the database.
    virtual void linked() = 0;
    virtual void unlinked() = 0;
    /// This listener was too slow, and what waited for it was thrown away: it reads the database.
    virtual void missed() = 0;
};

/// How much may wait at one end, each way.
struct Bounds {
    std::size_t messages = 262'144;
    std::size_t bytes = 64UL * 1024 * 1024;
};

/// Since this end began.
struct BusCounts {
    std::uint64_t published = 0;      // and taken by the bus
    std::uint64_t received = 0;       // and handed to the listener
    std::uint64_t bytes_out = 0;      // of those, without subjects
    std::uint64_t bytes_in = 0;       //
    std::uint64_t lost_full = 0;      // said while too much waited to be sent
    std::uint64_t lost_unlinked = 0;  // said while there was no link, or on its way when it broke
    std::uint64_t refused = 0;        // larger than the bus carries, or of no subject
    std::uint64_t missed = 0;         // received, but the listener was too slow
    std::uint64_t reconnects = 0;     // links after the first
};

struct BusStatus {
    bool linked = false;
    Microseconds since = 0;  // when it became so
    std::string server;      // that it is linked to; without a link, tried last
    std::string error;       // the last failure, without secrets; stays after it is over
    BusCounts counts;
};

/// One end of the bus. Everything may be called from any thread; only `settle` and `stop` wait.
class Bus {
public:
    Bus() = default;
    virtual ~Bus() = default;
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    Bus(Bus&&) = delete;
    Bus& operator=(Bus&&) = delete;

    /// To every other end that has subscribed to the subject, not to this one. What cannot be sent
    /// is lost and counted.
    virtual void publish(std::string subject, std::string bytes) noexcept = 0;
    /// Lasts over reconnects. A subject that is subscribed to already is no news.
    virtual void subscribe(std::string subject) = 0;
    virtual void unsubscribe(const std::string& subject) = 0;
    [[nodiscard]] virtual BusStatus status() const = 0;

    /// Waits until the bus has taken what was said and asked here before: then a subscription hears
    /// everybody who is at the same node. False when that took longer than `limit`.
    [[nodiscard]] virtual bool settle(std::chrono::milliseconds limit) = 0;
    /// Sends what waits to be sent, as far as there is a link. The listener is not called any more
    /// once this returns.
    virtual void stop() = 0;
};

/// Words with dots between, such as "pchat.room.0192": no wildcards, nothing but visible ASCII.
bool is_subject(std::string_view text);

}  // namespace pchat::bus
