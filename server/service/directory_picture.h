// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/principal.h"
#include "server/service/directory_source.h"
#include "server/store/content_database.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pchat {

/// What the database has of somebody from the directory, as far as plans need it.
struct KnownObject {
    PrincipalId id;
    PrincipalKind kind = PrincipalKind::user;
    PrincipalState state = PrincipalState::active;
    std::string external_id;
    std::string dn;
    std::string name;
    std::string name_key;
    std::size_t print = 0;  // of the fields that the directory decides; see field_print()
};

/// Everything that came from the directory until now.
struct KnownDirectory {
    std::vector<KnownObject> objects;
    std::unordered_map<std::string, std::size_t> by_external_id;
    std::unordered_map<PrincipalId, std::vector<PrincipalId>> parents;  // from the directory only
    std::unordered_map<PrincipalId, std::vector<PrincipalId>> children;
    std::unordered_set<std::string> local_names;  // of those who are here without it: taken_name()
    std::unordered_set<PrincipalId> denied;       // by some category
    std::unordered_set<PrincipalId> walled;       // on a side of some wall
    std::unordered_set<PrincipalId> administrators;  // active users, also those of here

    [[nodiscard]] const KnownObject* find(const std::string& external_id) const;
    /// Null as well when it is gone.
    [[nodiscard]] const KnownObject* living(const std::string& external_id) const;
};
Result<KnownDirectory> read_known_directory(ContentDatabase& content);

/// Kind and name_key in one.
std::string taken_name(PrincipalKind kind, const std::string& name_key);
std::size_t field_print(
    const std::string& name,
    const std::string& display_name,
    const std::string& email,
    const std::string& company,
    const std::string& site,
    PrincipalState state
);

/// The directory as it is now: where everything is, and what was read of it. Members are numbers
/// of places, for their DNs would fill the memory.
class DirectoryPicture {
public:
    struct Object {
        DirectoryObject fields;  // without members
        std::vector<std::uint32_t> members;
    };

    void add(DirectoryPlace place);
    /// What has no place is left out: it came after the places, the next time has it.
    void add(DirectoryObject object);

    [[nodiscard]] const std::vector<DirectoryPlace>& places() const { return places_; }
    [[nodiscard]] std::optional<std::uint32_t> at_dn(const std::string& dn) const;
    [[nodiscard]] std::optional<std::uint32_t> with_id(const std::string& external_id) const;
    /// What was read of the place; null: nothing.
    [[nodiscard]] const Object* object(std::uint32_t place) const;
    [[nodiscard]] std::size_t object_count() const { return objects_.size(); }

private:
    std::vector<DirectoryPlace> places_;
    std::unordered_map<std::string, std::uint32_t> by_dn_;  // cases folded
    std::unordered_map<std::string, std::uint32_t> by_id_;
    std::unordered_map<std::uint32_t, Object> objects_;
};

/// What has a place and is neither known nor read.
std::vector<std::string> unread_ids(const KnownDirectory& known, const DirectoryPicture& picture);
/// DNs that are new, or not any more what they were: groups that name them say something else now.
std::vector<std::string> changed_dns(const KnownDirectory& known, const DirectoryPicture& picture);

}  // namespace pchat
