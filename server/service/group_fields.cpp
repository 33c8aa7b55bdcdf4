// SPDX-License-Identifier: Apache-2.0
#include "server/service/group_fields.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "base/visible.h"
#include "server/domain/principal_name.h"

#include <fmt/format.h>

#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest_text = 256;  // code points, of display name and address

Result<void> put_text(
    const std::optional<std::string>& from, std::string_view field, std::string& to
) {
    if (!from)
        return {};
    if (const std::size_t size = count_code_points(*from); size > longest_text)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("{} has {} characters", field, size),
            fmt::format("at most {}", longest_text),
            field
        );
    if (!is_visible(*from))
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("{} '{}' holds characters that nobody sees", field, printable(*from)),
            "write it with letters that print",
            field
        );
    to = *from;
    return {};
}

}  // namespace

Result<std::string> group_name(std::string_view text) {
    constexpr std::string_view prefix = "group:";
    if (equal_ignoring_case(text.substr(0, prefix.size()), prefix))
        text.remove_prefix(prefix.size());
    const auto refuse = [&](std::string_view why, std::string hint) {
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("the name '{}' {}", printable(text), why),
            std::move(hint),
            "name"
        );
    };
    if (is_uuid(text))
        return refuse("looks like an id", "nobody could ask for it by name");
    if (!is_visible(text))
        return refuse("holds characters that nobody sees", "write it with letters that print");
    if (!text.empty() && (text.front() == ' ' || text.back() == ' '))
        return refuse("begins or ends with a blank", "write it without");
    Result<PrincipalName> name = parse_principal("group:" + std::string{text}, "name");
    if (!name)
        return pass(std::move(name).error());
    return std::move(name->name);
}

Result<void> put_group_texts(Principal& group, const GroupFields& fields) {
    if (Result<void> put = put_text(fields.display, "display", group.display_name); !put)
        return put;
    if (group.display_name.empty())
        group.display_name = first_code_points(group.name, longest_text);
    return put_text(fields.email, "email", group.email);
}

}  // namespace pchat
