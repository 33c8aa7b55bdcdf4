// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "base/guarded.h"
#include "base/result.h"
#include "base/secret.h"
#include "server/domain/presence.h"
#include "server/service/directory.h"
#include "server/service/directory_source.h"
#include "server/service/issue_token.h"
#include "server/service/token_scope.h"
#include "server/store/content_database.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace pchat {

/// Who a token stands for.
struct Identity {
    PrincipalId user;
    TokenId token;
    TokenKind kind = TokenKind::sign_in;
    std::optional<std::int64_t> role_mask;  // narrows the user's roles
    std::optional<Microseconds> expires_at;
    std::shared_ptr<const TokenScope> scope = {};  // none: not bound

    /// It may do less than its user.
    [[nodiscard]] bool narrowed() const { return role_mask.has_value() || scope != nullptr; }
};

/// What the token may do: the user's roles that it has too, within its scope.
Person person_of(const DirectoryState& state, const Identity& identity);

struct SignInLimits {
    std::chrono::hours lifetime{24 * 14};
    // Within `window`; then all of that user or address are refused. An IPv6 address counts by the
    // network that it is of.
    int failures = 10;
    int of_user = 60;         // that succeeded: nobody signs in more often, but scripts that should
                              // have a token do
    int of_address = 10'000;  // the same: a whole office may be behind it
    std::chrono::seconds window{60};
};

/// Passwords and tokens. Everything that says it waits may ask the database and must not run on a
/// thread of connections.
class SignIns {
public:
    SignIns(
        ContentDatabase& content, Directory& directory, const Clock& clock, SignInLimits limits = {}
    );
    ~SignIns();

    /// Users of the directory sign in by its passwords. Before the first of them does.
    void ask_directory(PasswordCheck& check) { directory_passwords_ = &check; }

    /// Waits. The answer to an unknown user and to a wrong password is the same, and takes the
    /// same time.
    Result<IssuedToken> sign_in(
        std::string_view user, const Secret& password, std::string_view address
    );
    /// Waits. For API tokens and tickets.
    Result<IssuedToken> issue(const TokenWish& wish);

    /// What is known without asking: none, or who it is, or that it is no good.
    std::optional<Result<Identity>> recall(std::string_view secret) const;
    /// Waits.
    Result<Identity> check(std::string_view secret);
    /// Waits. A ticket: who has it may sign in once.
    Result<Identity> redeem(std::string_view ticket);

    /// Waits. Ends this sign-in: `revoke` does it in the database, in a way that every server of
    /// the pool hears of. A token for scripts is removed instead, by whoever made it.
    Result<void> sign_out(
        const Identity& identity,
        std::string_view secret,
        const std::function<Result<void>(const Token&)>& revoke
    );
    /// Forgets what is remembered of the user's tokens, which were revoked in the database.
    void forget(PrincipalId user);
    /// The same of one token.
    void forget(TokenId token);
    /// The same of all.
    void forget_all();
    /// Waits. Writes down when API tokens were last used; called by a clock.
    Result<void> record_uses();
    /// Whether what this token was refused goes into the audit log: once a minute, so that nobody
    /// can flood it.
    bool worth_an_entry(TokenId token);
    /// Changes when tokens are revoked: what was checked before has to be checked again.
    [[nodiscard]] std::uint64_t revocations() const;

private:
    struct Tries {
        int count = 0;
        std::chrono::steady_clock::time_point since{};
    };
    using TriesOf = std::unordered_map<std::string, Tries>;  // by user and by address
    struct Memory {
        std::unordered_map<std::string, Identity> tokens;  // by the hash of the secret
        TriesOf failures;
        TriesOf successes;
        std::unordered_map<TokenId, Microseconds> uses;  // of API tokens, not written down yet
        std::unordered_map<TokenId, std::chrono::steady_clock::time_point> refused;
        std::uint64_t revocations = 0;  // tells whether one came while the database was asked
    };

    struct Found;  // whom the address belongs to
    Result<Found> look_up(const std::string& key);
    Result<bool> matches(const Found& found, const Secret& password);
    Result<Identity> judge(const Identity& identity) const;
    void note_use(const Identity& identity);
    Result<void> admit(const std::string& user, const std::string& address);
    void count(TriesOf Memory::*tries, const std::string& user, const std::string& address);
    bool exhausted(TriesOf& tries, const std::string& who, int most);
    Result<std::optional<Token>> find(std::string_view hash);

    ContentDatabase& content_;
    Directory& directory_;
    const Clock& clock_;
    SignInLimits limits_;
    std::string nobodys_hash_;  // compared when there is nothing to compare
    PasswordCheck* directory_passwords_ = nullptr;
    Guarded<Memory> memory_;
};

}  // namespace pchat
