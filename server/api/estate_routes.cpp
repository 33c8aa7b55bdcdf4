// SPDX-License-Identifier: Apache-2.0
// The estate: all that lives in the pool as one tree, told and made so.
#include "server/api/admin_request.h"
#include "server/api/estate_tree.h"
#include "server/api/routes.h"

namespace pchat::api {
namespace {

constexpr std::size_t largest_body = std::size_t{32} * 1024 * 1024;

Result<net::HttpResponse> get_estate(Call& call) {
    const Result<Estate> estate = read_estate(call.services.chat);
    if (!estate)
        return pass(estate.error());
    return json_response(200, estate_tree(*estate));
}

/// Wrong items are what was asked about, not a failure of asking.
Result<net::HttpResponse> post_apply(Call& call) {
    const Result<Estate> wanted = read_estate_tree(call.request.body);
    if (!wanted)
        return pass(wanted.error());
    if (!call.dry_run()) {
        if (!opens(call.person, Gate::policy_admin))
            return pass(role_missing(call, Gate::policy_admin));
        if (Result<void> may = may_apply(call.person, *wanted); !may)
            return pass(std::move(may).error());
    }
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    if (asked->revision)
        return fail_as(
            "bad-request",
            Errc::usage,
            "an estate has no revision",
            "take If-Match away; ?plan= names the plan that may be carried out"
        );
    const Result<EstateOutcome> done =
        apply_estate(call.services.changes, *asked, *wanted, text_of(call, "plan"));
    if (!done)
        return pass(done.error());
    return json_response(200, estate_answer(*done, asked->dry_run));
}

}  // namespace

void add_estate_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/estate", Gate::viewer, get_estate});
    // Who may look at the estate may ask for a plan as well.
    table.push_back({"POST", "/v1/apply", Gate::viewer, post_apply, largest_body, Reads::as_dry_run}
    );
}

}  // namespace pchat::api
