// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/first_start.h"

#include "base/password.h"
#include "base/sha256.h"
#include "cli/local_server/secret_file.h"
#include "server/domain/name.h"
#include "server/service/first_administrator.h"
#include "server/service/first_content.h"
#include "server/service/issue_token.h"
#include "server/store/sql/admin.h"
#include "server/store/sql/content.h"
#include "server/store/sql/provision.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>
#include <utility>

namespace pchat::cli {
namespace {

using std::chrono_literals::operator""h;

constexpr std::chrono::seconds token_lifetime = 90 * 24h;
constexpr std::chrono::microseconds renewed_before = 30 * 24h;

Result<PrincipalId> find_administrator(ContentTransaction& tx) {
    const auto user = tx.principals().find_name(PrincipalKind::user, name_key(local_administrator));
    if (!user)
        return pass(user.error());
    if (!*user)
        return fail(
            Errc::not_found,
            fmt::format("sip:{} is not in the database", local_administrator),
            "start with another data directory, or another database"
        );
    return (*user)->id;
}

/// The database outlived the directory that held the password.
Result<void> set_password(ContentDatabase& content, const Secret& password, Microseconds now) {
    const Result<std::string> hash = hash_password(password);
    if (!hash)
        return pass(hash.error());
    return content.write("setting the administrator's password", [&](ContentTransaction& tx) {
        const Result<PrincipalId> user = find_administrator(tx);
        if (!user)
            return Result<void>{pass(user.error())};
        Account account;
        account.user = *user;
        account.password_hash = *hash;
        account.changed_at = now;
        return tx.accounts().put(account);
    });
}

/// The file comes first: were it lost after the account is made, nobody could sign in.
Result<void> ensure_administrator(
    const DataDirectory& directory, ContentDatabase& content, const Clock& clock
) {
    Result<std::optional<Secret>> there = read_secret_file(directory.admin_password());
    if (!there)
        return pass(std::move(there).error());
    const bool fresh = !*there || (*there)->empty();
    Result<Secret> password = fresh ? random_secret() : std::move(**there);
    if (!password)
        return pass(std::move(password).error());
    if (fresh)
        if (auto put = write_secret_file(
                directory.admin_password(), fmt::format("{}\n", password->reveal()), 0600
            );
            !put)
            return put;
    const PrincipalName name{PrincipalKind::user, std::string{local_administrator}};
    const Result<Made> made = make_first_administrator(content, {name, password->copy()}, clock);
    if (!made)
        return pass(made.error());
    if (*made == Made::already && fresh)
        return set_password(content, *password, clock.now());
    return {};
}

Result<bool> is_good_for_long(
    ContentDatabase& content, const Secret& secret, PrincipalId user, Microseconds now
) {
    bool good = false;
    const Result<void> read =
        content.read("looking at the administrator's token", [&](ContentTransaction& tx) {
            const auto token = tx.tokens().find_secret(sha256_hex(secret.reveal()));
            if (!token)
                return Result<void>{pass(token.error())};
            good = *token && (*token)->user == user && !(*token)->revoked_at &&
                   (!(*token)->expires_at || *(*token)->expires_at > now + renewed_before.count());
            return Result<void>{};
        });
    if (!read)
        return pass(read.error());
    return good;
}

Result<void> ensure_token(
    const DataDirectory& directory, ContentDatabase& content, const Clock& clock
) {
    std::optional<PrincipalId> user;
    Result<void> found = content.read("finding the administrator", [&](ContentTransaction& tx) {
        const Result<PrincipalId> id = find_administrator(tx);
        if (!id)
            return Result<void>{pass(id.error())};
        user = *id;
        return Result<void>{};
    });
    if (!found)
        return found;
    const Result<std::optional<Secret>> there = read_secret_file(directory.admin_token());
    if (!there)
        return pass(there.error());
    if (*there) {
        const Result<bool> good = is_good_for_long(content, **there, *user, clock.now());
        if (!good)
            return pass(good.error());
        if (*good)
            return {};
    }
    const TokenWish wish{*user, TokenKind::api, "pchatctl server run", token_lifetime, {}};
    const Result<IssuedToken> token = issue_token(content, wish, clock);
    if (!token)
        return pass(token.error());
    return write_secret_file(
        directory.admin_token(), fmt::format("{}\n", token->secret.reveal()), 0600
    );
}

}  // namespace

Result<std::vector<std::string>> prepare_database(const sql::Target& target, const Clock& clock) {
    if (target.engine == sql::Engine::sqlite) {
        sql::Wanted wanted;
        wanted.target = target.copy();
        wanted.purpose = sql::Purpose::content;
        return sql::provision(wanted, clock);
    }
    const Result<std::vector<int>> steps =
        sql::migrate_database(target, sql::Purpose::content, clock);
    if (!steps)
        return pass(steps.error());
    std::vector<std::string> done;
    for (const int step : *steps)
        done.push_back(fmt::format("applied schema step {}", step));
    return done;
}

Result<void> prepare_content(
    const DataDirectory& directory, const sql::Target& target, const Clock& clock
) {
    const auto content = sql::open_content(target.copy());
    if (Result<void> made = ensure_administrator(directory, *content, clock); !made)
        return made;
    if (const Result<Made> made = make_first_content(*content, clock); !made)
        return pass(made.error());
    return ensure_token(directory, *content, clock);
}

}  // namespace pchat::cli
