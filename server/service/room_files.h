// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/service/chat.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace pchat {

struct RoomFiles {
    Chat::Seen room;
    std::vector<StoredFile> files;  // the oldest first
    std::optional<std::string> cursor;
};

/// Waits. The files of a room that the user may read; `room-not-found`, `not-allowed` as for its
/// history.
Result<RoomFiles> list_files(
    Chat& chat,
    PrincipalId user,
    std::string_view room,
    int limit,
    const std::optional<std::string>& cursor
);

struct FileOfRoom {
    Chat::Seen room;
    StoredFile file;
};

/// Waits. `file-not-found` also for a file of a room that the user may not read.
Result<FileOfRoom> find_file(Chat& chat, PrincipalId user, std::string_view uuid);

}  // namespace pchat
