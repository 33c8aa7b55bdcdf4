// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace pchat::app {

/// Something done over and over in the background that may fail, most often since a database is
/// away. It comes back less and less often while it fails, and says so once.
class Chore {
public:
    /// `name` is what the log says of it: "indexing".
    Chore(std::string name, std::chrono::milliseconds interval, std::function<Result<void>()> work);

    /// Does it; the pause until the next time.
    std::chrono::milliseconds run();
    /// What to say of an outcome; nothing when nothing changed, or somebody else has said it.
    std::optional<std::string> news(const Result<void>& outcome);
    std::chrono::milliseconds pause_after(bool worked);

private:
    std::string name_;
    std::chrono::milliseconds interval_;
    std::chrono::milliseconds pause_;
    std::function<Result<void>()> work_;
    bool complained_ = false;
};

}  // namespace pchat::app
