// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/changes.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// AuditEntry::object_kind as it is written; the first word is 1's.
constexpr std::array<std::string_view, 13> audit_kind_words{
    "principal",
    "category",
    "room",
    "message",
    "session",
    "policy",
    "config",
    "addin",
    "token",
    "wall",
    "topology",
    "endpoint",
    "server"};
/// "other" for a kind that a later version has written.
std::string_view audit_kind(std::int64_t kind);

/// Which entries of the audit log are shown, and where the page begins: newest first.
struct AuditFilter {
    std::string actor;   // one who is known, else what the name holds
    std::string object;  // of a kind that is looked up by name, else what its name holds
    std::optional<std::int64_t> kind;
    std::string action;  // what it holds: "room.", "grant"
    std::optional<Microseconds> since;
    std::optional<Microseconds> until;
    int limit = 100;
    std::optional<std::string> cursor;
};
struct AuditPage {
    std::vector<AuditEntry> entries;
    std::optional<std::string> cursor;  // also of a page that is not full: there may be more
};
/// Waits. Reads a bounded number of entries; what no index knows is looked for among those.
Result<AuditPage> list_audit(Chat& chat, const AuditFilter& filter);

}  // namespace pchat
