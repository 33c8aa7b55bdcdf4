// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/quote.h"

#include "base/unicode.h"

#include <fmt/format.h>

#include <algorithm>

namespace pchat::sql {
namespace {

std::string doubled(std::string_view text, char closing) {
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        out += c;
        if (c == closing)
            out += c;
    }
    return out;
}

}  // namespace

std::string quoted_name(Engine engine, std::string_view name) {
    if (engine == Engine::sqlserver)
        return "[" + doubled(name, ']') + "]";
    return "\"" + doubled(name, '"') + "\"";
}

std::string quoted_text(Engine engine, std::string_view text) {
    return (engine == Engine::sqlserver ? "N'" : "'") + doubled(text, '\'') + "'";
}

Result<void> check_name(Engine engine, std::string_view what, std::string_view name) {
    const std::size_t longest = engine == Engine::postgresql ? 63 : 128;
    if (name.empty())
        return fail(Errc::invalid, fmt::format("the name of a {} is empty", what));
    if (name.size() > longest)
        return fail(
            Errc::invalid,
            fmt::format("the {} name '{}' is longer than {} bytes", what, printable(name), longest),
            "choose a shorter one"
        );
    const auto unfit = [](char c) {
        return static_cast<unsigned char>(c) < 0x20 || c == ':' || c == '?' || c == '\\' ||
               c == '\x7f';
    };
    if (std::any_of(name.begin(), name.end(), unfit))
        return fail(
            Errc::invalid,
            fmt::format(
                "the {} name '{}' holds ':', '?', '\\' or a control character",
                what,
                printable(name)
            ),
            "choose another one"
        );
    // SOCI would take what follows in the same statement for a text, and a verifier for parameters.
    if (engine == Engine::postgresql && std::count(name.begin(), name.end(), '\'') % 2 != 0)
        return fail(
            Errc::invalid,
            fmt::format("the {} name '{}' holds a single quote", what, printable(name)),
            "choose another one"
        );
    return {};
}

}  // namespace pchat::sql
