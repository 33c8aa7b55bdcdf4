// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/password_check.h"

#include "base/log.h"

#include <algorithm>
#include <utility>

namespace pchat::ldap {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_at_once = 3;
constexpr auto longest_queue = 1s;
constexpr auto rest = 2s;  // after the directory was found away

}  // namespace

std::size_t checks_at_once(std::size_t threads) {
    const std::size_t below_half = threads > 0 ? (threads - 1) / 2 : 0;
    return std::clamp<std::size_t>(below_half, 1, most_at_once);
}

bool says_directory_away(const Error& error) {
    return error.code == Errc::unreachable || error.code == Errc::timeout;
}

LdapPasswordCheck::LdapPasswordCheck(
    Endpoint endpoint, const std::string& base, std::size_t threads
)
    : endpoint_(std::move(endpoint)), nobody_("cn=nobody-of-pchat," + base),
      at_once_(checks_at_once(threads)) {
    // Somebody waits at a sign-in page.
    endpoint_.patience = std::min(endpoint_.patience, std::chrono::seconds{5});
}

bool LdapPasswordCheck::enter() {
    std::unique_lock lock{mutex_};
    if (!left_.wait_for(lock, longest_queue, [&] { return inside_ < at_once_; }))
        return false;
    ++inside_;
    return true;
}

void LdapPasswordCheck::leave() {
    {
        const std::lock_guard lock{mutex_};
        --inside_;
    }
    left_.notify_one();
}

Result<bool> LdapPasswordCheck::ask(const std::string& dn, const Secret& password) {
    Result<Connection> connection = Connection::open(endpoint_);
    if (!connection)
        return pass(std::move(connection).error());
    // What somebody who has no password there has typed is none of the directory's business.
    const Secret nothing{"nobody has this password"};
    const bool nobody = dn.empty();
    const Result<void> bound = connection->bind(nobody ? nobody_ : dn, nobody ? nothing : password);
    if (bound)
        return !nobody;
    if (bound.error().code == Errc::signed_out)
        return false;
    return pass(bound.error());
}

Result<bool> LdapPasswordCheck::matches(const std::string& dn, const Secret& password) {
    const std::optional<Error> away = away_.with([](const Away& known) {
        return std::chrono::steady_clock::now() < known.until ? known.why : std::nullopt;
    });
    if (away)
        return pass(*away);
    if (password.empty())
        return false;
    if (!enter())
        return fail_as(
            "directory-busy",
            Errc::too_many,
            "too many sign-ins wait for the directory",
            "try again in a few seconds"
        );
    Result<bool> out = ask(dn, password);
    leave();
    if (!out)
        log::warning("a password could not be checked: {}", out.error().message);
    if (!out && says_directory_away(out.error()))
        away_.with([&](Away& known) {
            known = {std::chrono::steady_clock::now() + rest, out.error()};
        });
    return out;
}

}  // namespace pchat::ldap
