// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/store/visit.h"

#include <string>

namespace pchat {

/// What whoever asks for a page after a place that no list has named is told.
tl::unexpected<Error> bad_cursor();

/// "12:name": the object that the page before ended with, and what it is sorted by.
Result<NamePosition> read_name_cursor(const std::string& text);

}  // namespace pchat
