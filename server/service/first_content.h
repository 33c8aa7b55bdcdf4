// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/result.h"
#include "server/service/first_administrator.h"
#include "server/store/content_database.h"

namespace pchat {

/// What a pool for trying out begins with: chat is on for everybody, and a category `General` that
/// everybody may use takes rooms that name no other. Nothing that is there already is touched.
Result<Made> make_first_content(ContentDatabase& content, const Clock& clock);

/// The principal that stands for everybody; made when there is none. Within a transaction.
Result<PrincipalId> find_or_make_everyone(ContentTransaction& tx, Microseconds now);

}  // namespace pchat
