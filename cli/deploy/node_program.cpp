// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/node_program.h"

#include "generated/node_texts.h"

#include <string_view>

namespace pchat::cli {

std::string node_program() {
    std::string out;
    for (const std::string_view name : node_text_names())
        out += node_text(name);
    return out + "node_main \"$@\"\n";
}

}  // namespace pchat::cli
