// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/ldap/connection.h"
#include "server/service/directory_source.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

namespace pchat::ldap {

/// How many passwords may be checked at the same moment by so many threads; at least one.
std::size_t checks_at_once(std::size_t threads);
/// Whether the next ones need not be asked for a moment; not for what one user's entry is to blame.
bool says_directory_away(const Error& error);

/// Passwords by bind. A few at a time: a directory that hangs must not hold all threads that wait.
class LdapPasswordCheck : public PasswordCheck {
public:
    /// `threads`: how many there are that wait; always fewer than half of them do so here.
    LdapPasswordCheck(Endpoint endpoint, const std::string& base, std::size_t threads);

    Result<bool> matches(const std::string& dn, const Secret& password) override;

private:
    struct Away {
        std::chrono::steady_clock::time_point until{};
        std::optional<Error> why;
    };
    [[nodiscard]] Result<bool> ask(const std::string& dn, const Secret& password);
    bool enter();
    void leave();

    Endpoint endpoint_;
    std::string nobody_;  // a DN that is nobody's
    std::mutex mutex_;
    std::condition_variable left_;
    std::size_t inside_ = 0;
    std::size_t at_once_;
    Guarded<Away> away_;
};

}  // namespace pchat::ldap
