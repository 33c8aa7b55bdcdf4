// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "cli/args.h"
#include "cli/context.h"
#include "topology/parse.h"
#include "topology/rules/directory.h"

#include <memory>
#include <string>

namespace pchat::cli {

/// A pool of a valid topology: what the commands about its machines begin with. Stays where it is,
/// since its parts point at each other.
struct ChosenPool {
    explicit ChosenPool(topology::Parsed from) : parsed(std::move(from)), directory(parsed.model) {}

    topology::Parsed parsed;
    topology::Directory directory;
    const topology::Pool* pool = nullptr;
    std::string path;    // of the topology
    std::string folder;  // where its file references begin
};

/// `file`: as it was given with -f.
Result<std::unique_ptr<ChosenPool>> choose_pool(
    Context& ctx, const std::string& file, const std::string& pool
);
/// The pool that has the machine of this name.
Result<std::unique_ptr<ChosenPool>> choose_pool_of(
    Context& ctx, const std::string& file, const std::string& machine
);

/// The machine of this name, upper case or lower; else with the nearest one named.
Result<const topology::Machine*> machine_named(const topology::Pool& pool, const std::string& name);

/// `POOL` and `-f`.
void declare_pool(Args& args, std::string& pool, std::string& file);
/// `MACHINE` and `-f`.
void declare_machine(Args& args, std::string& machine, std::string& file);

}  // namespace pchat::cli
