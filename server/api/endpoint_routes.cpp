// SPDX-License-Identifier: Apache-2.0
// Contact objects of pools.
#include "base/unicode.h"
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/api/short_list.h"
#include "server/api/wire_names.h"
#include "server/domain/name_filter.h"
#include "server/service/endpoint_admin.h"
#include "server/wire/json_text.h"

#include <algorithm>

namespace pchat::api {
namespace {

std::string endpoint_fields(const DirectoryState& state, const Endpoint& endpoint) {
    std::string out;
    wire::FieldWriter{out}
        .text("id", endpoint.uuid)
        .text("address", "sip:" + endpoint.name)
        .text("pool", endpoint.pool)
        .text("display", endpoint.display_name)
        .time("created_at", endpoint.created_at)
        .text("created_by", written(state, endpoint.created_by));
    return out;
}

net::HttpResponse answer(const Call& call, int status, const Endpoint& endpoint) {
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        return json_response(status, "{" + endpoint_fields(state, endpoint) + "}");
    });
}

/// ?filter= ?pool=
Result<net::HttpResponse> get_endpoints(Call& call) {
    auto endpoints = list_endpoints(call.services.chat.content());
    if (!endpoints)
        return pass(std::move(endpoints).error());
    const NameFilter filter{text_of(call, "filter")};
    const std::string pool = lower_ascii(text_of(call, "pool"));
    std::erase_if(*endpoints, [&](const Endpoint& one) {
        return (!pool.empty() && one.pool != pool) ||
               (!filter.fits(one.name) && !filter.fits(one.display_name));
    });
    return call.services.chat.directory().read([&](const DirectoryState& state) {
        return short_list(
            call,
            "endpoints",
            *endpoints,
            [](const Endpoint& one) { return one.name; },
            [&](const Endpoint& one) { return endpoint_fields(state, one); }
        );
    });
}

Result<net::HttpResponse> post_endpoint(Call& call) {
    wire::JsonDocument document;
    const auto root = document.parse(call.request.body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    EndpointFields fields;
    fields.address = std::string{in.required_text("address", {1, 512})};
    if (const auto pool = in.optional_text("pool", {0, 512}))
        fields.pool = std::string{*pool};
    if (const auto display = in.optional_text("display", {0, 4096}))
        fields.display = std::string{*display};
    if (in.problem())
        return pass(*in.problem());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<Endpoint> made = create_endpoint(call.services.changes, *asked, fields);
    if (!made)
        return pass(made.error());
    return answer(call, asked->dry_run ? 200 : 201, *made);
}

Result<net::HttpResponse> get_one(Call& call) {
    const Result<Endpoint> found =
        get_endpoint(call.services.chat.content(), call.path.at("address"));
    if (!found)
        return pass(found.error());
    return answer(call, 200, *found);
}

Result<net::HttpResponse> delete_endpoint(Call& call) {
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<Endpoint> gone =
        remove_endpoint(call.services.changes, *asked, call.path.at("address"));
    if (!gone)
        return pass(gone.error());
    return answer(call, 200, *gone);
}

}  // namespace

void add_endpoint_routes(std::vector<Route>& table) {
    constexpr std::string_view one = "/v1/endpoints/{address}";
    table.push_back({"GET", "/v1/endpoints", Gate::viewer, get_endpoints});
    table.push_back({"POST", "/v1/endpoints", Gate::pchat_admin, post_endpoint});
    table.push_back({"GET", one, Gate::viewer, get_one});
    table.push_back({"DELETE", one, Gate::pchat_admin, delete_endpoint});
}

}  // namespace pchat::api
