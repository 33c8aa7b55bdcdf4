// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/api/hub.h"
#include "server/service/chat.h"
#include "server/service/lease_hold.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace pchat::app {

/// What a server does in the background. Everything waits for the database.
class Housekeeping {
public:
    Housekeeping(Chat& chat, api::Hub& hub, std::chrono::microseconds lifetime)
        : chat_(chat), hub_(hub), lifetime_(lifetime),
          cleaning_(chat.content(), "clean-up", chat.facts().life, chat.facts().fqdn, turn) {}

    /// What goes with each heartbeat: JSON for whoever looks at the pool. Before the first one.
    void tell(std::function<std::string()> figures) { figures_ = std::move(figures); }
    /// Where clients reach this server, now that its ports are known. It sees the pool after this.
    Result<void> announce();
    /// `denied` when another server took this one's place.
    Result<void> heartbeat();
    /// Before its people are asked to go: from now on this server says that it has none and takes
    /// none, so that there is room for them elsewhere.
    Result<void> depart();
    /// Erases what has had its time: keys after a day, messages of categories without history after
    /// ten minutes, expired tokens, what was cleared, removed rooms, what rooms lost after a month.
    /// In portions, between which others may write, until nothing is left or each kind has had its
    /// time. One server of the pool does it at a time; each that lives trims its own log.
    Result<void> clean_up();
    /// From any thread: what is under way ends with its portion.
    void stop() { stopping_ = true; }
    /// Tells the registry that this life has ended; what administrators want of the server stays.
    void sign_off();

private:
    static constexpr std::chrono::seconds turn{90};  // three times as often it is done

    using Erase = std::function<Result<std::int64_t>(ContentTransaction&)>;

    /// Does one portion: how many things.
    using Step = std::function<Result<std::int64_t>()>;

    [[nodiscard]] bool has_time(std::chrono::steady_clock::time_point begun) const;
    Result<void> in_time(const Step& step);
    Result<void> in_portions(std::string_view doing, const Erase& erase);
    Result<void> forget_keys();
    Result<void> forget_tokens();
    Result<void> erase_transit();
    Result<std::int64_t> erase_transit_portion();
    Result<void> note(ContentTransaction& tx, const Touched& touched, LogNews& logged);
    static Result<std::int64_t> erase_transit(MessageStore& store, RoomId room, std::int64_t last);
    Result<void> erase_cleared();
    Result<void> purge_rooms();
    Result<void> trim_log();
    Result<void> trim_others();
    Result<void> trim(ServerId server);
    Result<void> forget_purges();

    Chat& chat_;
    api::Hub& hub_;
    std::chrono::microseconds lifetime_;
    std::function<std::string()> figures_;
    LeaseHold cleaning_;
    bool cleans_ = false;
    std::atomic<bool> stopping_{false};
    std::atomic<bool> departing_{false};
    std::unordered_map<RoomId, std::int64_t> erased_;  // below which seq nothing is left
};

}  // namespace pchat::app
