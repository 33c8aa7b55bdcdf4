// SPDX-License-Identifier: Apache-2.0
#include "server/service/user_fields.h"

#include "base/password.h"
#include "base/unicode.h"
#include "base/visible.h"
#include "server/domain/words.h"

#include <fmt/format.h>

#include <utility>

namespace pchat {
namespace {

constexpr std::size_t longest = 256;  // code points, of display name, company, address and site

Result<void> put_text(
    std::string& to, const std::optional<std::string>& from, std::string_view field
) {
    if (!from)
        return {};
    if (const std::size_t size = count_code_points(*from); size > longest)
        return fail_as(
            "too-long",
            Errc::invalid,
            fmt::format("{} has {} characters", field, size),
            fmt::format("at most {}", longest),
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

std::string words_of(const std::vector<AdminRole>& roles) {
    std::string out;
    for (const AdminRole role : roles)
        out.append(out.empty() ? "" : ", ").append(to_string(role));
    return out;
}

}  // namespace

Result<void> put_user_texts(Principal& user, const UserFields& fields) {
    if (fields.display && fields.display->empty())
        return fail_as(
            "bad-value", Errc::invalid, "the display name is empty", "leave it out", "display"
        );
    if (auto put = put_text(user.display_name, fields.display, "display"); !put)
        return put;
    if (auto put = put_text(user.email, fields.email, "email"); !put)
        return put;
    if (auto put = put_text(user.company, fields.company, "company"); !put)
        return put;
    return put_text(user.site, fields.site, "site");
}

AuditText user_difference(const UserFacts* before, const UserFacts* after) {
    AuditText out;
    const auto text = [&](std::string_view name, auto get) {
        const std::optional<std::string> old =
            before == nullptr ? std::nullopt : std::optional<std::string>{get(*before)};
        const std::optional<std::string> now =
            after == nullptr ? std::nullopt : std::optional<std::string>{get(*after)};
        out.text(name, old, now);
    };
    const auto field = [&](std::string_view name, std::string Principal::*which) {
        text(name, [&](const UserFacts& one) { return one.user.*which; });
    };
    field("user", &Principal::name);
    field("display", &Principal::display_name);
    field("email", &Principal::email);
    field("company", &Principal::company);
    field("site", &Principal::site);
    text("state", [](const UserFacts& one) { return std::string{to_string(one.user.state)}; });
    text("roles", [](const UserFacts& one) { return words_of(one.roles); });
    return out;
}

Result<std::optional<std::string>> password_hash_of(const std::optional<Secret>& password) {
    if (!password)
        return std::optional<std::string>{};
    const auto blamed = [](Error problem) {
        problem.reason = "bad-value";
        problem.field = "password";
        return pass(std::move(problem));
    };
    if (Result<void> good = check_password(*password); !good)
        return blamed(std::move(good).error());
    Result<std::string> hash = hash_password(*password);
    if (!hash)
        return pass(std::move(hash).error());
    return std::optional{std::move(*hash)};
}

Result<PrincipalName> user_name(std::string_view text) {
    Result<PrincipalName> name = parse_principal(text, "user");
    if (!name || name->kind == PrincipalKind::user)
        return name;
    return fail_as(
        "bad-value",
        Errc::invalid,
        fmt::format("'{}' is not a user", text),
        "write sip:user@domain",
        "user"
    );
}

}  // namespace pchat
