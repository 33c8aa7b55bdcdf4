// SPDX-License-Identifier: Apache-2.0
// Who did what, and what it was before and after.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/service/audit_list.h"
#include "server/wire/json_text.h"

namespace pchat::api {
namespace {

std::string entry_fields(const AuditEntry& entry) {
    std::string out;
    wire::FieldWriter fields{out};
    fields.number("id", entry.id.value)
        .time("at", entry.at)
        .text("actor", entry.actor_name)
        .text("address", entry.address)
        .text("request", entry.request)
        .text("action", entry.action)
        .text("outcome", entry.outcome == AuditOutcome::done ? "done" : "refused")
        .text("kind", audit_kind(entry.object_kind))
        .text("object", entry.object_name);
    if (entry.old_value && !entry.old_value->empty())
        fields.json("before", *entry.old_value);
    if (entry.new_value && !entry.new_value->empty())
        fields.json("after", *entry.new_value);
    return out;
}

Result<net::HttpResponse> get_audit(Call& call) {
    AuditFilter filter;
    filter.actor = text_of(call, "actor");
    filter.object = text_of(call, "object");
    filter.action = text_of(call, "action");
    filter.cursor = call.cursor();
    const Result<int> limit = call.limit(100, 1000);
    const auto kind = choice_of(call, "kind", {audit_kind_words.begin(), audit_kind_words.end()});
    const auto since = time_of(call, "since");
    const auto until = time_of(call, "until");
    for (const Error* problem :
         {limit ? nullptr : &limit.error(),
          kind ? nullptr : &kind.error(),
          since ? nullptr : &since.error(),
          until ? nullptr : &until.error()})
        if (problem != nullptr)
            return pass(*problem);
    filter.limit = *limit;
    if (*kind)
        filter.kind = static_cast<std::int64_t>(**kind) + 1;
    filter.since = *since;
    filter.until = *until;
    const Result<AuditPage> page = list_audit(call.services.chat, filter);
    if (!page)
        return pass(page.error());
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.list("entries", page->entries, [](std::string& out, const AuditEntry& entry) {
        out += "{" + entry_fields(entry) + "}";
    });
    if (page->cursor)
        fields.text("cursor", *page->cursor);
    return json_response(200, body + "}");
}

}  // namespace

void add_audit_routes(std::vector<Route>& table) {
    // Not the viewer's: the log tells what administrators did to each other.
    table.push_back({"GET", "/v1/audit", Gate::compliance_officer, get_audit});
}

}  // namespace pchat::api
