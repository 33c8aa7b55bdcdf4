// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/app/settings.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace pchat::app {

/// A listener as it is, its port known.
struct Listening {
    std::string address;
    std::uint16_t port = 0;
    bool tls = true;
};

/// How clients come to this machine.
struct Reach {
    std::string url;                   // what they are told: of the first listener
    std::vector<std::string> origins;  // of web pages that may act for their users
};

Reach reach_of(const ServerSettings& server, std::span<const Listening> listeners);

/// "https://pc1.contoso.example:8443"; the port is left out where the scheme implies it.
std::string url_of(const std::string& host, std::uint16_t port, bool tls);

}  // namespace pchat::app
