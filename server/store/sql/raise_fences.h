// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"

#include <string>
#include <vector>

namespace pchat::sql {

/// For a content database that was put back to an earlier moment: lifts every fencing token and
/// every server's epoch, also of leases and servers that it does not know any more, above all that
/// were handed out since. Otherwise the compliance database, which has seen higher tokens, would
/// refuse the shipper, and a server of before the restore could be let in again.
///
/// The new numbers are the time, in microseconds: they rise by one with each owner, so none can
/// have come that far, and a second restore of the same backup gets other ones. The same text for
/// all engines; one transaction, if the caller makes one.
std::vector<std::string> raise_fences(Microseconds at);

}  // namespace pchat::sql
