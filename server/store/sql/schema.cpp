// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/schema.h"

#include "base/sha256.h"
#include "generated/schema_texts.h"

#include <fmt/format.h>

#include <charconv>

namespace pchat::sql {

std::vector<Step> built_in_steps(Engine engine, Purpose purpose) {
    const std::string folder = fmt::format("{}/{}/", to_string(purpose), to_string(engine));
    std::vector<Step> out;
    for (const std::string_view path :
         schema_text_names()) {  // sorted, so in the order of their numbers
        if (!path.starts_with(folder))
            continue;
        Step step;
        step.name = path.substr(folder.size());
        std::from_chars(step.name.data(), step.name.data() + step.name.size(), step.version);
        step.script = schema_text(path);
        step.sha256 = sha256_hex(step.script);
        out.push_back(std::move(step));
    }
    return out;
}

}  // namespace pchat::sql
