// SPDX-License-Identifier: Apache-2.0
// Where to find what: the pools, the servers, and who asks.
#include "server/api/routes.h"
#include "server/api/wire_names.h"
#include "server/wire/json_text.h"

#include <string>
#include <string_view>
#include <vector>

namespace pchat::api {
namespace {

/// As the topology has them; without one there is only this one.
std::vector<std::string_view> pools_of(const PublishedTopology& topology, std::string_view own) {
    std::vector<std::string_view> out;
    for (const PublishedTopology::Pool& pool : topology.pools)
        out.push_back(pool.fqdn);
    if (out.empty())
        out.push_back(own);
    return out;
}

Result<net::HttpResponse> discover(Call& call) {
    const ServerFacts& facts = call.services.chat.facts();
    const std::vector<std::string> servers = call.services.chat.pool().everywhere(facts.url);
    std::string body = "{";
    call.services.chat.directory().read([&](const DirectoryState& state) {
        const wire::Participant self = participant(state, call.person.id);
        wire::FieldWriter out{body};
        out.text("server", facts.fqdn)
            .texts("servers", servers)
            .text("pool", facts.pool)
            .texts("pools", pools_of(state.topology(), facts.pool))
            .text("user", self.user)
            .text("display", self.display);
        const KnownPrincipal* known = state.principal(call.person.id);
        const std::string& own = known == nullptr ? std::string{} : known->site;
        const std::string& site = own.empty() ? state.home().site : own;
        if (!site.empty())
            out.text("site", site);
        const std::string_view planned = state.topology().default_pool(site);
        out.text("default_pool", planned.empty() ? std::string_view{facts.pool} : planned);
        return 0;
    });
    return json_response(200, body + "}");
}

}  // namespace

void add_discover_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/discover", Gate::signed_in, discover});
}

}  // namespace pchat::api
