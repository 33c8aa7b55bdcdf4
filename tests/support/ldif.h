// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/slapd.h"

#include <fmt/format.h>

#include <string>
#include <vector>

// Entries and changes as text, for a directory that begins at Slapd::root.
namespace pchat::test {

// What is loaded looks as if it had been there for long, so that it is not read again as new.
inline const std::string long_ago = "modifyTimestamp: 20260101000000Z\n";

inline std::string dn_of(const std::string& name, const std::string& folder) {
    return fmt::format("uid={},ou={},{}", name, folder, Slapd::root);
}
inline std::string group_dn(const std::string& name) {
    return fmt::format("cn={},ou=Groups,{}", name, Slapd::root);
}
inline std::string folder_ldif(const std::string& name) {
    return fmt::format(
        "dn: ou={0},{1}\nobjectClass: organizationalUnit\nou: {0}\n{2}\n",
        name,
        Slapd::root,
        long_ago
    );
}
/// Without the line that ends an entry.
inline std::string user_fields(const std::string& name) {
    return fmt::format(
        "objectClass: inetOrgPerson\nuid: {0}\ncn: {0}\nsn: {0}\ndisplayName: {0} here\n"
        "mail: {0}@contoso.example\nuserPassword: password of {0}\n",
        name
    );
}
inline std::string user_ldif(const std::string& name, const std::string& folder) {
    return fmt::format("dn: {}\n{}{}\n", dn_of(name, folder), user_fields(name), long_ago);
}
inline std::string group_ldif(const std::string& name, const std::vector<std::string>& members) {
    std::string out =
        fmt::format("dn: {}\nobjectClass: groupOfNames\ncn: {}\n", group_dn(name), name);
    for (const std::string& dn : members)
        out += "member: " + dn + "\n";
    return out + long_ago + "\n";
}

// Changes.

inline std::string add_user(const std::string& name, const std::string& folder) {
    return fmt::format("dn: {}\nchangetype: add\n{}\n", dn_of(name, folder), user_fields(name));
}
inline std::string remove(const std::string& dn) {
    return fmt::format("dn: {}\nchangetype: delete\n\n", dn);
}
inline std::string replace(
    const std::string& dn, const std::string& attribute, const std::string& value
) {
    return fmt::format(
        "dn: {0}\nchangetype: modify\nreplace: {1}\n{1}: {2}\n\n", dn, attribute, value
    );
}
inline std::string add_member(const std::string& group, const std::string& dn) {
    return fmt::format(
        "dn: {}\nchangetype: modify\nadd: member\nmember: {}\n\n", group_dn(group), dn
    );
}
inline std::string remove_member(const std::string& group, const std::string& dn) {
    return fmt::format(
        "dn: {}\nchangetype: modify\ndelete: member\nmember: {}\n\n", group_dn(group), dn
    );
}
/// `above`: empty: it stays in its folder.
inline std::string rename(
    const std::string& dn, const std::string& first_part, const std::string& above = {}
) {
    return fmt::format(
        "dn: {}\nchangetype: modrdn\nnewrdn: {}\ndeleteoldrdn: 1\n{}\n",
        dn,
        first_part,
        above.empty() ? "" : "newsuperior: " + above + "\n"
    );
}

}  // namespace pchat::test
