// SPDX-License-Identifier: Apache-2.0
// `topology publish`, `history`, `rollback`.
#include "base/diagnostic.h"
#include "base/unicode.h"
#include "base/written_secrets.h"
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/published_topology.h"
#include "cli/topology_file.h"
#include "cli/topology_plan.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"
#include "topology/transition.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <charconv>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

void show(Context& ctx, const topology::Parsed& parsed, const std::vector<Diagnostic>& findings) {
    const bool errors = tally(findings).errors > 0;
    if (!findings.empty() && (errors || !ctx.global.quiet))
        ctx.err << render_text(
            *parsed.document.source, findings, ctx.terminal.colour_err ? Colour::yes : Colour::no
        );
}

Result<void> without_written_secrets(const std::string& name, const topology::Parsed& parsed) {
    const std::vector<Span> secrets = written_secrets(parsed.document.source->text());
    if (secrets.empty())
        return {};
    return fail(
        Errc::bad_file,
        fmt::format(
            "{}:{} seems to hold a secret in place",
            name,
            parsed.document.source->position(secrets.front().begin).line
        ),
        "versions are kept for ever: write where the secret is instead, env:NAME or file:PATH"
    );
}

/// Shows what rules say of the document and of the way to it; the plan when nothing forbids it.
Result<std::vector<topology::Change>> judge_way(
    Context& ctx, const PublishedTopology& now, const topology::Parsed& next
) {
    const topology::JudgeOptions options{.today = ctx.today};
    std::vector<Diagnostic> findings = topology::judge(next, options);
    topology::Transition way;
    if (now.version > 0)
        way = topology::compare(topology::parse("published", now.document), next, options);
    topology::drop_superseded(way, findings);
    std::move(way.findings.begin(), way.findings.end(), std::back_inserter(findings));
    sort_by_place(findings);
    show(ctx, next, findings);
    if (tally(findings).errors > 0)
        return fail_silently(Errc::bad_file);
    return std::move(way.changes);
}

void show_unchanged(Context& ctx, const PublishedTopology& now) {
    if (ctx.global.output == "table")
        ctx.note(fmt::format("topology: no changes, version {} is published", now.version));
    else
        print_document(ctx, {{"version", now.version}, {"published", false}}, "");
}

/// Each pool has a database of its own, and hears of a topology only from its own servers.
void warn_of_others(Context& ctx, ApiClient& client, const topology::Parsed& next) {
    const Result<Json> here = client.call({.path = api_path("discover")});
    if (!here)
        return;
    const std::string own = here->value("pool", std::string{});
    std::vector<std::string> others;
    for (const topology::Pool& pool : next.model.spec.pools.items)
        if (fold_case(*pool.fqdn) != fold_case(own))
            others.push_back(*pool.fqdn);
    if (!others.empty())
        ctx.note(fmt::format(
            "warning: pool {} alone knows it{}; run the same with --server or --context of {}",
            own,
            ctx.global.dry_run ? " then" : "",
            fmt::join(others, ", ")
        ));
}

/// Asks, sends, tells.
Result<void> send(
    Context& ctx,
    ApiClient& client,
    const PublishedTopology& now,
    const topology::Parsed& next,
    const std::vector<topology::Change>& plan,
    Json body
) {
    const bool table = ctx.global.output == "table";
    if (table && now.version > 0)
        ctx.out << plan_text(plan, ctx.terminal.colour_out);
    if (!ctx.global.dry_run)
        if (auto agreed = confirm(ctx, fmt::format("Publish this as version {}?", now.version + 1));
            !agreed)
            return agreed;
    ApiCall call{
        .method = "POST",
        .path = api_path("topology"),
        .body = std::move(body),
        .revision = now.version};
    if (ctx.global.dry_run)
        call.query.emplace_back("dry_run", "true");
    Result<Json> done = client.call(call);
    if (!done)
        return pass(done.error());
    warn_of_others(ctx, client, next);
    done->erase("changes");  // lines for people; these are the same with all their parts
    done->emplace("changes", plan_json(plan));
    if (!table)
        print_document(ctx, *done, "");
    else
        ctx.out << fmt::format(
            "topology: version {} {}published\n",
            done->value("version", std::int64_t{0}),
            ctx.global.dry_run ? "would be " : ""
        );
    return {};
}

struct Publish {
    ServerFlags server;
    std::string file;
    std::string comment;
    std::optional<std::int64_t> if_version;
};

