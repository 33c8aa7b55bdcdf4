// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::cli {

/// Where a server is: scheme, host and port, nothing after them.
struct Url {
    bool tls = true;
    std::string host;  // an IPv6 address without brackets
    std::uint16_t port = 443;

    [[nodiscard]] std::string text() const;
    /// For the Host field: the port only where it is not the usual one.
    [[nodiscard]] std::string authority() const;
};

/// "https://pc1.contoso.example", "http://127.0.0.1:8080". Without a scheme it is https; http to
/// other machines is refused, for it would carry tokens readable.
Result<Url> parse_url(std::string_view text);

/// One segment of a path or one value of a query.
std::string percent_encoded(std::string_view text);

}  // namespace pchat::cli
