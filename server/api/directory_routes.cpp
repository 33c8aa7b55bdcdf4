// SPDX-License-Identifier: Apache-2.0
// The directory of the organisation: how far it has been read, and reading it now.
#include "server/api/admin_request.h"
#include "server/api/routes.h"
#include "server/service/directory_duty.h"
#include "server/wire/json_text.h"

namespace pchat::api {
namespace {

Result<DirectoryDuty*> duty_of(Call& call) {
    if (call.services.directory == nullptr)
        return fail_as(
            "no-directory",
            Errc::not_found,
            "this server has no directory to read",
            "name one under 'directory' in pchatd.yaml"
        );
    return call.services.directory;
}

void write_counts(wire::FieldWriter& fields, const SyncCounts& counts) {
    const auto number = [&](std::string_view name, std::size_t count) {
        fields.number(name, static_cast<std::int64_t>(count));
    };
    number("seen", counts.seen);
    number("read", counts.read);
    number("added", counts.added);
    number("changed", counts.changed);
    number("moved", counts.moved);
    number("removed", counts.removed);
    number("memberships_begun", counts.joined);
    number("memberships_ended", counts.left);
}

std::string report_text(const SyncReport& report) {
    std::string out = "{";
    wire::FieldWriter fields{out};
    fields.time("started_at", report.started_at)
        .time("finished_at", report.finished_at)
        .boolean("dry_run", report.dry_run)
        .boolean("full", report.full);
    write_counts(fields, report.counts);
    fields.texts("changes", report.changes)
        .number("problem_count", static_cast<std::int64_t>(report.problem_count))
        .list("problems", report.problems, [](std::string& to, const DirectoryProblem& one) {
            to += '{';
            wire::FieldWriter{to}.text("dn", one.dn).text("why", one.why);
            to += '}';
        });
    return out + "}";
}

Result<std::optional<std::string>> leader(Chat& chat) {
    std::optional<std::string> out;
    Result<void> read = chat.content().read("reading leases", [&](ContentTransaction& tx) {
        const auto now = tx.registry().now();
        const auto leases = tx.registry().leases();
        if (!now || !leases)
            return Result<void>{pass(now ? leases.error() : now.error())};
        out.reset();
        for (const Lease& lease : *leases)
            if (lease.name == "directory-sync" && lease.expires_at > *now)
                out = lease.owner_name.substr(0, lease.owner_name.find(' '));
        return Result<void>{};
    });
    if (!read)
        return pass(std::move(read).error());
    return out;
}

void write_progress(wire::FieldWriter& fields, const DirectoryProgress& progress) {
    if (progress.finished_at)
        fields.time("finished_at", *progress.finished_at);
    fields.time("next_at", progress.next_at).number("failed_tries", progress.try_count);
    if (progress.last_error)
        fields.text("last_error", *progress.last_error);
}

Result<net::HttpResponse> get_directory(Call& call) {
    const Result<DirectoryDuty*> found = duty_of(call);
    if (!found)
        return pass(found.error());
    DirectoryDuty& duty = **found;
    const auto progress = duty.sync().progress();
    if (!progress)
        return pass(progress.error());
    const auto syncing = leader(call.services.chat);
    if (!syncing)
        return pass(syncing.error());
    const DutyStatus status = duty.status();
    std::string body = "{";
    wire::FieldWriter fields{body};
    fields.text("domain", duty.sync().source().domain())
        .text("place", duty.sync().source().place())
        .number("interval_minutes", duty.sync().options().interval.count())
        .boolean("running", status.running)
        .number("asked", static_cast<std::int64_t>(status.asked))
        .number("ended", static_cast<std::int64_t>(status.ended));
    if (*syncing)
        fields.text("synchronizing", **syncing);
    if (*progress)
        write_progress(fields, **progress);
    if (status.report)
        fields.json("last", report_text(*status.report));
    if (status.problem) {
        std::string problem = "{";
        wire::FieldWriter{problem}
            .text("code", error_token(*status.problem))
            .text("message", status.problem->message)
            .text("hint", status.problem->hint);
        fields.json("problem", problem + "}");
    }
    return json_response(200, body + "}");
}

Result<net::HttpResponse> post_sync(Call& call) {
    const Result<DirectoryDuty*> found = duty_of(call);
    if (!found)
        return pass(found.error());
    const auto force = flag_of(call, "force");
    if (!force)
        return pass(force.error());
    const auto full = flag_of(call, "full");
    if (!full)
        return pass(full.error());
    SyncWish wish;
    wish.dry_run = call.dry_run();
    wish.full = full->value_or(false);
    wish.force = force->value_or(false) ? Force::yes : Force::no;
    wish.actor = call.actor();
    const Result<std::uint64_t> number = (*found)->ask(std::move(wish));
    if (!number)
        return pass(number.error());
    std::string body = "{";
    wire::FieldWriter{body}.number("asked", static_cast<std::int64_t>(*number));
    return json_response(202, body + "}");
}

}  // namespace

void add_directory_routes(std::vector<Route>& table) {
    table.push_back({"GET", "/v1/directory", Gate::viewer, get_directory});
    table.push_back({"POST", "/v1/directory/sync", Gate::user_admin, post_sync});
}

}  // namespace pchat::api
