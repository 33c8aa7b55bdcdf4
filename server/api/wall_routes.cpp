// SPDX-License-Identifier: Apache-2.0
// Walls: who must never be in one room with whom, and the proof of it.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/short_list.h"
#include "server/api/wire_names.h"
#include "server/domain/name_filter.h"
#include "server/service/wall_admin.h"
#include "server/wire/json_text.h"

#include <algorithm>

namespace pchat::api {
namespace {

void write_breach(wire::FieldWriter& fields, const DirectoryState& state, const WallBreach& found) {
    fields.text("room", found.room)
        .text("room_name", found.room_name)
        .text("person_a", written(state, found.a))
        .text("person_b", written(state, found.b));
}

std::string wall_fields(
    const DirectoryState& state, const KnownWall& known, const WallAnswer* answer
) {
    const Wall& wall = known.wall;
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("id", wall.uuid).text("name", wall.name).text("description", wall.description);
    write_list(fields, "a", state, known.a);
    write_list(fields, "b", state, known.b);
    if (answer != nullptr) {
        fields.boolean("holds", !answer->breach);
        if (answer->breach)
            write_breach(fields, state, *answer->breach);
    }
    fields.time("created_at", wall.created_at)
        .text("created_by", written(state, wall.created_by))
        .time("updated_at", wall.updated_at)
        .number("revision", wall.revision);
    return out;
}

struct ListedWall {
    KnownWall wall;
    WallAnswer answer;
};

Result<net::HttpResponse> get_walls(Call& call) {
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        const NameFilter filter{text_of(call, "filter")};
        std::vector<KnownWall> walls = state.walls();
        std::erase_if(walls, [&](const KnownWall& one) { return !filter.fits(one.wall.name); });
        std::vector<WallAnswer> answers = prove_walls(state, walls);
        std::vector<ListedWall> listed;
        for (std::size_t i = 0; i < walls.size(); ++i)
            listed.push_back({std::move(walls[i]), std::move(answers[i])});
        return short_list(
            call,
            "walls",
            listed,
            [](const ListedWall& one) { return one.wall.wall.name; },
            [&](const ListedWall& one) { return wall_fields(state, one.wall, &one.answer); }
        );
    });
}

Result<net::HttpResponse> get_wall(Call& call) {
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const Result<KnownWall> wall = wall_named(state, call.path.at("wall"));
            if (!wall)
                return pass(wall.error());
            const std::vector<WallAnswer> answer = prove_walls(state, {&*wall, 1});
            return object_response(
                200, "{" + wall_fields(state, *wall, &answer.front()) + "}", wall->wall.revision
            );
        }
    );
}

net::HttpResponse answer(const Call& call, int status, const WallChange& change) {
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        return object_response(
            status, "{" + wall_fields(state, change.wall, nullptr) + "}", change.wall.wall.revision
        );
    });
}

Result<net::HttpResponse> patch_wall(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check
    WallFields fields;
    if (const auto name = in.optional_text("name", any))
        fields.name = std::string{*name};
    if (const auto description = in.optional_text("description", any))
        fields.description = std::string{*description};
    fields.a = read_list(in, "a", "add_a", "remove_a");
    fields.b = read_list(in, "b", "add_b", "remove_b");
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<WallChange> done =
        put_wall(call.services.changes, *asked, call.path.at("wall"), fields);
    if (!done)
        return pass(done.error());
    return answer(call, done->made && !asked->dry_run ? 201 : 200, *done);
}

Result<net::HttpResponse> delete_wall(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<WallChange> done =
        remove_wall(call.services.changes, *asked, call.path.at("wall"));
    if (!done)
        return pass(done.error());
    return answer(call, 200, *done);
}

/// The principals of one side, whom the request names.
Result<std::vector<PrincipalId>> side_of(
    Call& call, const std::vector<std::string>& names, std::string_view field
) {
    if (names.empty())
        return fail_as("bad-request", Errc::usage, "name somebody on both sides", {}, field);
    std::vector<PrincipalId> out;
    Result<void> read = call.services.chat.content().read(
        "looking for the sides of a wall",
        [&](ContentTransaction& tx) -> Result<void> {
            out.clear();
            for (const std::string& name : names) {
                const auto found = find_principal(
                    tx, call.services.chat.directory(), name, field, names_for(call.person)
                );
                if (!found)
                    return pass(found.error());
                out.push_back(found->id);
            }
            return {};
        }
    );
    if (!read)
        return pass(std::move(read).error());
    std::sort(out.begin(), out.end());
    return out;
}

Result<net::HttpResponse> post_test(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    const ListChange a = read_list(in, "a", "add_a", "remove_a");
    const ListChange b = read_list(in, "b", "add_b", "remove_b");
    if (in.problem())
        return pass(*in.problem());
    const auto side_a = side_of(call, a.replace.value_or(std::vector<std::string>{}), "a");
    if (!side_a)
        return pass(side_a.error());
    const auto side_b = side_of(call, b.replace.value_or(std::vector<std::string>{}), "b");
    if (!side_b)
        return pass(side_b.error());
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        const WallAnswer proved = prove_wall(state, *side_a, *side_b);
        wire::FieldWriter fields{body};
        fields.boolean("holds", !proved.breach)
            .number("people_a", static_cast<std::int64_t>(proved.a))
            .number("people_b", static_cast<std::int64_t>(proved.b))
            .number("rooms", static_cast<std::int64_t>(proved.rooms));
        if (proved.breach)
            write_breach(fields, state, *proved.breach);
        return 0;
    });
    return json_response(200, body + "}");
}

}  // namespace

void add_wall_routes(std::vector<Route>& table) {
    constexpr std::string_view one = "/v1/walls/{wall}";
    table.push_back({"GET", "/v1/walls", Gate::viewer, get_walls});
    table.push_back(
        {"POST", "/v1/walls/test", Gate::viewer, post_test, largest_admin_body, Reads::always}
    );
    table.push_back({"GET", one, Gate::viewer, get_wall});
    table.push_back({"PATCH", one, Gate::pchat_admin, patch_wall, largest_admin_body});
    table.push_back({"DELETE", one, Gate::pchat_admin, delete_wall});
}

}  // namespace pchat::api
