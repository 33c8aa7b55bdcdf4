// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/local_bus.h"
#include "server/bus/nats_bus.h"
#include "tests/support/nats_server.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pchat::test {

/// A bus of either kind with as many ends as a test wants.
class Rig {
public:
    virtual ~Rig() = default;
    /// Linked when this returns.
    virtual std::unique_ptr<bus::Bus> join(bus::BusListener& listener, bus::Bounds bounds = {}) = 0;
    /// The bus is gone for every end, and is back.
    virtual void take_away() = 0;
    virtual void bring_back() = 0;

    static constexpr std::size_t max_payload = 20'000;
};

/// "local" or "nats"; nothing where nats-server is not installed.
std::unique_ptr<Rig> make_rig(const std::string& kind);

/// For the nodes of a test, without TLS.
bus::NatsOptions options_for(const std::vector<bus::NodeAddress>& nodes);
/// Waits for what nobody is told of; false when that was long enough.
bool until(const std::function<bool()>& holds);

}  // namespace pchat::test
