// SPDX-License-Identifier: Apache-2.0
#include "server/domain/name.h"

#include "base/sha256.h"
#include "base/unicode.h"

namespace pchat {

std::string name_key(std::string_view name) {
    return sha256_hex(fold_case(name));
}

std::string name_sort(std::string_view name) {
    constexpr std::size_t sorted_code_points = 128;
    return std::string{first_code_points(fold_case(name), sorted_code_points)};
}

}  // namespace pchat
