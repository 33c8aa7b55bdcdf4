// SPDX-License-Identifier: Apache-2.0
#include "server/service/sign_in.h"

#include "base/address_block.h"
#include "base/password.h"
#include "base/sha256.h"
#include "base/uuid.h"
#include "server/domain/name.h"
#include "server/domain/principal_name.h"
#include "server/service/fetch.h"

#include <fmt/format.h>

#include <span>
#include <utility>

namespace pchat {
namespace {

constexpr std::size_t remembered_tokens = 300'000;
constexpr std::size_t remembered_refusals = 100'000;

tl::unexpected<Error> bad_password() {
    return fail_as(
        "bad-credentials",
        Errc::signed_out,
        "the user or the password is wrong",
        "users sign in as sip:user@domain"
    );
}

/// Whoever hears it has not signed in: where the directory is and what ails it stands in the log.
tl::unexpected<Error> not_checked(const Error& why) {
    if (why.code == Errc::too_many)
        return pass(why);
    return fail_as(
        "directory-unavailable",
        Errc::unreachable,
        "the directory that knows the passwords does not answer",
        "try again in a few minutes"
    );
}

tl::unexpected<Error> bad_token() {
    return fail_as(
        "not-signed-in",
        Errc::signed_out,
        "the token is unknown, has expired or was revoked",
        "sign in again: POST /v1/sessions"
    );
}

Result<Identity> identity_of(const Token& token) {
    Identity out{token.user, token.id, token.kind, token.role_mask, token.expires_at};
    if (!token.scope)
        return out;
    Result<TokenScope> scope = read_scope_text(*token.scope);
    if (!scope)  // nobody knows what it may do: nothing
        return pass(std::move(scope).error());
    out.scope = std::make_shared<const TokenScope>(std::move(*scope));
    return out;
}

}  // namespace

Person person_of(const DirectoryState& state, const Identity& identity) {
    Person out = state.person(identity.user);
    out.scope = identity.scope;
    if (!identity.role_mask)
        return out;
    // An administrator has each of the others, of which a token may have one.
    if (out.has(AdminRole::administrator))
        for (int role = 1; role <= static_cast<int>(AdminRole::administrator); ++role)
            out.roles = static_cast<std::uint8_t>(out.roles | (1U << static_cast<unsigned>(role)));
    out.roles =
        static_cast<std::uint8_t>(out.roles & static_cast<std::uint8_t>(*identity.role_mask));
    return out;
}

SignIns::SignIns(
    ContentDatabase& content, Directory& directory, const Clock& clock, SignInLimits limits
)
    : content_(content), directory_(directory), clock_(clock), limits_(limits),
      nobodys_hash_(hash_password(Secret{make_uuid(clock.now())}).value_or("")) {}

SignIns::~SignIns() = default;

struct SignIns::Found {
    PrincipalId id;
    bool active = false;
    std::optional<std::string> dn;   // of a user of the directory
    std::optional<Account> account;  // of others
};

Result<SignIns::Found> SignIns::look_up(const std::string& key) {
    Found out;
    Result<void> read = content_.read("signing in", [&](ContentTransaction& tx) {
        out = {};
        const auto found = tx.principals().find_name(PrincipalKind::user, key);
        if (!found)
            return Result<void>{pass(found.error())};
        if (!*found)
            return Result<void>{};
        out.id = (*found)->id;
        out.active = (*found)->state == PrincipalState::active;
        if ((*found)->source == PrincipalSource::directory) {
            out.dn = (*found)->dn;
            return Result<void>{};
        }
        auto known = tx.accounts().find(out.id);
        if (!known)
            return Result<void>{pass(std::move(known).error())};
        out.account = std::move(*known);
        return Result<void>{};
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

/// Asks both, whoever it is: the time that it takes tells nobody who exists, and where. While the
/// directory is away all who do not match hear of it alike; who has a password here still gets in.
Result<bool> SignIns::matches(const Found& found, const Secret& password) {
    const bool here =
        password_matches(password, found.account ? found.account->password_hash : nobodys_hash_) &&
        found.account;
    if (directory_passwords_ == nullptr || password.empty())
        return here && found.active;
    const Result<bool> there =
        directory_passwords_->matches(found.active ? found.dn.value_or("") : "", password);
    if (here && found.active)
        return true;
    if (!there)
        return pass(there.error());
    return *there && found.dn && found.active;
}

Result<IssuedToken> SignIns::sign_in(
    std::string_view user, const Secret& password, std::string_view address
) {
    const Result<PrincipalName> name = parse_principal(user, "user");
    if (!name)
        return pass(name.error());
    const std::string key = name_key(name->name);
    const std::string from = address_block(address);
    if (Result<void> may = admit(key, from); !may)
        return pass(std::move(may).error());
    // Groups and folders sign in nowhere: they take as long as a user whom nobody knows.
    Result<Found> found = name->kind == PrincipalKind::user ? look_up(key) : Found{};
    if (!found)
        return pass(std::move(found).error());
    const Result<bool> matching = matches(*found, password);
    // Also what nobody could check: a password of ours was wrong then.
    if (!matching || !*matching)
        count(&Memory::failures, key, from);
    if (!matching)
        return not_checked(matching.error());
    if (!*matching)
        return bad_password();
    count(&Memory::successes, key, from);
    std::optional<std::string> proved;
    if (found->account)
        proved = std::move(found->account->password_hash);
    return issue({found->id, TokenKind::sign_in, "sign-in", limits_.lifetime, std::nullopt, proved}
    );
}

Result<IssuedToken> SignIns::issue(const TokenWish& wish) {
    const std::uint64_t before = revocations();
    Result<IssuedToken> out = issue_token(content_, wish, clock_);
    if (!out || wish.kind == TokenKind::ticket)
        return out;
    if (Result<Identity> identity = identity_of(out->row))
        memory_.with([&](Memory& memory) {
            if (memory.revocations != before)
                return;  // perhaps this one: it is asked for when it is used
            memory.tokens.insert_or_assign(out->row.secret_hash, std::move(*identity));
        });
    return out;
}

Result<Identity> SignIns::judge(const Identity& identity) const {
    if (identity.expires_at && *identity.expires_at <= clock_.now())
        return bad_token();
    const bool active = directory_.read([&](const DirectoryState& state) {
        const KnownPrincipal* user = state.principal(identity.user);
        return user != nullptr && user->state == PrincipalState::active;
    });
    if (!active)
        return bad_token();
    return identity;
}

std::optional<Result<Identity>> SignIns::recall(std::string_view secret) const {
    const std::string hash = sha256_hex(secret);
    const std::optional<Identity> known =
        memory_.with([&](const Memory& memory) -> std::optional<Identity> {
            const auto found = memory.tokens.find(hash);
            if (found == memory.tokens.end())
                return std::nullopt;
            return found->second;
        });
    if (!known)
        return std::nullopt;
    return judge(*known);
}

Result<std::optional<Token>> SignIns::find(std::string_view hash) {
    return fetch(content_, "looking for a token", [&](ContentTransaction& tx) {
        return tx.tokens().find_secret(hash);
    });
}

Result<Identity> SignIns::check(std::string_view secret) {
    if (auto known = recall(secret)) {
        if (*known)
            note_use(**known);
        return std::move(*known);
    }
    const std::string hash = sha256_hex(secret);
    const std::uint64_t before =
        memory_.with([](const Memory& memory) { return memory.revocations; });
    Result<std::optional<Token>> token = find(hash);
    if (!token)
        return pass(std::move(token).error());
    if (!*token || (*token)->revoked_at || (*token)->kind == TokenKind::ticket)
        return bad_token();
    const Result<Identity> identity = identity_of(**token);
    if (!identity)
        return identity;
    memory_.with([&](Memory& memory) {
        if (memory.revocations != before)
            return;
        if (memory.tokens.size() >= remembered_tokens)
            memory.tokens.clear();  // they are found again one by one
        memory.tokens.insert_or_assign(hash, *identity);
    });
    note_use(*identity);
    return judge(*identity);
}

void SignIns::note_use(const Identity& identity) {
    if (identity.kind != TokenKind::api)
        return;
    const Microseconds now = clock_.now();
    memory_.with([&](Memory& memory) { memory.uses.insert_or_assign(identity.token, now); });
}

Result<void> SignIns::record_uses() {
    const auto uses = memory_.with([](Memory& memory) { return std::exchange(memory.uses, {}); });
    if (uses.empty())
        return {};
    Result<void> written =
        content_.write("noting when tokens were used", [&](ContentTransaction& tx) -> Result<void> {
            for (const auto& [token, at] : uses)
                if (Result<void> used = tx.tokens().used(token, at); !used)
                    return used;
            return {};
        });
    if (!written)
        memory_.with([&](Memory& memory) { memory.uses.insert(uses.begin(), uses.end()); });
    return written;
}

bool SignIns::worth_an_entry(TokenId token) {
    constexpr std::chrono::minutes pause{1};
    const auto now = clock_.steady();
    return memory_.with([&](Memory& memory) {
        if (memory.refused.size() > remembered_refusals)
            memory.refused.clear();
        const auto [entry, first] = memory.refused.try_emplace(token, now);
        if (!first && now - entry->second < pause)
            return false;
        entry->second = now;
        return true;
    });
}

Result<Identity> SignIns::redeem(std::string_view ticket) {
    const std::string hash = sha256_hex(ticket);
    Result<std::optional<Token>> token = find(hash);
    if (!token)
        return pass(std::move(token).error());
    if (!*token || (*token)->revoked_at || (*token)->kind != TokenKind::ticket)
        return bad_token();
    std::int64_t revoked = 0;
    std::optional<Token> parent;
    Result<void> used = content_.write("using a ticket", [&](ContentTransaction& tx) {
        const auto done = tx.tokens().revoke((*token)->uuid, clock_.now());
        if (!done)
            return Result<void>{pass(done.error())};
        revoked = *done;
        if (!(*token)->parent)
            return Result<void>{};
        auto found = tx.tokens().find(*(*token)->parent);
        if (!found)
            return Result<void>{pass(std::move(found).error())};
        parent = std::move(*found);
        return Result<void>{};
    });
    if (!used)
        return pass(std::move(used).error());
    if (revoked == 0)  // somebody else was faster
        return bad_token();
    const auto judged = [this](const Token& one) -> Result<Identity> {
        const Result<Identity> identity = identity_of(one);
        return identity ? judge(*identity) : identity;
    };
    if (Result<Identity> good = judged(**token); !good)
        return good;
    // The session lives as long as the sign-in that the ticket came from.
    return parent && !parent->revoked_at ? judged(*parent) : Result<Identity>{bad_token()};
}

Result<void> SignIns::sign_out(
    const Identity& identity,
    std::string_view secret,
    const std::function<Result<void>(const Token&)>& revoke
) {
    if (identity.kind == TokenKind::api)
        return fail_as(
            "not-allowed",
            Errc::denied,
            "a token for scripts does not sign out",
            "whoever made it removes it: pchatctl token remove"
        );
    const std::string hash = sha256_hex(secret);
    memory_.with([&](Memory& memory) {
        ++memory.revocations;
        memory.tokens.erase(hash);
    });
    Result<std::optional<Token>> token = find(hash);
    if (!token)
        return pass(std::move(token).error());
    if (!*token || (*token)->id != identity.token)
        return {};
    Result<void> done = revoke(**token);
    // Somebody who asked the database meanwhile may have remembered it again.
    memory_.with([&](Memory& memory) {
        ++memory.revocations;
        memory.tokens.erase(hash);
    });
    return done;
}

std::uint64_t SignIns::revocations() const {
    return memory_.with([](const Memory& memory) { return memory.revocations; });
}

void SignIns::forget(TokenId token) {
    memory_.with([&](Memory& memory) {
        ++memory.revocations;
        std::erase_if(memory.tokens, [&](const auto& entry) {
            return entry.second.token == token;
        });
    });
}

void SignIns::forget_all() {
    memory_.with([](Memory& memory) {
        ++memory.revocations;
        memory.tokens.clear();
    });
}

void SignIns::forget(PrincipalId user) {
    memory_.with([&](Memory& memory) {
        ++memory.revocations;
        std::erase_if(memory.tokens, [&](const auto& entry) { return entry.second.user == user; });
    });
}

}  // namespace pchat
