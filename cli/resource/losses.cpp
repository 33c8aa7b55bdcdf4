// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/losses.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// An entry of a list that no longer fits the category.
std::string purged_line(const Json& entry) {
    const std::string room = text_of(entry, "name");
    return fmt::format(
        "  {} is no longer in {}{}\n",
        text_of(entry, "principal"),
        text_of(entry, "list"),
        room.empty() ? std::string{} : fmt::format(" of room '{}'", room)
    );
}

/// An entry that named what was removed.
std::string taken_line(const Json& entry) {
    if (text_of(entry, "kind") == "role")
        return fmt::format("  no longer {}\n", text_of(entry, "name"));
    return fmt::format(
        "  no longer in {} of {} '{}'\n",
        text_of(entry, "list"),
        text_of(entry, "kind"),
        text_of(entry, "name")
    );
}

template <class Line>
void append(std::string& out, const Json& answer, const char* key, const Line& line) {
    const auto list = answer.find(key);
    if (list == answer.end() || !list->is_array())
        return;
    for (const Json& entry : *list)
        out += line(entry);
}

}  // namespace

std::string losses_text(const Json& answer) {
    std::string out;
    append(out, answer, "purged", purged_line);
    append(out, answer, "taken", taken_line);
    append(out, answer, "released", [](const Json& user) {
        return fmt::format("  {} falls back\n", user.is_string() ? user.get<std::string>() : "");
    });
    if (const std::string undo = text_of(answer, "undo"); !undo.empty())
        out += fmt::format("undo: pchatctl room undo --change {}\n", undo);
    return out;
}

}  // namespace pchat::cli
