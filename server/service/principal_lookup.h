// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/service/changes.h"
#include "server/service/directory.h"
#include "server/service/without.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace pchat {

/// A principal, everything above it and `everyone`, ascending. Also of users who are disabled: what
/// they are listed in must not fall apart while they are.
std::vector<PrincipalId> ancestry(const DirectoryState& state, PrincipalId id);
/// Bits of AdminRole that it would have when it is active.
std::uint8_t granted_roles(const DirectoryState& state, PrincipalId id);

/// Whether two ascending lists have something in common.
bool meet(const std::vector<PrincipalId>& a, const std::vector<PrincipalId>& b);

/// Whether errors may tell of others: the names of groups and folders are not everybody's to know.
enum class Names : std::uint8_t { hidden, told };
/// Told to whoever has a role.
Names names_for(const Person& person);

/// Whoever is meant by what people write, or by an id. `field` is a literal that the error names.
Result<Principal> find_principal(
    ContentTransaction& tx,
    const Directory& directory,
    std::string_view text,
    std::string_view field,
    Names names = Names::hidden
);

/// Principals within a transaction: by what people write, and back. Who exists is asked of the
/// database; what is above whom is taken from memory, as every decision about access does.
class PrincipalLookup {
public:
    PrincipalLookup(Change& change, const Directory& directory, Names names = Names::hidden)
        : change_(change), directory_(directory), names_(names) {}

    /// `field` is a literal that the error names. Makes `everyone` when it is missing.
    Result<PrincipalId> find(std::string_view text, std::string_view field);
    /// Ascending, each once.
    Result<std::vector<PrincipalId>> find_all(
        const std::vector<std::string>& texts, std::string_view field
    );
    Result<std::string> written(PrincipalId id);
    /// "sip:ann@contoso.example, group:sales"; of many only the first few.
    Result<std::string> written(const std::vector<PrincipalId>& ids);
    const std::vector<PrincipalId>& above(PrincipalId id);
    /// Whether it may be named in the lists of the category's rooms. The same question that access
    /// asks of a user: something at or above it is allowed, nothing at or above it is denied. So a
    /// group below a denied one is refused, since the entry could admit nobody; a group with a
    /// denied member is accepted, since access refuses that member by itself.
    bool is_allowed_in(const KnownCategory& category, PrincipalId id);

    [[nodiscard]] const Directory& directory() const { return directory_; }

private:
    Change& change_;
    const Directory& directory_;
    Names names_;
    PrincipalId new_everyone_;  // made by this change: memory does not know it
    std::unordered_map<PrincipalId, std::vector<PrincipalId>> above_;
};

/// How a list of principals is to change: replaced as a whole, then edited.
struct ListChange {
    std::optional<std::vector<std::string>> replace;
    std::vector<std::string> add;
    std::vector<std::string> remove;
};

struct ChangedList {
    std::vector<PrincipalId> list;   // as it is to be, ascending
    std::vector<PrincipalId> named;  // of those, the ones that the change itself asks for
};
Result<ChangedList> changed_list(
    PrincipalLookup& lookup,
    const ListChange& change,
    const std::vector<PrincipalId>& before,
    std::string_view field
);

}  // namespace pchat
