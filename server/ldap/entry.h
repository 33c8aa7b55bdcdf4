// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::ldap {

/// Bytes as they came; most are UTF-8, nothing is sure.
struct Attribute {
    std::string name;  // lower case, without options
    std::vector<std::string> values;
};

struct Entry {
    std::string dn;
    std::vector<Attribute> attributes;
    bool cut = false;  // something in it was larger than we take

    [[nodiscard]] const Attribute* find(std::string_view name) const;
    /// The least of its values in the order of bytes: a directory hands them over in any order.
    [[nodiscard]] std::string first(std::string_view name) const;
};

/// What is read of one entry; what is larger is left out and the entry marked as cut.
struct EntryLimits {
    std::size_t value_bytes = 4'096;
    std::size_t values = 200'000;  // of all attributes together
};

/// "member;range=0-1499": one portion of a list that Active Directory hands over in several.
struct ValueRange {
    std::string name;       // "member", lower case
    std::size_t last = 0;   // of the portion
    bool complete = false;  // nothing follows
};
/// False when the name is none of a portion.
bool read_range(std::string_view written, ValueRange& out);
/// How the portion after it is asked for.
std::string next_range(const ValueRange& range);

}  // namespace pchat::ldap
