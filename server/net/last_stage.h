// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/net/stage.h"

namespace pchat::net {

class Connection;

/// The end of a connection: what is queued leaves, then the end of our side; what still comes is
/// thrown away until the other side has ended too. Closing while there is something to read would
/// reset the connection, and the last thing we said could be lost on the way.
class LastStage : public Stage {
public:
    explicit LastStage(Connection& connection) : connection_(connection) {}

    void begin() override;
    [[nodiscard]] bool wants_input() const override { return true; }
    void received(std::span<char> /*bytes*/) override {}
    void ended() override;
    void written() override;
    void tick(SteadyTime now) override;

private:
    Connection& connection_;
    SteadyTime began_;
};

}  // namespace pchat::net
