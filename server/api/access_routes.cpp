// SPDX-License-Identifier: Apache-2.0
// Who may do what in which room and why, and what a change would do to that.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/domain/words.h"
#include "server/service/access_change.h"
#include "server/service/access_view.h"
#include "server/service/fetch.h"
#include "server/service/named_object.h"
#include "server/wire/json_text.h"

#include <fmt/format.h>

#include <iterator>

namespace pchat::api {
namespace {

tl::unexpected<Error> missing(std::string_view name) {
    return fail_as(
        "bad-request",
        Errc::usage,
        fmt::format("?{}= is missing", name),
        "explain takes user and room, diff two users or two rooms"
    );
}

/// A user whom memory knows, by address or id.
Result<PrincipalId> user_of(Call& call, std::string_view text, std::string_view field) {
    Chat& chat = call.services.chat;
    const auto found = fetch(chat.content(), "finding the user", [&](ContentTransaction& tx) {
        return find_principal(tx, chat.directory(), text, field, names_for(call.person));
    });
    if (!found)
        return pass(found.error());
    if (found->kind != PrincipalKind::user)
        return fail_as(
            "bad-value",
            Errc::invalid,
            fmt::format("'{}' is not a user", text),
            "access is decided for one user at a time: sip:user@domain",
            field
        );
    return found->id;
}

// ---- explain

std::string step_fields(const AccessView::Step& step) {
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("rule", to_string(step.rule))
        .boolean("holds", step.holds)
        .text("says", phrase(step.rule, step.holds));
    write_paths(fields, step.paths);
    if (!step.gives.empty())
        fields.texts("gives", words(step.gives));
    return out;
}

std::string view_fields(const AccessView& view) {
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("user", view.user)
        .text("state", to_string(view.state))
        .text("room", view.room_name)
        .text("room_id", view.room)
        .text("category", view.category)
        .text("policy", view.policy.policy.empty() ? "built-in" : view.policy.policy)
        .boolean("enable_persistent_chat", view.policy.enabled)
        .texts("may", words(view.rights))
        .list(
            "rights",
            view.reasons,
            [&](std::string& list, const RightReason& reason) {
                const AccessView::Step& step = view.steps[reason.step];
                list += '{';
                wire::FieldWriter{list}
                    .text("right", words(reason.right).front())
                    .boolean("granted", reason.granted)
                    .text("rule", to_string(step.rule))
                    .text("because", phrase(step.rule, step.holds));
                list += '}';
            }
        )
        .list("steps", view.steps, [](std::string& list, const AccessView::Step& step) {
            list += "{" + step_fields(step) + "}";
        });
    return out;
}

Result<net::HttpResponse> get_explanation(Call& call) {
    const std::string user = text_of(call, "user");
    const std::string room = text_of(call, "room");
    if (user.empty() || room.empty())
        return missing(user.empty() ? "user" : "room");
    const Result<PrincipalId> id = user_of(call, user, "user");
    if (!id)
        return pass(id.error());
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const KnownPrincipal* known = state.principal(*id);
            const KnownRoom* in = state.find_room(room);
            if (known == nullptr)
                return fail(Errc::internal, "the user is not in memory", "ask again");
            if (in == nullptr || state.category(in->room.category) == nullptr)
                return room_not_found(room);
            return json_response(200, "{" + view_fields(view_access(state, *known, *in)) + "}");
        }
    );
}

// ---- diff

/// What is in `a` and not in `b`.
Rights minus(Rights a, Rights b) {
    Rights out;
    for (const Right right : all_rights)
        if (a.has(right) && !b.has(right))
            out |= right;
    return out;
}

struct SideNames {
    std::string_view before, after, lost, gained;
};
constexpr SideNames in_time{"before", "after", "lost", "gained"};
constexpr SideNames in_space{"first", "second", "only_first", "only_second"};

void write_sides(wire::FieldWriter& fields, const SideNames& names, Rights before, Rights after) {
    fields.texts(names.before, words(before))
        .texts(names.after, words(after))
        .texts(names.lost, words(minus(before, after)))
        .texts(names.gained, words(minus(after, before)));
}

