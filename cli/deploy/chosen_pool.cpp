// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/chosen_pool.h"

#include "base/suggest.h"
#include "base/unicode.h"
#include "cli/topology_file.h"
#include "cli/valid_topology.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace pchat::cli {
namespace {

Result<std::unique_ptr<ChosenPool>> open(Context& ctx, const std::string& file) {
    Result<std::string> path = topology_path(ctx, file);
    if (!path)
        return pass(std::move(path).error());
    Result<topology::Parsed> parsed = load_valid_topology(ctx, *path);
    if (!parsed)
        return pass(std::move(parsed).error());
    auto out = std::make_unique<ChosenPool>(std::move(*parsed));
    out->folder = folder_of_topology(*path);
    out->path = std::move(*path);
    return out;
}

tl::unexpected<Error> no_machine(
    const std::string& where, const std::string& name, const std::vector<std::string_view>& names
) {
    const auto guess = nearest(name, names);
    return fail(
        Errc::not_found,
        fmt::format("{} has no machine '{}'", where, name),
        guess ? fmt::format("did you mean {}?", *guess)
              : "pchatctl topology show --only machine lists them"
    );
}

void declare_name(Args& args, const char* what, std::string& into, const char* help) {
    Arg& name = args.positional(what, into, help);
    name.required = true;
    name.kind = ValueKind::name;
    name.refers = what;
}

}  // namespace

Result<std::unique_ptr<ChosenPool>> choose_pool(
    Context& ctx, const std::string& file, const std::string& pool
) {
    Result<std::unique_ptr<ChosenPool>> out = open(ctx, file);
    if (!out)
        return out;
    const Result<const topology::Pool*> named = pool_named((*out)->parsed, pool);
    if (!named)
        return pass(named.error());
    (*out)->pool = *named;
    return out;
}

Result<std::unique_ptr<ChosenPool>> choose_pool_of(
    Context& ctx, const std::string& file, const std::string& machine
) {
    Result<std::unique_ptr<ChosenPool>> out = open(ctx, file);
    if (!out)
        return out;
    std::vector<std::string_view> names;
    for (const topology::Pool& pool : (*out)->parsed.model.spec.pools)
        for (const topology::Machine& one : pool.machines) {
            names.push_back(*one.fqdn);
            if (equal_ignoring_case(*one.fqdn, machine))
                (*out)->pool = &pool;
        }
    if ((*out)->pool == nullptr)
        return no_machine("the topology", machine, names);
    return out;
}

Result<const topology::Machine*> machine_named(
    const topology::Pool& pool, const std::string& name
) {
    std::vector<std::string_view> names;
    for (const topology::Machine& machine : pool.machines) {
        if (equal_ignoring_case(*machine.fqdn, name))
            return &machine;
        names.push_back(*machine.fqdn);
    }
    return no_machine("pool " + *pool.fqdn, name, names);
}

void declare_pool(Args& args, std::string& pool, std::string& file) {
    declare_name(args, "pool", pool, "the pool's name in the topology");
    file_option(args, file);
}

void declare_machine(Args& args, std::string& machine, std::string& file) {
    declare_name(args, "machine", machine, "the machine's name in the topology");
    file_option(args, file);
}

}  // namespace pchat::cli