Result<void> run_publish(Context& ctx, const Publish& opt) {
    const Result<std::string> path = topology_path(ctx, opt.file);
    if (!path)
        return pass(path.error());
    Result<InputText> input = read_input(ctx, *path);
    if (!input)
        return pass(std::move(input).error());
    const topology::Parsed next = topology::parse(input->name, input->text);
    // By itself first: what is wrong with a file can be told without a server.
    const std::vector<Diagnostic> findings = topology::judge(next, {.today = ctx.today});
    if (tally(findings).errors > 0) {
        show(ctx, next, findings);
        return fail_silently(Errc::bad_file);
    }
    if (Result<void> clean = without_written_secrets(input->name, next); !clean)
        return clean;
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<PublishedTopology> now = published_topology(**client);
    if (!now)
        return pass(now.error());
    if (opt.if_version && *opt.if_version != now->version)
        return fail(
            Errc::conflict,
            fmt::format("version {} is published, not {}", now->version, *opt.if_version),
            "look at what came in between: pchatctl topology history"
        );
    if (now->version > 0 && now->document == input->text) {
        show_unchanged(ctx, *now);
        return {};
    }
    const auto plan = judge_way(ctx, *now, next);
    if (!plan)
        return pass(plan.error());
    return send(
        ctx, **client, *now, next, *plan, {{"document", input->text}, {"comment", opt.comment}}
    );
}

struct Rollback {
    ServerFlags server;
    std::optional<std::int64_t> version;
    std::string comment;
};

Result<void> run_rollback(Context& ctx, const Rollback& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<PublishedTopology> now = published_topology(**client);
    if (!now)
        return pass(now.error());
    const std::int64_t wanted = opt.version.value_or(now->version - 1);
    if (wanted < 1 && !opt.version)
        return fail(
            Errc::conflict,
            "there is no older version to go back to",
            "list versions: pchatctl topology history"
        );
    const Result<PublishedTopology> older = published_topology(**client, wanted);
    if (!older)
        return pass(older.error());
    if (older->document == now->document) {
        show_unchanged(ctx, *now);
        return {};
    }
    const std::string name = fmt::format("version {}", wanted);
    const topology::Parsed next = topology::parse(name, older->document);
    const auto plan = judge_way(ctx, *now, next);
    if (!plan)
        return pass(plan.error());
    const std::string comment = opt.comment.empty() ? fmt::format("back to {}", name) : opt.comment;
    return send(ctx, **client, *now, next, *plan, {{"version", wanted}, {"comment", comment}});
}

struct History {
    ServerFlags server;
    std::optional<std::int64_t> version;
    std::optional<std::int64_t> limit;
};

Result<void> run_history(Context& ctx, const History& opt) {
    const std::int64_t limit = opt.limit.value_or(50);
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    if (opt.version) {
        const Result<Json> found = (*client)->call(
            {.path = api_path("topology"), .query = {{"version", std::to_string(*opt.version)}}}
        );
        if (!found)
            return pass(found.error());
        print_document(ctx, *found, found->value("document", ""));
        return {};
    }
    const Result<Json> versions =
        (*client)->list({.path = api_path("topology") + "/versions"}, "versions", limit);
    if (!versions)
        return pass(versions.error());
    print_list(
        ctx,
        "version",
        *versions,
        {{"VERSION", "version", true},
         {"PUBLISHED", "published_at"},
         {"BY", "published_by"},
         {"COMMENT", "comment"}}
    );
    return {};
}

Run bind_publish(Args& args) {
    auto opt = std::make_shared<Publish>();
    file_argument(args, opt->file);
    args.option("comment", opt->comment, "TEXT", "why, for the history");
    args.number(
        "if-version",
        opt->if_version,
        "NUMBER",
        "only when this version is published now; 0: only as the first one"
    );
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_publish(ctx, *opt); };
}

Run bind_rollback(Args& args) {
    auto opt = std::make_shared<Rollback>();
    Arg version;
    version.name = "version";
    version.positional = true;
    version.kind = ValueKind::number;
    version.help = "whose text is published again";
    version.default_text = "the one before the last";
    version.accept = [opt](const std::string& text) -> std::string {
        std::int64_t number = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (problem != std::errc{} || end != text.data() + text.size() || number < 1)
            return fmt::format("'{}' is no version: they count from 1", text);
        opt->version = number;
        return {};
    };
    args.add(std::move(version));
    args.option("comment", opt->comment, "TEXT", "why, for the history");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_rollback(ctx, *opt); };
}

Run bind_history(Args& args) {
    auto opt = std::make_shared<History>();
    args.number("version", opt->version, "NUMBER", "print the document of this version");
    args.count("limit", opt->limit, "show so many at most; default: 50");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_history(ctx, *opt); };
}

}  // namespace

std::vector<Command> topology_publish_commands() {
    return {
        {.path = "topology publish",
         .summary = "Make a document the topology that servers go by",
         .help = {},
         .bind = bind_publish,
         .formats = {"table", "json", "yaml"},
         .changes = true},
        {.path = "topology history",
         .summary = "List the versions that were published, or print one",
         .help = {},
         .bind = bind_history,
         .formats = {"table", "json", "yaml"}},
        {.path = "topology rollback",
         .summary = "Publish the text of an older version again",
         .help = {},
         .bind = bind_rollback,
         .formats = {"table", "json", "yaml"},
         .changes = true},
    };
}

}  // namespace pchat::cli
