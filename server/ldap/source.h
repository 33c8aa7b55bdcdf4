// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/ldap/connection.h"
#include "server/ldap/mapping.h"
#include "server/service/directory_source.h"

#include <functional>
#include <memory>
#include <string>

namespace pchat::ldap {

/// Who reads the directory. The password is asked for each time: whoever changes it need not
/// restart anything.
struct Reader {
    std::string dn;
    std::function<Result<Secret>()> password;
};

/// A directory that speaks LDAP, as a source of users and groups.
class LdapSource : public DirectorySource {
public:
    LdapSource(Endpoint endpoint, std::string base, Reader reader, Mapping mapping);

    [[nodiscard]] std::string domain() const override;
    [[nodiscard]] std::string place() const override;
    Result<std::unique_ptr<DirectoryReading>> open(GoOn go_on) override;

private:
    Endpoint endpoint_;
    std::string base_;
    Reader reader_;
    Mapping mapping_;
};

}  // namespace pchat::ldap
