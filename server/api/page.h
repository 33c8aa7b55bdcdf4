// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/wire/message.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace pchat::api {

enum class Keep : std::uint8_t { first, last };

/// Keeps of the messages what `bytes` have room for, and takes that off. One is kept even if it is
/// larger, while there is room at all: who asks for the rest must come to an end. Whether all fit.
bool keep_page(std::vector<wire::MessageText>& messages, std::size_t& bytes, Keep keep);

}  // namespace pchat::api
