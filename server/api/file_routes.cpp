// SPDX-License-Identifier: Apache-2.0
// What is known of the files of rooms.
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/domain/compliance.h"
#include "server/service/room_files.h"
#include "server/wire/json_text.h"

namespace pchat::api {
namespace {

constexpr int most_files = 500;

void write_file(wire::FieldWriter& out, const DirectoryState& state, const StoredFile& file) {
    out.text("id", file.uuid)
        .text("name", file.name)
        .number("size", file.size_bytes)
        .text("type", file.media_type)
        .text("from", written(state, file.uploader))
        .time("at", file.created_at);
}

Result<net::HttpResponse> get_files(Call& call) {
    Chat& chat = call.services.chat;
    const Result<int> limit = call.limit(100, most_files);
    if (!limit)
        return pass(limit.error());
    const Result<RoomFiles> files =
        list_files(chat, call.person.id, call.path.at("room"), *limit, call.cursor());
    if (!files)
        return pass(files.error());
    // The names of files are part of what was said.
    const RoomId room = files->room.id;
    if (Result<void> seen = wait_for_record(chat, compliance_view, call.person.id, room); !seen)
        return pass(std::move(seen).error());
    std::string body = "{";
    chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter out{body};
        out.text("room", files->room.uuid)
            .list("files", files->files, [&](std::string& text, const StoredFile& file) {
                text += '{';
                wire::FieldWriter fields{text};
                write_file(fields, state, file);
                text += '}';
            });
        if (files->cursor)
            out.text("cursor", *files->cursor);
        return 0;
    });
    return json_response(200, body + "}");
}

Result<net::HttpResponse> get_file_info(Call& call) {
    Chat& chat = call.services.chat;
    const Result<FileOfRoom> found = find_file(chat, call.person.id, call.path.at("file"));
    if (!found)
        return pass(found.error());
    const RoomId room = found->room.id;
    if (Result<void> seen = wait_for_record(chat, compliance_view, call.person.id, room); !seen)
        return pass(std::move(seen).error());
    std::string body = "{";
    chat.directory().read([&](const DirectoryState& state) {
        wire::FieldWriter out{body};
        out.text("room", found->room.uuid);
        write_file(out, state, found->file);
        return 0;
    });
    return json_response(200, body + "}");
}

}  // namespace

void add_file_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/rooms/{room}/files", Gate::signed_in, get_files});
    table.push_back({"GET", "/v1/files/{file}/info", Gate::signed_in, get_file_info});
}

}  // namespace pchat::api
