// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/content_database.h"

#include <string_view>
#include <type_traits>
#include <utility>

namespace pchat {

/// What `work` finds, in one transaction that only reads. `work` may run twice.
template <class Work>
std::invoke_result_t<Work&, ContentTransaction&> fetch(
    ContentDatabase& content, std::string_view doing, Work work
) {
    std::invoke_result_t<Work&, ContentTransaction&> out;
    Result<void> read = content.read(doing, [&](ContentTransaction& tx) -> Result<void> {
        out = work(tx);
        if (!out)
            return pass(out.error());
        return {};
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

}  // namespace pchat
