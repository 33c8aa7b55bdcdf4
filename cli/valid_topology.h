// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/context.h"
#include "topology/parse.h"

#include <string>

namespace pchat::cli {

// A topology for commands that act on it: it must break no rule.

/// Reads and judges a document; where it breaks a rule the findings go to stderr, exit code 3.
Result<topology::Parsed> load_valid_topology(Context& ctx, const std::string& path);

/// Where file references of a document begin; empty for standard input: in the working directory.
std::string folder_of_topology(const std::string& path);

/// The pool of this name, upper case or lower; else with the nearest one named.
Result<const topology::Pool*> pool_named(const topology::Parsed& parsed, const std::string& fqdn);

}  // namespace pchat::cli
