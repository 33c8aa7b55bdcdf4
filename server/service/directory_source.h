// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "server/domain/principal.h"
#include "server/store/visit.h"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pchat {

/// Something in the directory of an organisation, as far as it is of use here.
struct DirectoryObject {
    PrincipalKind kind = PrincipalKind::user;
    std::string external_id;  // stays when it is renamed or moved; lower case
    std::string dn;           // all in one spelling, see DirectoryPlace
    std::string name;         // user@domain, name of a group, DN, DNS name
    std::string display_name = {};
    std::string email = {};
    std::string company = {};
    std::string site = {};
    bool disabled = false;
    bool stateless = false;                 // it does not say whether it is disabled
    bool addressless = false;               // a user without an address: flaw says so too
    std::vector<std::string> members = {};  // DNs, of a group
    bool partial = false;                   // what it holds came in part: members may be missing
    std::string flaw = {};                  // why it cannot be taken; empty: it can
};

/// Where something is: what changes without the thing itself being changed, when a folder above it
/// is renamed.
struct DirectoryPlace {
    std::string external_id;
    std::string dn;
    std::string parent;  // DN
};

/// Fails when whatever reads has to stop.
using GoOn = std::function<Result<void>()>;

/// One conversation with the directory. Everything waits, never for ever.
class DirectoryReading {
public:
    virtual ~DirectoryReading() = default;

    /// Everything there is, with little of each. Comes first.
    virtual Result<void> places(const Visit<DirectoryPlace>& visit) = 0;
    /// How far the directory has got: what is changed later is found by it. After places().
    virtual std::string mark() = 0;
    /// Whether the mark comes from this directory server.
    virtual bool continues(const std::string& mark) = 0;
    /// What changed since, and perhaps more; an empty mark: everything.
    virtual Result<void> changed(const std::string& mark, const Visit<DirectoryObject>& visit) = 0;
    virtual Result<void> objects(
        std::span<const std::string> external_ids, const Visit<DirectoryObject>& visit
    ) = 0;
    /// Groups that name one of these DNs as a member.
    virtual Result<void> groups_naming(
        std::span<const std::string> dns, const Visit<DirectoryObject>& visit
    ) = 0;
};

/// The directory that users and groups come from.
class DirectorySource {
public:
    virtual ~DirectorySource() = default;
    /// Its name in our database: lower case.
    [[nodiscard]] virtual std::string domain() const = 0;
    /// For people: where it is.
    [[nodiscard]] virtual std::string place() const = 0;
    /// `go_on` is asked all the while that something is read, and lives longer than the reading.
    virtual Result<std::unique_ptr<DirectoryReading>> open(GoOn go_on) = 0;
};

/// Asks the directory whether a password is somebody's. Safe to use from many threads; waits, but
/// not for ever. Says in the log what keeps it from asking: people who sign in must not hear it.
class PasswordCheck {
public:
    virtual ~PasswordCheck() = default;
    /// `dn` empty: for nobody, who has no password; it takes as long.
    virtual Result<bool> matches(const std::string& dn, const Secret& password) = 0;
};

}  // namespace pchat
