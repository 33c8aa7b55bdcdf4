// SPDX-License-Identifier: Apache-2.0
#include "server/app/pool_parts.h"

#include "base/log.h"

#include <utility>

namespace pchat::app {

using namespace std::chrono_literals;

PoolParts::PoolParts(
    Chat& chat,
    api::Hub& hub,
    ArchiveDatabase* archive,
    const Clock& clock,
    std::chrono::microseconds grace
)
    : chat_(chat), departure_(chat, hub), teller_(chat, hub),
      burial_(chat.content(), archive, chat.facts().life, chat.facts().fqdn, clock, grace) {}

void PoolParts::called(const Roll& roll) {
    chat_.pool().take(roll.servers, roll.now);
    teller_.called(roll);
    burial_.called(roll);
}

void PoolParts::start() {
    asking_.every(1000ms / api::Departure::turns_a_second, [this] { departure_.turn(); });
    asking_.start();
    telling_.every(250ms, "telling who is here", [this] { return teller_.tell(); });
    telling_.every(1s, "reading how long people may stay", [this] { return departure_.learn(); });
    telling_.start();
    burying_.every(1s, "putting away what lost servers left", [this] { return burial_.bury(); });
    burying_.start();
    started_ = true;
}

void PoolParts::stop() {
    // All at once: where the database does not answer, each may be waiting for it.
    for (Ticker* ticker : {&asking_, &burying_, &telling_})
        ticker->stop_soon();
    asking_.stop();
    burying_.stop();
    telling_.stop();
    if (!std::exchange(started_, false))
        return;
    burial_.let_go();
    if (Result<void> told = teller_.end(); !told)
        log::warning("other servers will see later who is gone: {}", told.error().message);
}

}  // namespace pchat::app
