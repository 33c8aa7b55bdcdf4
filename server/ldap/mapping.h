// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/ldap/entry.h"
#include "server/service/directory_source.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pchat::ldap {

enum class Schema : std::uint8_t { openldap, active_directory };

/// Which attributes a user's fields come from; empty: as usual in the schema.
struct AttributeNames {
    std::string address = {};
    std::string display = {};
    std::string email = {};
    std::string company = {};
    std::string site = {};  // empty: users have no site of their own
};

/// From entries to what chat knows: pure, so that it can be shown anything.
class Mapping {
public:
    Mapping(Schema schema, AttributeNames names, std::string user_filter, std::string group_filter);

    [[nodiscard]] Schema schema() const { return schema_; }
    /// What finds users, groups and folders.
    [[nodiscard]] std::string filter() const;
    [[nodiscard]] std::string group_filter() const;
    /// The attribute that stays with an entry, and the text of ours for its value.
    [[nodiscard]] std::string id_attribute() const;
    [[nodiscard]] std::string external_id(const Entry& entry) const;
    /// As a filter has it.
    [[nodiscard]] std::string id_filter(const std::string& external_id) const;
    [[nodiscard]] std::vector<std::string> member_attributes() const;
    [[nodiscard]] std::vector<std::string> attributes() const;

    /// None for what is neither user nor group nor folder, or has no id.
    [[nodiscard]] std::optional<DirectoryObject> object(const Entry& entry) const;

private:
    void put_user(const Entry& entry, DirectoryObject& out) const;
    void put_group(const Entry& entry, DirectoryObject& out) const;
    [[nodiscard]] std::vector<std::string> address_attributes() const;
    [[nodiscard]] std::string address(const Entry& entry) const;

    Schema schema_;
    AttributeNames names_;
    std::string user_filter_;
    std::string group_filter_;
};

}  // namespace pchat::ldap
