// SPDX-License-Identifier: Apache-2.0
// Where to find what: the pools, the servers, and who asks.
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/wire/json_text.h"

#include <array>
#include <string_view>

namespace pchat::api {
namespace {

Result<net::HttpResponse> discover(Call& call) {
    const ServerFacts& facts = call.services.chat.facts();
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        const wire::Participant self = participant(state, call.person.id);
        wire::FieldWriter out{body};
        out.text("server", facts.fqdn)
            .texts("servers", std::array{std::string_view{facts.url}})
            .text("pool", facts.pool)
            .texts("pools", std::array{std::string_view{facts.pool}})
            .text("user", self.user)
            .text("display", self.display);
        const KnownPrincipal* known = state.principal(call.person.id);
        const std::string& own = known == nullptr ? std::string{} : known->site;
        if (const std::string& site = own.empty() ? state.home().site : own; !site.empty())
            out.text("site", site);
        return 0;
    });
    return json_response(200, body + "}");
}

}  // namespace

void add_discover_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/discover", Gate::signed_in, discover});
}

}  // namespace pchat::api
