// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "tests/support/memory/refusal.h"

#include <mutex>
#include <string_view>
#include <utility>

namespace pchat::test {

/// A database that is one value: work sees a copy of it, which takes its place when all went well.
template <class Interface, class Stores, class State, class Work>
class MemoryDatabase : public Interface {
public:
    Result<void> read(std::string_view /*doing*/, const Work& work) override {
        const std::lock_guard lock{mutex_};
        State draft = state_;
        return run(draft, work);
    }

    Result<void> write(std::string_view /*doing*/, const Work& work) override {
        const std::lock_guard lock{mutex_};
        State draft = state_;
        Result<void> done = run(draft, work);
        if (done)
            state_ = std::move(draft);
        return done;
    }

private:
    // What a database refused it has refused, whatever work makes of it.
    static Result<void> run(State& draft, const Work& work) {
        draft.refusal = {};
        Stores stores{draft};
        Result<void> done = work(stores);
        return draft.refusal.error ? Result<void>{pass(std::move(*draft.refusal.error))} : done;
    }

    std::mutex mutex_;
    State state_;
};

}  // namespace pchat::test
