// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/app/ticker.h"
#include "server/compliance/burial.h"
#include "server/service/presence_teller.h"

#include <chrono>

namespace pchat::app {

/// What tells the other servers who is here, and puts away what lost ones left.
class PresenceParts {
public:
    /// `archive`: null without compliance. `grace`: of a server that counts as lost.
    PresenceParts(
        Chat& chat,
        OpenSessions& sessions,
        ArchiveDatabase* archive,
        const Clock& clock,
        std::chrono::microseconds grace
    );

    /// Who belongs to the pool now; from any thread.
    void called(const Roll& roll);
    void start();
    /// At an orderly end, once everybody is gone.
    void stop();

private:
    PresenceTeller teller_;
    Burial burial_;
    Ticker telling_;
    Ticker burying_;
    bool started_ = false;
};

}  // namespace pchat::app
