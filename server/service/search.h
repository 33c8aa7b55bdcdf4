// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/domain/search_words.h"
#include "server/service/admin_call.h"
#include "server/service/chat.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

/// What somebody looks for, and where.
struct SearchQuery {
    std::string text;
    std::vector<std::string> rooms;   // ids or names; empty: all that the user may read
    std::optional<std::string> from;  // sip:user@domain
    std::optional<Microseconds> from_time;
    std::optional<Microseconds> to_time;
    SearchMatch match = SearchMatch::all;
    bool match_case = false;
    int limit = 100;
    std::optional<std::string> cursor;
};

/// Messages from the latest to the oldest. The cursor goes on with older ones; there can be one
/// behind few messages or none, when a call has looked at as much as it may.
struct SearchHits {
    std::vector<Message> messages;
    std::optional<std::string> cursor;
};

/// What one call looks at.
struct SearchLimits {
    int blocks = 2'000;    // of the index
    int messages = 3'000;  // whose text is compared
};

/// Waits. Of rooms that the user may read; compliance knows of it before it returns.
Result<SearchHits> search(
    Chat& chat, PrincipalId user, const SearchQuery& query, SearchLimits limits = {}
);

/// A compliance officer's: in every room, and in the audit log before anything is read.
Result<SearchHits> search_everywhere(
    Changes& changes, const AdminCall& call, const SearchQuery& query, SearchLimits limits = {}
);

}  // namespace pchat
