// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/resource_text.h"

#include "cli/resource/losses.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

#include <ostream>

namespace pchat::cli {

using Json = nlohmann::ordered_json;

std::vector<std::pair<std::string, std::string>> dry_run_query(const Context& ctx) {
    if (!ctx.global.dry_run)
        return {};
    return {{"dry_run", "true"}};
}

std::string name_in(const Resource& resource, const Json& item) {
    const auto found = item.find(resource.name_key);
    return found != item.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

void show_change(
    Context& ctx,
    const Resource& resource,
    const Json& item,
    const std::string& name,
    const char* what
) {
    const std::string& format = ctx.global.output;
    if (format == "json" || format == "yaml") {
        print_document(ctx, item, "");
    } else if (format == "name") {
        ctx.out << resource.noun << '/' << name << '\n';
    } else {
        ctx.out << fmt::format(
            "{}/{} {}{}\n{}",
            resource.noun,
            name,
            ctx.global.dry_run ? "would be " : "",
            what,
            losses_text(item)
        );
    }
}

}  // namespace pchat::cli
