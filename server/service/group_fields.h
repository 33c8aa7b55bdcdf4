// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/service/group_admin.h"

#include <string>
#include <string_view>

namespace pchat {

// What a group is made of, for whoever creates or changes one.

/// With or without the prefix; gives it without.
Result<std::string> group_name(std::string_view text);
/// What it is called besides its name, which must be there already.
Result<void> put_group_texts(Principal& group, const GroupFields& fields);

}  // namespace pchat
