// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/statement.h"

namespace pchat::sql {

Catalog message_head_catalog();

}  // namespace pchat::sql
