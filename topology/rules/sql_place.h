// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "topology/model.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace pchat::topology {

// Where an SQL instance really is. Its name in the document is only a label: two entries may mean
// one instance, and an entry may keep its name and move.

/// Everything that decides about the place could be read, and is there.
bool has_place(const SqlInstance& instance);
/// Both have a place, and it is the same: server, instance name and port, or directory.
bool same_place(const SqlInstance& a, const SqlInstance& b);
/// Both run on the same machine, as far as their server names tell.
bool same_server(const SqlInstance& a, const SqlInstance& b);

/// "sql1.contoso.example\PCHAT", "pg1.contoso.example", "/var/lib/pchat".
std::string place_name(const SqlInstance& instance);

/// The port it listens on, the engine's own one unless it says another.
std::int64_t port_of(const SqlInstance& instance);

/// One spelling for a directory: "/a//b/./c/" is "/a/b/c".
std::string tidy_path(std::string_view path);

/// "2014" of "2014 SP3": releases of SQL Server go by the year.
std::string_view release_of(const SqlInstance& instance);
/// Whether that release is one our statements work with, as far as the document tells it.
bool has_good_release(const SqlInstance& instance);

std::string_view to_string(Engine engine);

}  // namespace pchat::topology
