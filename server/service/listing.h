// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"

#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace pchat {

/// Which rooms a list shows, and where its page begins.
struct RoomListQuery {
    std::string filter;   // what the name or description holds, as NameFilter has it
    bool mine = false;    // only those that name the user, directly or by a group
    bool hidden = false;  // also those the user may not see: for who may read all settings
    std::optional<CategoryId> category;
    std::optional<RoomType> type;
    std::optional<RoomPrivacy> privacy;
    std::optional<bool> disabled;
    std::optional<bool> invitations;  // as the category says, or never
    std::optional<AddinId> addin;
    std::optional<std::unordered_set<RoomId>> among;  // only these
    // On whose list this one stands, directly or by a group; only of rooms whose lists the user may
    // read.
    std::optional<PrincipalId> member;
    std::optional<PrincipalId> manager;
    int limit = 100;
    std::optional<std::string> cursor;
};

struct RoomList {
    struct Row {
        RoomId id;
        Rights rights;
    };
    std::vector<Row> rows;  // by name
    std::optional<std::string> cursor;
};

/// Rooms that the user may see. Looks at all there are: for a thread that may wait.
Result<RoomList> list_rooms(
    const DirectoryState& state, const Person& person, const RoomListQuery& query
);

/// A page of categories by name.
struct NameList {
    std::string filter;  // what the name or description holds, as NameFilter has it
    int limit = 100;
    std::optional<std::string> cursor;
};
struct CategoryList {
    std::vector<CategoryId> categories;
    std::optional<std::string> cursor;
};
Result<CategoryList> list_categories(const DirectoryState& state, const NameList& query);

/// How far a user has read.
struct UnreadRoom {
    RoomId room;
    std::int64_t head = 0;
    std::int64_t read = 0;
    std::int64_t unread = 0;  // of those that may be looked back at
    std::int64_t mentions = 0;
};
/// Waits. Of rooms with a read mark and of `also`; those that the user may not read are left out.
Result<std::vector<UnreadRoom>> unread(
    Chat& chat, PrincipalId user, const std::vector<RoomId>& also
);

/// Waits. A mark never goes back, and never beyond the last message.
Result<void> put_marks(
    Chat& chat, PrincipalId user, const std::vector<std::pair<RoomId, std::int64_t>>& marks
);

/// Waits. Invitations numbered higher, to rooms that the user may still see.
Result<std::vector<Invitation>> invitations_after(
    Chat& chat, PrincipalId user, std::int64_t sequence
);

}  // namespace pchat
