// SPDX-License-Identifier: Apache-2.0
#include "cli/admin_choice.h"

#include "cli/secret_reference.h"
#include "server/store/sql/content.h"

#include <fmt/format.h>

#include <filesystem>

namespace pchat::cli {

void AdminChoice::declare(Args& args) {
    args.option("admin", name, "SIP", "make this user the first administrator of the pool");
    args.option(
        "admin-password-file", password_file, "FILE", "where the administrator's password is"
    );
}

Result<std::optional<FirstAdministrator>> AdminChoice::read(const Context& ctx) const {
    if (name.empty() && password_file.empty())
        return std::nullopt;
    if (name.empty() || password_file.empty())
        return fail(
            Errc::usage,
            "--admin and --admin-password-file go together",
            "the file holds the password on one line, mode 0600"
        );
    const Result<PrincipalName> parsed = parse_principal(name, "--admin");
    if (!parsed)
        return pass(parsed.error());
    Result<Secret> password =
        read_secret(ctx, "file:" + password_file, std::filesystem::current_path().string());
    if (!password) {
        Error error = std::move(password).error();
        if (error.hint.empty())
            error.hint = "it holds the password on one line, mode 0600";
        return pass(std::move(error), "--admin-password-file");
    }
    return FirstAdministrator{*parsed, std::move(*password)};
}

Result<void> make_administrators(
    Context& ctx, const std::vector<PoolDatabase>& databases, const FirstAdministrator& wanted
) {
    for (const PoolDatabase& database : databases) {
        if (database.wanted.purpose != sql::Purpose::content)
            continue;
        const auto& run = database.wanted.logins.run;
        const auto content = sql::open_content(database.as(run ? *run : database.owner()));
        const Result<Made> made = make_first_administrator(*content, wanted, SystemClock{});
        if (!made)
            return pass(made.error(), database.name());
        ctx.note(fmt::format(
            "{}: {} {}",
            database.name(),
            wanted.name.written(),
            *made == Made::made ? "is the administrator" : "is the administrator already"
        ));
    }
    return {};
}

}  // namespace pchat::cli
