// SPDX-License-Identifier: Apache-2.0
#include "server/api/page.h"

namespace pchat::api {
namespace {

constexpr std::size_t overhead = 3;  // braces and a comma

}  // namespace

bool keep_page(std::vector<wire::MessageText>& messages, std::size_t& bytes, Keep keep) {
    const std::size_t count = messages.size();
    std::size_t kept = 0;
    while (kept < count && bytes > 0) {
        const std::size_t next = keep == Keep::first ? kept : count - 1 - kept;
        const std::size_t size = messages[next]->size() + overhead;
        if (kept > 0 && size > bytes)
            break;
        bytes -= size < bytes ? size : bytes;
        ++kept;
    }
    const auto surplus = static_cast<std::ptrdiff_t>(count - kept);
    if (keep == Keep::first)
        messages.resize(kept);
    else
        messages.erase(messages.begin(), messages.begin() + surplus);
    return surplus == 0;
}

}  // namespace pchat::api
