// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/app/settings.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace pchat::app {

struct ServerParts;

/// A running pchatd: all objects, in the order in which they need each other.
class Server {
public:
    /// Opens the database, begins a life in the registry, reads the directory, listens. `uri` of
    /// each listener is known afterwards. `is_to_end` is asked now and then meanwhile, for it may
    /// take minutes after a crash: true makes it `interrupted`.
    static Result<std::unique_ptr<Server>> start(
        const Settings& settings, std::function<bool()> is_to_end = {}
    );
    ~Server();  // as stop(), at once
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    [[nodiscard]] const std::vector<std::string>& urls() const;
    /// Reads certificates again.
    void reload();
    /// Sends everybody elsewhere, waits for what is under way, and ends.
    void stop();
    /// Whether another server took this one's place: it has nothing left to do.
    [[nodiscard]] bool is_fenced() const;

private:
    Server();
    std::unique_ptr<ServerParts> parts_;
};

}  // namespace pchat::app
