// SPDX-License-Identifier: Apache-2.0
#include "cli/context.h"

#include <ostream>

namespace pchat::cli {

void Context::note(const std::string& line) const {
    if (!global.quiet)
        err << line << '\n';
}

std::string Context::variable(const std::string& name) const {
    return environment ? environment(name).value_or("") : std::string();
}

}  // namespace pchat::cli
