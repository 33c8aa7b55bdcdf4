// SPDX-License-Identifier: Apache-2.0
#include "server/service/list_cursor.h"

#include <algorithm>
#include <charconv>

namespace pchat {

tl::unexpected<Error> bad_cursor() {
    return fail_as(
        "bad-cursor",
        Errc::invalid,
        "the cursor is not one that a list has given",
        "begin without a cursor",
        "cursor"
    );
}

Result<NamePosition> read_name_cursor(const std::string& text) {
    NamePosition out;
    const std::size_t colon = text.find(':');
    const char* end = text.data() + std::min(colon, text.size());
    const auto [stopped, problem] = std::from_chars(text.data(), end, out.id);
    if (colon == std::string::npos || problem != std::errc{} || stopped != end)
        return bad_cursor();
    out.name_sort = text.substr(colon + 1);
    return out;
}

}  // namespace pchat
