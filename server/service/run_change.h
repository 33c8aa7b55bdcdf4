// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/admin_call.h"
#include "server/service/changes.h"

#include <string_view>
#include <utility>

namespace pchat {

/// Makes what `act` does within a change a change of its own, and gives what it gave. `act` may run
/// twice.
template <class Out, class Act>
Result<Out> run_change(
    Changes& changes,
    const AdminCall& call,
    std::string_view doing,
    const Act& act,
    Turn turn = Turn::usual
) {
    Out out;
    Result<void> done = changes.run(
        doing,
        call.actor,
        [&](Change& change) -> Result<void> {
            Result<Out> acted = act(change);
            if (!acted)
                return pass(std::move(acted).error());
            out = std::move(*acted);
            return {};
        },
        call.dry_run,
        turn
    );
    if (!done)
        return pass(std::move(done).error());
    return out;
}

/// What the work made, when it was done.
template <class Out>
Result<Out> given(Result<void> done, Out& out) {
    if (!done)
        return pass(std::move(done).error());
    return std::move(out);
}

}  // namespace pchat
