// SPDX-License-Identifier: Apache-2.0
#include "cli/estate/plan_text.h"

#include "cli/estate/estate_file.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const Json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

const Json& list_of(const Json& object, const char* key) {
    static const Json none = Json::array();
    const auto found = object.find(key);
    return found != object.end() && found->is_array() ? *found : none;
}

/// A value as a line has room for it; texts in quotes, so that an empty one is seen.
std::string shown(const Json& value) {
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

char sign_of(const std::string& action) {
    if (action == "create")
        return '+';
    return action == "remove" ? '-' : '~';
}

void append_names(std::string& out, const char* sign, const Json& names) {
    for (const Json& name : names)
        out += fmt::format(
            "      {} {}\n", sign, name.is_string() ? name.get<std::string>() : std::string{}
        );
}

std::string field_text(const Json& field) {
    const std::string key = document_key(text_of(field, "field"));
    if (field.contains("added") || field.contains("removed")) {
        std::string out = fmt::format("    {}:\n", key);
        append_names(out, "+", list_of(field, "added"));
        append_names(out, "-", list_of(field, "removed"));
        return list_of(field, "added").empty() && list_of(field, "removed").empty() ? "" : out;
    }
    const auto before = field.find("before");
    const auto after = field.find("after");
    if (before == field.end())
        return fmt::format("    {}: {}\n", key, after == field.end() ? "" : shown(*after));
    return fmt::format("    {}: {} -> {}\n", key, shown(*before), shown(*after));
}

std::string loss_text(const Json& loss) {
    const std::string kind = text_of(loss, "kind");
    const std::string thing = fmt::format("{} '{}'", text_of(loss, "of"), text_of(loss, "name"));
    const std::string who = text_of(loss, "principal");
    if (kind == "messages")
        return fmt::format("messages of {}: {}", thing, loss.value("messages", std::int64_t{0}));
    if (kind == "history")
        return fmt::format("messages of the rooms of {} are shown no more", thing);
    if (kind == "access")
        return fmt::format("{} is no longer allowed in {}", who, thing);
    if (kind == "policy")
        return fmt::format("{} falls back from policy '{}'", who, text_of(loss, "name"));
    return fmt::format("{} is no longer in {} of {}", who, text_of(loss, "list"), thing);
}

std::string counted(std::size_t count, std::string_view word, std::string_view words) {
    return fmt::format("{} {}", count, count == 1 ? word : words);
}

}  // namespace

std::string plan_text(const Json& answer) {
    std::string out;
    for (const Json& change : list_of(answer, "changes")) {
        const std::string action = text_of(change, "action");
        out += fmt::format(
            "{} {} {}\n", sign_of(action), text_of(change, "noun"), text_of(change, "name")
        );
        if (action != "remove")  // of what goes it is enough who loses what
            for (const Json& field : list_of(change, "fields"))
                out += field_text(field);
        for (const Json& loss : list_of(change, "losses"))
            out += fmt::format("    ! {}\n", loss_text(loss));
    }
    return out;
}

PlanTally tally_plan(const Json& answer) {
    PlanTally out;
    for (const Json& change : list_of(answer, "changes")) {
        const std::string action = text_of(change, "action");
        ++(action == "create" ? out.create : action == "remove" ? out.remove : out.set);
        out.losses += list_of(change, "losses").size();
    }
    return out;
}

std::string planned(const PlanTally& tally) {
    if (tally.changes() == 0)
        return "no changes";
    std::string out = fmt::format(
        "{}: {} to create, {} to change, {} to remove",
        counted(tally.changes(), "change", "changes"),
        tally.create,
        tally.set,
        tally.remove
    );
    if (tally.losses > 0)
        out += "; " + counted(tally.losses, "loss", "losses") + " (!)";
    return out;
}

std::string applied(const PlanTally& tally) {
    return tally.changes() == 0
               ? "no changes"
               : fmt::format(
                     "{} created, {} changed, {} removed", tally.create, tally.set, tally.remove
                 );
}

}  // namespace pchat::cli
