// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <cstdint>
#include <functional>
#include <string>

namespace pchat {

/// Takes one row after the other while they stream; its error ends the stream and is handed on.
/// It asks the database nothing: SQL Server's connections do one thing at a time.
template <class T>
using Visit = std::function<Result<void>(const T&)>;

/// Where a page of a list ordered by name begins: after this one.
struct NamePosition {
    std::string name_sort;
    std::int64_t id = 0;
};

}  // namespace pchat
