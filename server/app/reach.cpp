// SPDX-License-Identifier: Apache-2.0
#include "server/app/reach.h"

#include "base/unicode.h"
#include "server/app/ip_address.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::app {
namespace {

bool is_loopback(const Listening& listener) {
    const auto address = parse_ip(listener.address);
    return address && address->loopback;
}

std::string host_of(const ServerSettings& server, const Listening& listener) {
    if (!server.host->empty())
        return lower_ascii(*server.host);
    return is_loopback(listener) ? listener.address : lower_ascii(*server.fqdn);
}

}  // namespace

std::string url_of(const std::string& host, std::uint16_t port, bool tls) {
    constexpr std::uint16_t https = 443;
    constexpr std::uint16_t http = 80;
    const bool v6 = host.find(':') != std::string::npos;
    std::string out =
        fmt::format("{}://{}{}{}", tls ? "https" : "http", v6 ? "[" : "", host, v6 ? "]" : "");
    if (port != (tls ? https : http))
        out += fmt::format(":{}", port);
    return out;
}

Reach reach_of(const ServerSettings& server, std::span<const Listening> listeners) {
    Reach out;
    const auto add = [&](const std::string& host, std::uint16_t port, bool tls) {
        std::string origin = url_of(host, port, tls);
        if (!host.empty() &&
            std::find(out.origins.begin(), out.origins.end(), origin) == out.origins.end())
            out.origins.push_back(std::move(origin));
    };
    const std::string fqdn = lower_ascii(*server.fqdn);
    const std::string pool = lower_ascii(*server.pool);
    for (const Listening& listener : listeners) {
        const std::string host = host_of(server, listener);
        if (out.url.empty())
            out.url = url_of(host, listener.port, listener.tls);
        std::vector<std::string> names{host, fqdn, pool};
        if (is_loopback(listener))
            names.insert(names.end(), {listener.address, "localhost"});
        for (const std::string& name : names)
            add(name, listener.port, listener.tls);
    }
    // What stands in front, for a load balancer or another program's TLS, listens at the usual
    // port.
    constexpr std::uint16_t https = 443;
    add(fqdn, https, true);
    add(pool, https, true);
    return out;
}

}  // namespace pchat::app
