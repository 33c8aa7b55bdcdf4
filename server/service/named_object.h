// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "server/service/directory.h"
#include "server/store/content_database.h"

#include <optional>
#include <string>
#include <string_view>

namespace pchat {

// Rooms and categories within a transaction, and the rules of their names.

/// By uuid when it has the shape of one, else by name.
Result<std::optional<Room>> find_room(ContentTransaction& tx, std::string_view text);
Result<std::optional<Category>> find_category(ContentTransaction& tx, std::string_view text);
/// With its lists.
Result<KnownRoom> with_lists(ContentTransaction& tx, Room room);
Result<KnownCategory> with_lists(ContentTransaction& tx, Category category);

/// The same for a room that does not exist and for one that the user may not see.
tl::unexpected<Error> room_not_found(std::string_view room);
tl::unexpected<Error> category_not_found(std::string_view category);

/// Trimmed; 1 to 256 characters that can be seen, not the shape of a uuid and without the
/// backslash that stands between a pool and a name.
Result<std::string> checked_name(std::string_view name);
/// At most 256 characters.
Result<std::string> checked_description(std::string_view description);

/// What has the name already.
enum class NameTaken { no, by_room, by_category };
Result<NameTaken> name_taken(ContentTransaction& tx, std::string_view name);

/// `id`: whose name it may be already.
Result<void> check_category_name_free(
    ContentTransaction& tx, CategoryId id, const std::string& name
);

}  // namespace pchat
