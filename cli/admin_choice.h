// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "cli/args.h"
#include "cli/context.h"
#include "cli/pool_database.h"
#include "server/service/first_administrator.h"

#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// `--admin` and `--admin-password-file` of `db provision`.
struct AdminChoice {
    std::string name;
    std::string password_file;

    void declare(Args& args);
    /// Nobody when neither was given.
    [[nodiscard]] Result<std::optional<FirstAdministrator>> read(const Context& ctx) const;
};

/// Makes the administrator in each content database, which must have been provisioned.
Result<void> make_administrators(
    Context& ctx, const std::vector<PoolDatabase>& databases, const FirstAdministrator& wanted
);

}  // namespace pchat::cli
