// SPDX-License-Identifier: Apache-2.0
// `version`, and `--version`.
#include "base/version.h"

#include "cli/commands/rows.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

Result<void> run(Context& ctx) {
    nlohmann::ordered_json document;
    document["client"] = {{"version", version()}};
    print_document(ctx, document, fmt::format("pchatctl {}\n", version()));
    return {};
}

Run bind(Args& /*args*/) {
    return run;
}

}  // namespace

std::vector<Command> version_commands() {
    return {{
        .path = "version",
        .summary = "Show the version",
        .help = {},
        .bind = bind,
        .formats = {"table", "json", "yaml"},
    }};
}

}  // namespace pchat::cli
