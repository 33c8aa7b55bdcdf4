// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"

#include <string>
#include <string_view>

namespace pchat {

/// A new UUID, version 7 (RFC 9562): begins with the milliseconds, so that ids made one after the
/// other sort so; the rest is random.
std::string make_uuid(Microseconds now);

/// 8-4-4-4-12 hexadecimal digits of either case, of any version.
bool is_uuid(std::string_view text);

}  // namespace pchat
