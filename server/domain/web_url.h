// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace pchat {

enum class PlainHttp : std::uint8_t { refused, allowed };

/// An address that people's browsers are sent to; nothing here ever fetches it. `field` is what the
/// error names, a literal.
Result<void> check_web_url(
    std::string_view url, std::size_t longest, PlainHttp http, std::string_view field
);

}  // namespace pchat
