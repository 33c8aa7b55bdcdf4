// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string>
#include <string_view>

namespace pchat {

/// What is unique about a name, alike on every database engine: 64 hexadecimal digits, the same
/// for "STRASSE" and "straße".
std::string name_key(std::string_view name);

/// What lists of names are ordered by: the first 128 code points of the folded form.
std::string name_sort(std::string_view name);

}  // namespace pchat
