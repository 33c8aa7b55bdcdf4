// SPDX-License-Identifier: Apache-2.0
#include "server/net/last_stage.h"

#include "server/net/connection.h"
#include "server/net/connection_set.h"

namespace pchat::net {

void LastStage::begin() {
    began_ = std::chrono::steady_clock::now();
    if (connection_.outbox().empty())
        connection_.end_writing();
}

void LastStage::written() {
    connection_.end_writing();
}

void LastStage::ended() {
    connection_.die();
}

void LastStage::tick(SteadyTime now) {
    if (now - began_ > connection_.set().limits().close_time)
        connection_.die();
}

}  // namespace pchat::net
