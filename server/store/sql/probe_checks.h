// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/store/sql/probe.h"
#include "server/store/sql/provision_engines.h"

#include <string>
#include <vector>

namespace pchat::sql {

/// The parts of probe(); nobody else includes this.
struct ProbeTable {
    std::string name;
    std::string first_column;
};

/// Owner, run and reader, the one that provisions in the owner's place where none is given.
std::vector<NamedLogin> logins_to_probe(const Wanted& wanted);

/// What the logins of a server try. Without tables (nobody could read their names) nothing of them.
std::vector<ProbeCheck> login_checks(const Wanted& wanted, const std::vector<ProbeTable>& tables);

/// SQLite: what is asked of the file.
std::vector<ProbeCheck> sqlite_checks();
Result<std::vector<ProbeResult>> probe_sqlite(const Wanted& wanted);

}  // namespace pchat::sql
