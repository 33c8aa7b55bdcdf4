// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/args.h"
#include "cli/context.h"
#include "cli/deploy/node_way.h"

#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// How machines are reached: the same for all commands that go there.
struct SshFlags {
    std::vector<std::string> identities;
    std::string user;
    std::string jump;
    std::string known_hosts;
    bool accept_new = false;

    void declare(Args& args);
    /// Asks about new host keys on the terminal. `ctx` must outlive it.
    [[nodiscard]] Result<MachineLinks> links(Context& ctx) const;
};

}  // namespace pchat::cli