Result<net::HttpResponse> answer(
    Call& call, const AccessScenario& scenario, const SideNames& names
) {
    const Result<int> limit = call.limit(1'000, 10'000);
    if (!limit)
        return pass(limit.error());
    const Directory& directory = call.services.chat.directory();
    const AccessDifferences found =
        differences(directory, scenario, static_cast<std::size_t>(*limit));
    return directory.read([&](const DirectoryState& state) {
        std::string body = "{";
        wire::FieldWriter fields{body};
        fields.list("changes", found.shown, [&](std::string& out, const AccessDifference& one) {
            out += '{';
            wire::FieldWriter change{out};
            change.text("user", written(state, one.user));
            if (names.before == in_time.before)
                change.text("room", scenario.rooms[one.room].before.room.name);
            write_sides(change, names, one.before, one.after);
            out += '}';
        });
        fields.number("users", static_cast<std::int64_t>(found.users))
            .number("count", static_cast<std::int64_t>(found.count))
            .boolean("complete", found.complete);
        write_purged(fields, scenario.purged);
        return json_response(200, body + "}");
    });
}

Result<net::HttpResponse> compare(Call& call, const std::string& first, const std::string& second) {
    const Result<int> limit = call.limit(100, 1'000);
    if (!limit)
        return pass(limit.error());
    const Result<PrincipalId> one = user_of(call, first, "user");
    if (!one)
        return pass(one.error());
    const Result<PrincipalId> other = user_of(call, second, "other");
    if (!other)
        return pass(other.error());
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const Result<RoomDifferences> found =
                compare_users(state, *one, *other, *limit, call.cursor());
            if (!found)
                return pass(found.error());
            std::string body = "{";
            wire::FieldWriter fields{body};
            fields.list("changes", found->rooms, [&](std::string& out, const RoomDifference& each) {
                const KnownRoom* room = state.room(each.room);
                out += '{';
                wire::FieldWriter change{out};
                change.text("room", room == nullptr ? std::string_view{} : room->room.name);
                write_sides(change, in_space, each.first, each.second);
                out += '}';
            });
            if (found->cursor)
                fields.text("cursor", *found->cursor);
            return json_response(200, body + "}");
        }
    );
}

Result<net::HttpResponse> get_difference(Call& call) {
    const std::string user = text_of(call, "user");
    const std::string room = text_of(call, "room");
    const std::string other = text_of(call, "other");
    if (other.empty())
        return missing("other");
    if (!user.empty())
        return compare(call, user, other);
    if (room.empty())
        return missing("user");
    const Result<AccessScenario> scenario =
        call.services.chat.directory().read([&](const DirectoryState& state) {
            return rooms_beside(state, room, other);
        });
    if (!scenario)
        return pass(scenario.error());
    return answer(call, *scenario, in_space);
}

Result<net::HttpResponse> post_category(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    CategoryFields fields;
    fields.allow = read_list(in, "allow", "add_allow", "remove_allow");
    fields.deny = read_list(in, "deny", "add_deny", "remove_deny");
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<AccessScenario> scenario =
        foresee_category(call.services.changes, *asked, call.path.at("category"), fields);
    if (!scenario)
        return pass(scenario.error());
    return answer(call, *scenario, in_time);
}

Result<net::HttpResponse> post_room(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    RoomFields fields;
    if (const auto category = in.optional_text("category", {1, 4096}))
        fields.category = std::string{*category};
    if (const auto type =
            in.optional_choice("type", {std::begin(room_type_words), std::end(room_type_words)}))
        fields.type = static_cast<RoomType>(*type + 1);
    if (const auto privacy = in.optional_choice(
            "privacy", {std::begin(room_privacy_words), std::end(room_privacy_words)}
        ))
        fields.privacy = static_cast<RoomPrivacy>(*privacy + 1);
    fields.disabled = in.optional_bool("disabled");
    fields.members = read_list(in, "members", "add_members", "remove_members");
    fields.managers = read_list(in, "managers", "add_managers", "remove_managers");
    fields.presenters = read_list(in, "presenters", "add_presenters", "remove_presenters");
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<AccessScenario> scenario =
        foresee_room(call.services.changes, *asked, call.path.at("room"), fields);
    if (!scenario)
        return pass(scenario.error());
    return answer(call, *scenario, in_time);
}

}  // namespace

void add_access_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/access/explain", Gate::viewer, get_explanation});
    table.push_back({"GET", "/v1/access/diff", Gate::viewer, get_difference});
    // They change nothing: the change to be foreseen may be too long for a query.
    table.push_back(
        {"POST",
         "/v1/access/diff/categories/{category}",
         Gate::viewer,
         post_category,
         largest_admin_body,
         Reads::always}
    );
    table.push_back(
        {"POST",
         "/v1/access/diff/rooms/{room}",
         Gate::viewer,
         post_room,
         largest_admin_body,
         Reads::always}
    );
}

}  // namespace pchat::api
