// SPDX-License-Identifier: Apache-2.0
#include "server/app/presence_parts.h"

#include "base/log.h"

#include <utility>

namespace pchat::app {

using namespace std::chrono_literals;

PresenceParts::PresenceParts(
    Chat& chat,
    OpenSessions& sessions,
    ArchiveDatabase* archive,
    const Clock& clock,
    std::chrono::microseconds grace
)
    : teller_(chat, sessions),
      burial_(chat.content(), archive, chat.facts().life, chat.facts().fqdn, clock, grace) {}

void PresenceParts::called(const Roll& roll) {
    teller_.called(roll);
    burial_.called(roll);
}

void PresenceParts::start() {
    telling_.every(250ms, "telling who is here", [this] { return teller_.tell(); });
    telling_.start();
    burying_.every(1s, "putting away what lost servers left", [this] { return burial_.bury(); });
    burying_.start();
    started_ = true;
}

void PresenceParts::stop() {
    burying_.stop();
    telling_.stop();
    if (!std::exchange(started_, false))
        return;
    burial_.let_go();
    if (Result<void> told = teller_.end(); !told)
        log::warning("other servers will see later who is gone: {}", told.error().message);
}

}  // namespace pchat::app
