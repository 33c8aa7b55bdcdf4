// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pchat {

/// Where a directory answers: ldaps://dc1.contoso.example, with a port or without.
struct DirectoryUrl {
    bool tls = false;  // from the first byte: ldaps
    std::string host;  // without brackets
    std::uint16_t port = 0;
    bool loopback = false;  // by its name: nothing is looked up

    [[nodiscard]] std::string written() const;
};

Result<DirectoryUrl> parse_directory_url(std::string_view text);

}  // namespace pchat
