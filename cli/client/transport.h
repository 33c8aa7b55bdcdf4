// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "cli/client/url.h"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pchat::cli {

/// A server and how to talk to it.
struct Endpoint {
    Url url;
    std::string address;  // where it is, whatever the name in the URL leads to; empty: there
    std::string ca_file;  // empty: the authorities of the system
    std::chrono::milliseconds timeout{30'000};
    int stop = -1;  // a descriptor that becomes readable when all waiting shall end

    /// For messages.
    [[nodiscard]] std::string text() const {
        std::string out = url.text();
        if (!address.empty())
            out.append(" at ").append(address);
        return out;
    }
};

struct HttpRequest {
    std::string method;
    std::string target;  // path and query, encoded
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    bool repeatable = false;  // twice is as good as once
};

struct HttpReply {
    int status = 0;
    std::map<std::string, std::string, std::less<>> headers;  // names in lower case
    std::string body;
};

/// Takes requests to one server and brings back the replies; tests have their own.
class Transport {
public:
    virtual ~Transport() = default;
    virtual Result<HttpReply> send(const HttpRequest& request) = 0;
};

using TransportFactory = std::function<std::unique_ptr<Transport>(const Endpoint&)>;

}  // namespace pchat::cli
