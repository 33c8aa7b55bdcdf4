// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/touched.h"

namespace pchat {

/// Adds what another commit changed.
void gather(Touched& to, const Touched& more);
/// One thing is read once, whoever changed it.
void once_each(Touched& touched);

}  // namespace pchat
