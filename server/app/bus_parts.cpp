// SPDX-License-Identifier: Apache-2.0
#include "server/app/bus_parts.h"

#include "base/secret_reference.h"
#include "server/app/startup.h"
#include "server/bus/nats_bus.h"

#include <string>
#include <utility>

namespace pchat::app {
Result<std::unique_ptr<bus::Bus>> open_bus(
    const Settings& settings, bus::BusListener& listener, const Clock& clock
) {
    const BusSettings& chosen = settings.bus;
    bus::NatsOptions options;
    for (const BusNodeSettings& node : chosen.nodes)
        options.nodes.push_back({*node.address, static_cast<std::uint16_t>(*node.port)});
    options.name = *settings.server.fqdn;
    options.user = *chosen.user;
    if (!chosen.password->empty()) {
        Result<Secret> password =
            read_secret(*chosen.password, settings.folder, variable, "pchatd.yaml");
        if (!password)
            return pass(std::move(password).error());
        options.password = std::move(*password);
    }
    if (!chosen.ca->empty() || !chosen.certificate->empty() || !chosen.key->empty())
        options.tls = bus::TlsFiles{
            settings.path(*chosen.ca),
            settings.path(*chosen.certificate),
            settings.path(*chosen.key)};
    Result<std::unique_ptr<bus::NatsBus>> started =
        bus::NatsBus::start(std::move(options), listener, clock);
    if (!started)
        return pass(std::move(started).error());
    return std::unique_ptr<bus::Bus>{std::move(*started)};
}

}  // namespace pchat::app
