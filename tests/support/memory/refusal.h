// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <optional>
#include <string>

namespace pchat::test {

/// What a real database would refuse a statement for: a key that is taken, a row that is missing.
/// Its transaction is lost from there on. (A row that changed meanwhile is no refusal.)
struct Refusal {
    std::optional<Error> error;  // the first
};

/// Errc::conflict, and the end of the transaction.
template <class State>
tl::unexpected<Error> refuse(State& state, std::string why) {
    if (!state.refusal.error)
        state.refusal.error = Error{Errc::conflict, why, {}, {}, false, {}, {}};
    return fail(Errc::conflict, std::move(why));
}

}  // namespace pchat::test
