// SPDX-License-Identifier: Apache-2.0
#include "server/service/room_files.h"

#include "base/unicode.h"
#include "server/service/fetch.h"
#include "server/service/list_cursor.h"

#include <fmt/format.h>

#include <utility>

namespace pchat {
namespace {

/// Behind which file the page begins. Files keep their rows when they go, so a cursor stays good.
Result<FileId> begin_of(
    ContentTransaction& tx, RoomId room, const std::optional<std::string>& cursor
) {
    if (!cursor)
        return FileId{};
    const auto last = tx.files().find_uuid(*cursor);
    if (!last)
        return pass(last.error());
    if (!*last || (*last)->room != room)
        return bad_cursor();
    return (*last)->id;
}

}  // namespace

Result<RoomFiles> list_files(
    Chat& chat,
    PrincipalId user,
    std::string_view room,
    int limit,
    const std::optional<std::string>& cursor
) {
    const Result<Chat::Seen> seen = chat.see(user, room);
    if (!seen)
        return pass(seen.error());
    if (!seen->rights.has(Right::history))
        return fail_as(
            "not-allowed",
            Errc::denied,
            fmt::format("you may not see the files of room '{}'", printable(room)),
            "a manager of the room can add you",
            "room"
        );
    RoomFiles out;
    out.room = *seen;
    using Files = Result<std::vector<StoredFile>>;
    Files files = fetch(chat.content(), "listing files", [&](ContentTransaction& tx) -> Files {
        const Result<FileId> begin = begin_of(tx, out.room.id, cursor);
        if (!begin)
            return pass(begin.error());
        return tx.files().of_room(out.room.id, *begin, limit + 1);
    });
    if (!files)
        return pass(std::move(files).error());
    out.files = std::move(*files);
    const auto most = static_cast<std::size_t>(limit);
    if (out.files.size() > most) {
        out.files.resize(most);
        out.cursor = out.files.back().uuid;
    }
    return out;
}

Result<FileOfRoom> find_file(Chat& chat, PrincipalId user, std::string_view uuid) {
    auto file = fetch(chat.content(), "finding a file", [&](ContentTransaction& tx) {
        return tx.files().find_uuid(uuid);
    });
    if (!file)
        return pass(std::move(file).error());
    if (*file && (*file)->state == FileState::stored) {
        const Result<Chat::Seen> room = chat.see(user, (*file)->room);
        if (room && room->rights.has(Right::history))
            return FileOfRoom{*room, std::move(**file)};
    }
    return fail_as(
        "file-not-found",
        Errc::not_found,
        fmt::format("file '{}' does not exist, or is not for you", printable(uuid)),
        "list the files of a room: GET /v1/rooms/ROOM/files",
        "file"
    );
}

}  // namespace pchat
