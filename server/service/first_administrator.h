// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/domain/principal_name.h"
#include "server/store/content_database.h"

namespace pchat {

/// Who will administer a pool that nobody administers yet.
struct FirstAdministrator {
    PrincipalName name;  // a user
    Secret password;
};

enum class Made : std::uint8_t { already, made };

/// Makes the user and grants the role `administrator`, audited. `already` when that very user is
/// an administrator; `conflict` when somebody else is, for then there is a proper way.
Result<Made> make_first_administrator(
    ContentDatabase& content, const FirstAdministrator& wanted, const Clock& clock
);

}  // namespace pchat
