// SPDX-License-Identifier: Apache-2.0
// Settings of the chat service: for all, for a site, for a pool.
#include "server/api/routes.h"
#include "server/api/short_list.h"
#include "server/api/wire_names.h"
#include "server/domain/name_filter.h"
#include "server/domain/scope_name.h"
#include "server/domain/words.h"
#include "server/service/config_admin.h"

#include <fmt/format.h>

namespace pchat::api {
namespace {

void write_values(wire::FieldWriter& fields, const ChatConfig& values) {
    fields.number("default_chat_history", values.history)
        .number("max_file_size_kb", values.file_kb)
        .number("participant_update_limit", values.participants)
        .text("room_management_url", values.room_management_url);
}

std::string config_fields(const DirectoryState& state, const ConfigFacts& facts) {
    const ConfigObject& object = facts.object;
    std::string out;
    wire::FieldWriter fields{out};
    fields.text("identity", identity_of(object)).text("scope", to_string(object.scope));
    if (object.scope != ConfigScope::global)
        fields.text("name", object.scope_name);
    write_values(fields, facts.values);
    fields.number("revision", object.revision);
    if (object.revision > 0)
        fields.time("updated_at", object.updated_at)
            .text("updated_by", written(state, object.updated_by));
    return out;
}

net::HttpResponse answer(const Call& call, int status, const ConfigFacts& facts) {
    const std::string fields =
        call.services.chat.directory().read([&](const DirectoryState& state) {
            return config_fields(state, facts);
        });
    return object_response(status, "{" + fields + "}", facts.object.revision);
}

Result<net::HttpResponse> get_configs(Call& call) {
    auto all = list_configs(call.services.chat.content());
    if (!all)
        return pass(std::move(all).error());
    const NameFilter filter{text_of(call, "filter")};
    std::erase_if(*all, [&](const ConfigFacts& one) {
        return !filter.fits(identity_of(one.object));
    });
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        return short_list(
            call,
            "config",
            *all,
            [](const ConfigFacts& one) {
                return fmt::format(
                    "{}{}", static_cast<int>(one.object.scope), one.object.scope_name
                );
            },
            [&](const ConfigFacts& one) { return config_fields(state, one); }
        );
    });
}

Result<net::HttpResponse> read_one(Call& call) {
    const auto found = pchat::get_config(call.services.chat.content(), call.path.at("identity"));
    if (!found)
        return pass(found.error());
    return answer(call, 200, *found);
}

/// ?pool= and ?site=; without them those of this server.
Result<net::HttpResponse> get_effective(Call& call) {
    Home home = call.services.chat.directory().read([](const DirectoryState& state) {
        return state.home();
    });
    if (const std::string pool = text_of(call, "pool"); !pool.empty()) {
        if (const auto good = parse_config_identity("service:" + pool); !good)
            return pass(good.error());
        home = {{}, pool};
    }
    if (const std::string site = text_of(call, "site"); !site.empty())
        home.site = site;
    const auto found = config_in_force(call.services.chat.content(), home);
    if (!found)
        return pass(found.error());
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.text("pool", home.pool)
        .text("site", home.site)
        .text("config", found->identity.empty() ? "built-in" : found->identity);
    write_values(fields, found->values);
    fields.list("steps", found->steps, [](std::string& out, const ConfigInForce::Step& step) {
        out += '{';
        wire::FieldWriter one{out};
        one.text("scope", to_string(step.scope)).text("outcome", to_string(step.outcome));
        if (!step.identity.empty())
            one.text("config", step.identity);
        out += '}';
    });
    return json_response(200, body + "}");
}

Result<net::HttpResponse> patch_config(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    ConfigFields fields;
    fields.history = in.optional_int("default_chat_history");
    fields.file_kb = in.optional_int("max_file_size_kb");
    fields.participants = in.optional_int("participant_update_limit");
    if (const auto url = in.optional_text("room_management_url", {0, 4096}))
        fields.room_management_url = std::string{*url};
    fields.allow_http = in.optional_bool("allow_http").value_or(false);
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const auto done = put_config(call.services.changes, *asked, call.path.at("identity"), fields);
    if (!done)
        return pass(done.error());
    return answer(call, done->made && !asked->dry_run ? 201 : 200, *done);
}

Result<net::HttpResponse> delete_config(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const auto done = remove_config(call.services.changes, *asked, call.path.at("identity"));
    if (!done)
        return pass(done.error());
    return answer(call, 200, *done);
}

}  // namespace

void add_config_routes(std::vector<Route>& table) {
    constexpr std::string_view one = "/v1/config/{identity}";
    table.push_back({"GET", "/v1/config", Gate::viewer, get_configs});
    // Before the next: no identity is called so.
    table.push_back({"GET", "/v1/config/effective", Gate::viewer, get_effective});
    table.push_back({"GET", one, Gate::viewer, read_one});
    table.push_back({"PATCH", one, Gate::pchat_admin, patch_config});
    table.push_back({"DELETE", one, Gate::pchat_admin, delete_config});
}

}  // namespace pchat::api
