// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/estate.h"
#include "server/service/directory.h"
#include "server/store/content_database.h"

namespace pchat {

/// All that lives in the pool.
Result<Estate> whole_estate(ContentTransaction& tx, const Directory& directory);

/// What there is of the things that `wanted` names, and all of the sections that it prunes.
Result<Estate> found_estate(
    ContentTransaction& tx, const Directory& directory, const Estate& wanted
);

}  // namespace pchat
