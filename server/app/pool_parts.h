// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/api/departure.h"
#include "server/app/ticker.h"
#include "server/compliance/burial.h"
#include "server/service/presence_teller.h"

#include <chrono>

namespace pchat::app {

/// What this server does as one of a pool: heeds whether it takes users, tells the other servers
/// who is here, and puts away what lost ones left.
class PoolParts {
public:
    /// `archive`: null without compliance. `grace`: of a server that counts as lost.
    PoolParts(
        Chat& chat,
        api::Hub& hub,
        ArchiveDatabase* archive,
        const Clock& clock,
        std::chrono::microseconds grace
    );

    /// Who belongs to the pool now; from any thread.
    void called(const Roll& roll);
    void start();
    /// Nothing new is begun from now on.
    void stop_soon();
    /// And what was begun has ended.
    void stop();
    /// At an orderly end, once everybody is gone: to those who stay.
    void hand_over();

    [[nodiscard]] const PresenceTeller& teller() const { return teller_; }
    [[nodiscard]] const Burial& burial() const { return burial_; }

private:
    Chat& chat_;
    api::Departure departure_;
    PresenceTeller teller_;
    Burial burial_;
    Ticker asking_;  // never waits
    Ticker telling_;
    Ticker burying_;
};

}  // namespace pchat::app
