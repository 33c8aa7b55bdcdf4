// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/guarded.h"
#include "server/ldap/connection.h"
#include "server/service/directory_source.h"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>

namespace pchat::ldap {

/// Passwords by bind. A few at a time: a directory that hangs must not hold all threads that wait.
class LdapPasswordCheck : public PasswordCheck {
public:
    LdapPasswordCheck(Endpoint endpoint, const std::string& base);

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
    int inside_ = 0;
    Guarded<Away> away_;
};

}  // namespace pchat::ldap
