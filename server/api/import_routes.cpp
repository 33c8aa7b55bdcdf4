// SPDX-License-Identifier: Apache-2.0
// Many users or groups at once, all of them or none.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/service/import.h"
#include "server/wire/json_text.h"

#include <utility>

namespace pchat::api {
namespace {

constexpr std::size_t most_users = 1'000;
constexpr std::size_t most_groups = 10'000;
constexpr std::size_t largest_body = std::size_t{8} * 1024 * 1024;
constexpr wire::TextRule any{0, 4096};  // the limits of texts are the service's to check

std::optional<std::string> text_in(wire::ObjectReader& in, std::string_view name) {
    const auto found = in.optional_text(name, any);
    return found ? std::optional{std::string{*found}} : std::nullopt;
}

UserRow read_user(wire::ObjectReader& in) {
    UserRow out;
    out.user = in.required_text("user", any);
    out.fields.display = text_in(in, "display");
    out.fields.email = text_in(in, "email");
    out.fields.company = text_in(in, "company");
    out.fields.site = text_in(in, "site");
    out.fields.disabled = in.optional_bool("disabled");
    return out;
}

GroupFields read_group(wire::ObjectReader& in) {
    GroupFields out;
    out.name = std::string{in.required_text("name", any)};
    out.display = text_in(in, "display");
    out.email = text_in(in, "email");
    out.members = read_list(in, "members", "add_members", "remove_members");
    return out;
}

template <class Row>
Result<std::vector<Row>> read_rows(
    std::string_view body,
    std::string_view plural,
    std::size_t most,
    Row (*read)(wire::ObjectReader& in)
) {
    wire::JsonDocument document;
    const auto root = document.parse(body);
    if (!root)
        return pass(root.error());
    wire::ObjectReader in{**root};
    std::vector<Row> out;
    for (wire::ObjectReader& row : in.objects(plural, most)) {
        out.push_back(read(row));
        in.adopt(plural, row);
    }
    if (in.problem())
        return pass(*in.problem());
    return out;
}

/// Wrong rows are what was asked about, not a failure of asking.
net::HttpResponse answer(const AdminCall& asked, const Imported& done) {
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.boolean("applied", done.problems.empty() && !asked.dry_run)
        .number("created", static_cast<std::int64_t>(done.created))
        .number("changed", static_cast<std::int64_t>(done.changed))
        .number("same", static_cast<std::int64_t>(done.same))
        .list("problems", done.problems, [](std::string& out, const RowProblem& problem) {
            out += '{';
            wire::FieldWriter{out}
                .number("row", static_cast<std::int64_t>(problem.row))
                .text("code", error_token(problem.error))
                .text("message", wire::well_formed(problem.error.message))
                .text("hint", wire::well_formed(problem.error.hint))
                .text("field", problem.error.field);
            out += '}';
        });
    return json_response(200, body + "}");
}

Result<net::HttpResponse> post_users(Call& call) {
    const auto rows = read_rows<UserRow>(call.request.body, "users", most_users, read_user);
    if (!rows)
        return pass(rows.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<Imported> done = import_users(call.services.changes, *asked, *rows);
    if (!done)
        return pass(done.error());
    return answer(*asked, *done);
}

Result<net::HttpResponse> post_groups(Call& call) {
    const auto rows = read_rows<GroupFields>(call.request.body, "groups", most_groups, read_group);
    if (!rows)
        return pass(rows.error());
    const Result<AdminCall> asked = admin_call(call);
    if (!asked)
        return pass(asked.error());
    const Result<Imported> done = import_groups(call.services.changes, *asked, *rows);
    if (!done)
        return pass(done.error());
    return answer(*asked, *done);
}

}  // namespace

void add_import_routes(std::vector<Route>& table) {
    table.push_back({"POST", "/v1/users/import", Gate::user_admin, post_users, largest_body});
    table.push_back({"POST", "/v1/groups/import", Gate::user_admin, post_groups, largest_body});
}

}  // namespace pchat::api
