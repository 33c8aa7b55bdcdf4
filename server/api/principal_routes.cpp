// SPDX-License-Identifier: Apache-2.0
// Users, groups, containers and domains side by side, and who of them may be listed where.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/domain/words.h"
#include "server/service/eligibility.h"
#include "server/service/fetch.h"
#include "server/service/principal_list.h"
#include "server/service/user_policy.h"
#include "server/wire/json_text.h"

#include <iterator>

namespace pchat::api {
namespace {

template <class Words>
std::vector<std::string_view> listed(const Words& words) {
    return {std::begin(words), std::end(words)};
}

Result<Principal> principal_of(Call& call, std::string_view text, std::string_view field) {
    Chat& chat = call.services.chat;
    return fetch(chat.content(), "finding the principal", [&](ContentTransaction& tx) {
        return find_principal(tx, chat.directory(), text, field, names_for(call.person));
    });
}

std::string known_fields(const KnownPrincipal& one) {
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("principal", one.written())
        .text("id", one.uuid)
        .text("kind", to_string(one.kind))
        .text("display", one.display)
        .text("state", to_string(one.state));
    if (!one.site.empty())
        fields.text("site", one.site);
    return out;
}

std::vector<std::string_view> role_names(std::uint8_t roles) {
    std::vector<std::string_view> out;
    for (std::size_t i = 0; i < admin_role_words.size(); ++i)
        if ((roles & (1U << (i + 1))) != 0)
            out.push_back(admin_role_words[i]);
    return out;
}

net::HttpResponse answer(const DirectoryState& state, const PrincipalPage& page) {
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.list("principals", page.principals, [&](std::string& out, PrincipalId id) {
        out += '{';
        if (const KnownPrincipal* one = state.principal(id))
            out += known_fields(*one);
        out += '}';
    });
    if (page.cursor)
        fields.text("cursor", *page.cursor);
    return json_response(200, body + "}");
}

/// ?filter= kind= state= limit= cursor=
Result<PrincipalQuery> read_query(const Call& call) {
    PrincipalQuery out;
    out.filter = text_of(call, "filter");
    out.cursor = call.cursor();
    const Result<int> limit = call.limit(100, 1000);
    if (!limit)
        return pass(limit.error());
    out.limit = *limit;
    const auto kind = choice_of(call, "kind", listed(principal_kind_words));
    if (!kind)
        return pass(kind.error());
    if (*kind)
        out.kind = static_cast<PrincipalKind>(**kind + 1);
    const auto state = choice_of(call, "state", listed(principal_state_words));
    if (!state)
        return pass(state.error());
    if (*state)
        out.state = static_cast<PrincipalState>(**state);
    return out;
}

Result<net::HttpResponse> get_principals(Call& call) {
    Result<PrincipalQuery> query = read_query(call);
    if (!query)
        return pass(std::move(query).error());
    std::optional<PrincipalId> top;
    if (const std::string in = text_of(call, "in"); !in.empty()) {
        const Result<Principal> found = principal_of(call, in, "in");
        if (!found)
            return pass(found.error());
        top = found->id;
    }
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        if (top) {
            query->among = all_below(state, *top);
            query->among->erase(*top);
        }
        return answer(state, list_principals(state, *query));
    });
}

Result<RoomRole> role_of(const Call& call) {
    const auto as = choice_of(call, "as", listed(room_role_words));
    if (!as)
        return pass(as.error());
    return *as ? static_cast<RoomRole>(**as + 1) : RoomRole::member;
}

Result<net::HttpResponse> get_eligible(Call& call) {
    Result<PrincipalQuery> query = read_query(call);
    if (!query)
        return pass(std::move(query).error());
    const Result<RoomRole> as = role_of(call);
    if (!as)
        return pass(as.error());
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const Result<ListingPlace> place =
                listing_place(state, text_of(call, "category"), text_of(call, "room"), *as);
            if (!place)
                return pass(place.error());
            query->among = eligible_for(state, *place);
            return answer(state, list_principals(state, *query));
        }
    );
}

void write_view(wire::FieldWriter& fields, const DirectoryState& state, const PrincipalView& view) {
    write_list(fields, "groups", state, view.parents);
    write_list(fields, "above", state, view.above);
    fields.number("members", static_cast<std::int64_t>(view.members))
        .texts("roles", role_names(view.roles))
        .list(
            "listed",
            view.entries,
            [](std::string& out, const PrincipalView::Entry& entry) {
                out += '{';
                wire::FieldWriter{out}
                    .text("kind", entry.kind)
                    .text("id", entry.id)
                    .text("name", entry.name)
                    .text("list", entry.list);
                out += '}';
            }
        )
        .number("listed_count", static_cast<std::int64_t>(view.entry_count));
}

Result<net::HttpResponse> get_principal(Call& call) {
    const Result<Principal> row = principal_of(call, call.path.at("principal"), "principal");
    if (!row)
        return pass(row.error());
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const KnownPrincipal* known = state.principal(row->id);
            if (known == nullptr)
                return fail(Errc::internal, "the principal is not in memory", "ask again");
            std::string body = "{";
            wire::FieldWriter fields{body};
            fields.fields(known_fields(*known))
                .text("email", row->email)
                .text("company", row->company)
                .text("source", to_string(row->source));
            if (row->dn)
                fields.text("dn", *row->dn);
            write_view(fields, state, view_principal(state, *known));
            if (known->kind == PrincipalKind::user) {
                const UserPolicy policy = user_policy(state, *known);
                fields.text("policy", policy.policy.empty() ? "built-in" : policy.policy)
                    .boolean("enable_persistent_chat", policy.enabled);
            }
            return object_response(200, body + "}", row->revision);
        }
    );
}

Result<net::HttpResponse> get_check(Call& call) {
    const Result<Principal> row = principal_of(call, call.path.at("principal"), "principal");
    if (!row)
        return pass(row.error());
    const Result<RoomRole> as = role_of(call);
    if (!as)
        return pass(as.error());
    return call.services.chat.directory().read(
        [&](const DirectoryState& state) -> Result<net::HttpResponse> {
            const KnownPrincipal* known = state.principal(row->id);
            if (known == nullptr)
                return fail(Errc::internal, "the principal is not in memory", "ask again");
            const Result<ListingPlace> place =
                listing_place(state, text_of(call, "category"), text_of(call, "room"), *as);
            if (!place)
                return pass(place.error());
            const ListingCheck check = check_listing(state, *place, *known);
            std::string body = "{";
            wire::FieldWriter fields{body};
            fields.text("principal", known->written())
                .text("category", place->category->category.name);
            if (place->room != nullptr)
                fields.text("room", place->room->room.name);
            fields.text("as", to_string(place->as)).boolean("eligible", check.eligible);
            fields.list("steps", check.steps, [](std::string& out, const ListingCheck::Step& step) {
                out += '{';
                wire::FieldWriter one{out};
                one.text("rule", step.rule)
                    .boolean("fulfilled", step.fulfilled)
                    .text("says", step.says);
                write_paths(one, step.paths);
                out += '}';
            });
            return json_response(200, body + "}");
        }
    );
}

}  // namespace

void add_principal_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/principals", Gate::viewer, get_principals});
    table.push_back({"GET", "/v1/principals/eligible", Gate::viewer, get_eligible});
    table.push_back({"GET", "/v1/principals/{principal}", Gate::viewer, get_principal});
    table.push_back({"GET", "/v1/principals/{principal}/check", Gate::viewer, get_check});
}

}  // namespace pchat::api
