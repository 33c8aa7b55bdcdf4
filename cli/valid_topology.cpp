// SPDX-License-Identifier: Apache-2.0
#include "cli/valid_topology.h"

#include "base/diagnostic.h"
#include "base/suggest.h"
#include "base/unicode.h"
#include "cli/topology_file.h"
#include "topology/rules/rules.h"

#include <fmt/format.h>

#include <filesystem>
#include <ostream>
#include <string_view>
#include <vector>

namespace pchat::cli {

Result<topology::Parsed> load_valid_topology(Context& ctx, const std::string& path) {
    Result<topology::Parsed> parsed = load_topology(ctx, path);
    if (!parsed)
        return parsed;
    const std::vector<Diagnostic> findings = topology::judge(*parsed, {.today = ctx.today});
    if (tally(findings).errors == 0)
        return parsed;
    ctx.err << render_text(
        *parsed->document.source, findings, ctx.terminal.colour_err ? Colour::yes : Colour::no
    );
    return fail_silently(Errc::bad_file);
}

std::string folder_of_topology(const std::string& path) {
    return path == "-" ? "" : std::filesystem::path{path}.parent_path().string();
}

Result<const topology::Pool*> pool_named(const topology::Parsed& parsed, const std::string& fqdn) {
    std::vector<std::string_view> names;
    for (const topology::Pool& pool : parsed.model.spec.pools) {
        if (equal_ignoring_case(*pool.fqdn, fqdn))
            return &pool;
        names.push_back(*pool.fqdn);
    }
    if (names.empty())
        return fail(
            Errc::not_found, "the topology defines no pool", "pchatctl topology add pool --help"
        );
    const auto guess = nearest(fqdn, names);
    return fail(
        Errc::not_found,
        fmt::format("the topology defines no pool '{}'", fqdn),
        guess ? fmt::format("did you mean {}?", *guess) : "pchatctl topology show --only pool"
    );
}

}  // namespace pchat::cli
