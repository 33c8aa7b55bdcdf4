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
}

void PoolParts::stop_soon() {
    burial_.stop();
    for (Ticker* ticker : {&asking_, &burying_, &telling_})
        ticker->stop_soon();
}

void PoolParts::stop() {
    stop_soon();
    for (Ticker* ticker : {&asking_, &burying_, &telling_})
        ticker->stop();
}

void PoolParts::hand_over() {
    burial_.let_go();
    if (Result<void> told = teller_.end(); !told)
        log::warning("other servers will see later who is gone: {}", told.error().message);
}

}  // namespace pchat::app
