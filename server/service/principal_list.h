// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/directory.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace pchat {

/// Which principals a list shows, and where its page begins.
struct PrincipalQuery {
    std::string filter;  // what the name or display name holds, as NameFilter has it
    std::optional<PrincipalKind> kind;
    std::optional<PrincipalState> state;                   // none: all but those who are gone
    std::optional<std::unordered_set<PrincipalId>> among;  // only these
    int limit = 100;
    std::optional<std::string> cursor;
};
struct PrincipalPage {
    std::vector<PrincipalId> principals;  // as they are written, cases folded
    std::optional<std::string> cursor;
};
/// Looks at all there are: for a thread that may wait.
PrincipalPage list_principals(const DirectoryState& state, const PrincipalQuery& query);

/// The principal itself and all that is in it, directly or through others.
std::unordered_set<PrincipalId> all_below(const DirectoryState& state, PrincipalId top);

/// What one principal is part of, and where it is named.
struct PrincipalView {
    struct Entry {              // of a list
        std::string_view kind;  // "room", "category": a literal
        std::string id;
        std::string name;
        std::string_view list;  // "members": a literal
    };

    std::vector<PrincipalId> parents;  // direct
    std::vector<PrincipalId> above;    // those, what they are in, and `everyone`
    std::size_t members = 0;           // direct
    std::uint8_t roles = 0;            // of itself and everything above it
    std::vector<Entry> entries;        // by kind, name and list; the first thousand
    std::size_t entry_count = 0;
};
PrincipalView view_principal(const DirectoryState& state, const KnownPrincipal& principal);

}  // namespace pchat
