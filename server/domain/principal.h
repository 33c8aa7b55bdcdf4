// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/clock.h"
#include "server/domain/id.h"

#include <optional>
#include <string>

namespace pchat {

// The numbers of all enumerations here are those of the database.

enum class PrincipalKind : std::uint8_t { user = 1, group, container, domain, system };
enum class PrincipalSource : std::uint8_t { local = 1, directory };
enum class PrincipalState : std::uint8_t { active, disabled, gone };

/// A person, or what may stand for many of them. Whoever leaves stays as `gone`: messages name
/// them.
struct Principal {
    PrincipalId id;
    std::string uuid;
    PrincipalKind kind = PrincipalKind::user;
    PrincipalSource source = PrincipalSource::local;
    PrincipalState state = PrincipalState::active;
    std::string name_key;  // of name; of uuid for whoever is gone, so that the name is free
    std::string name;      // user@domain, group name, DN or DNS name
    std::string name_sort;
    std::string display_name;
    std::string email;
    std::string company;
    std::string site;                        // empty: the pool's
    std::optional<std::string> dn;           // in the directory
    std::optional<std::string> dn_key;       // name_key(dn)
    std::optional<std::string> external_id;  // objectGUID or entryUUID
    std::optional<Microseconds> verified_at;
    std::int64_t revision = 1;
    Microseconds created_at = 0;
    Microseconds updated_at = 0;
};

/// Direct membership.
struct Membership {
    PrincipalId parent;
    PrincipalId child;
};

/// Sign-in by password.
struct Account {
    PrincipalId user;
    std::string password_hash;  // argon2id, PHC string
    bool must_change = false;
    std::int64_t failed_count = 0;
    std::optional<Microseconds> failed_at;
    std::optional<Microseconds> locked_until;
    Microseconds changed_at = 0;
};

enum class AdminRole : std::uint8_t {
    viewer = 1,
    user_admin,
    pchat_admin,
    deploy_admin,
    compliance_officer,
    administrator
};

struct AdminGrant {
    PrincipalId principal;
    AdminRole role = AdminRole::viewer;
    Microseconds granted_at = 0;
    PrincipalId granted_by;
};

/// How far a directory domain has been read.
struct DirectoryProgress {
    std::string domain;                 // lower case
    std::optional<std::string> cookie;  // base64
    std::optional<Microseconds> finished_at;
    Microseconds next_at = 0;
    std::int64_t try_count = 0;
    std::optional<std::string> last_error;
};

}  // namespace pchat
