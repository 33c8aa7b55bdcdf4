// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/model.h"

#include <vector>

namespace pchat::topology {

class Directory;

/// An instance with what its entry names; null where it names nothing, or nothing that exists.
struct MirrorSession {
    const SqlInstance* primary;
    const SqlInstance* mirror;
    const SqlInstance* witness;
};

/// Every instance that names a mirror or a witness. Mirroring is a thing of SQL Server only.
std::vector<MirrorSession> mirror_sessions(const Directory& all);

/// One instance, be it written once or twice.
bool is_itself(const SqlInstance& a, const SqlInstance& b);

}  // namespace pchat::topology
