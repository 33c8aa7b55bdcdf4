// SPDX-License-Identifier: Apache-2.0
// `estate plan`, `apply`, `drift`, `export`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/estate/estate_file.h"
#include "cli/estate/plan_text.h"
#include "cli/topology_file.h"
#include "cli/ui/output.h"
#include "cli/ui/prompt.h"
#include "cli/write_file.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

/// Tens of thousands of rooms take minutes, in one transaction.
ServerFlags patient() {
    ServerFlags out;
    out.usual_timeout = 600;
    return out;
}

struct EstateFlags {
    ServerFlags server = patient();
    std::string file;
    bool prune = false;
    bool exit_code = false;

    void declare(Args& args) {
        Arg& arg = args.option("file", file, "FILE", "estate document; - reads standard input");
        arg.letter = 'f';
        arg.kind = ValueKind::file;
        arg.required = true;
        args.flag(
            "prune", prune, "remove what the document does not name, of the sections that it has"
        );
        server.declare(args);
    }
};

/// A document and the server that it is for.
class Applying {
public:
    static Result<Applying> begin(Context& ctx, const EstateFlags& flags) {
        Result<EstateFile> file = load_estate(ctx, flags.file);
        if (!file)
            return pass(std::move(file).error());
        auto client = connect(ctx, flags.server);
        if (!client)
            return pass(std::move(client).error());
        return Applying{
            ctx, std::move(*file), std::move(*client), flags.prune ? PruneAll::yes : PruneAll::no};
    }

    Result<Json> plan() { return send({{"dry_run", "true"}}, /*repeatable=*/true); }
    /// An empty `plan`: whatever it has become.
    Result<Json> apply(const std::string& plan) {
        if (plan.empty())
            return send({}, /*repeatable=*/true);
        // Once it is carried out, the plan is another.
        return send({{"plan", plan}}, /*repeatable=*/false);
    }
    [[nodiscard]] const std::string& name() const { return file_.document.source->name(); }

private:
    Applying(Context& ctx, EstateFile file, std::unique_ptr<ApiClient> client, PruneAll prune)
        : ctx_(&ctx), file_(std::move(file)), client_(std::move(client)),
          request_(estate_request(file_, prune)) {}

    Result<Json> send(std::vector<std::pair<std::string, std::string>> query, bool repeatable) {
        Result<Json> answer = client_->call(
            {.method = "POST",
             .path = api_path("apply"),
             .query = std::move(query),
             .body = request_,
             .repeatable = repeatable}
        );
        if (!answer)
            return answer;
        const Json problems = answer->value("problems", Json::array());
        if (problems.empty())
            return answer;
        ctx_->err << render_text(
            *file_.document.source,
            estate_findings(file_, problems),
            ctx_->terminal.colour_err ? Colour::yes : Colour::no
        );
        return fail_silently(Errc::bad_file);
    }

    Context* ctx_;
    EstateFile file_;
    std::unique_ptr<ApiClient> client_;
    Json request_;
};

std::string with_count(const Json& answer, const std::string& count) {
    const std::string text = plan_text(answer);
    return text.empty() ? count + "\n" : fmt::format("{}\n{}\n", text, count);
}

/// What would be done to make the pool as a file says.
struct Planned {
    std::string file;
    Json answer;
    PlanTally tally;
};

Result<Planned> plan_of(Context& ctx, const EstateFlags& opt) {
    Result<Applying> applying = Applying::begin(ctx, opt);
    if (!applying)
        return pass(std::move(applying).error());
    Result<Json> answer = applying->plan();
    if (!answer)
        return pass(std::move(answer).error());
    const PlanTally tally = tally_plan(*answer);
    return Planned{applying->name(), std::move(*answer), tally};
}

Result<void> run_plan(Context& ctx, const EstateFlags& opt) {
    const Result<Planned> plan = plan_of(ctx, opt);
    if (!plan)
        return pass(plan.error());
    const auto& [file, answer, tally] = *plan;
    print_document(ctx, answer, with_count(answer, planned(tally)));
    return opt.exit_code && tally.changes() > 0 ? fail_silently(Errc::pending) : Result<void>{};
}

Result<void> run_drift(Context& ctx, const EstateFlags& opt) {
    const Result<Planned> plan = plan_of(ctx, opt);
    if (!plan)
        return pass(plan.error());
    const auto& [file, answer, tally] = *plan;
    const std::string verdict =
        tally.changes() == 0
            ? fmt::format("the pool is as {} says", file)
            : fmt::format("the pool is not as {} says; to make it so: {}", file, planned(tally));
    print_document(ctx, answer, with_count(answer, verdict));
    return tally.changes() > 0 ? fail_silently(Errc::pending) : Result<void>{};
}

/// The name of the plan that may be carried out; nothing when there is nothing to do.
Result<std::optional<std::string>> agreed_plan(Context& ctx, Applying& applying) {
    const Result<Json> answer = applying.plan();
    if (!answer)
        return pass(answer.error());
    const PlanTally tally = tally_plan(*answer);
    const bool look_only = ctx.global.dry_run;
    if (look_only || tally.changes() == 0) {
        print_document(ctx, *answer, with_count(*answer, planned(tally)));
        return std::optional<std::string>{};
    }
    if (tally.takes_away()) {
        if (!ctx.global.quiet)
            ctx.err << with_count(*answer, planned(tally));
        if (Result<void> agreed = confirm(ctx, "this takes something away; apply it?"); !agreed)
            return pass(std::move(agreed).error());
    }
    return std::optional{answer->value("plan", std::string{})};
}

Result<void> run_apply(Context& ctx, const EstateFlags& opt) {
    Result<Applying> applying = Applying::begin(ctx, opt);
    if (!applying)
        return pass(std::move(applying).error());
    std::string plan;
    if (ctx.global.dry_run || !ctx.global.yes) {
        const auto agreed = agreed_plan(ctx, *applying);
        if (!agreed || !*agreed)
            return agreed ? Result<void>{} : Result<void>{pass(agreed.error())};
        plan = **agreed;
    }
    const Result<Json> answer = applying->apply(plan);
    if (!answer)
        return pass(answer.error());
    print_document(ctx, *answer, with_count(*answer, applied(tally_plan(*answer))));
    return {};
}

struct Export {
    ServerFlags server = patient();
    std::string file;
};

Result<void> write_export(Context& ctx, const std::string& path, const std::string& text) {
    if (ctx.global.dry_run) {
        ctx.note("would write " + path);
        return {};
    }
    if (::access(path.c_str(), F_OK) != 0) {
        if (Result<void> made = create_file(path, text); !made)
            return made;
        ctx.note("wrote " + path);
        return {};
    }
    const Result<InputText> before = read_input(ctx, path, {std::size_t{64} * 1024 * 1024, {}});
    if (!before)
        return pass(before.error());
    if (before->text == text) {
        ctx.note(path + ": no changes");
        return {};
    }
    if (Result<void> agreed = confirm(ctx, fmt::format("{} is there; replace it?", path)); !agreed)
        return agreed;
    if (Result<void> put = replace_file(path, before->text, text); !put)
        return put;
    ctx.note("wrote " + path);
    return {};
}

Result<void> run_export(Context& ctx, const Export& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> tree = (*client)->call({.path = api_path("estate")});
    if (!tree)
        return pass(tree.error());
    const Json document = estate_document(*tree);
    const std::string text = ctx.global.output == "json" ? json_text(document) : to_yaml(document);
    if (!opt.file.empty())
        return write_export(ctx, opt.file, text);
    ctx.out << text;
    return {};
}

template <class Do>
std::function<Run(Args&)> binder(Do act, bool with_exit_code) {
    return [act, with_exit_code](Args& args) {
        auto opt = std::make_shared<EstateFlags>();
        opt->declare(args);
        if (with_exit_code)
            args.flag("exit-code", opt->exit_code, "exit 8 when there are changes");
        return [opt, act](Context& ctx) { return act(ctx, *opt); };
    };
}

Run bind_export(Args& args) {
    auto opt = std::make_shared<Export>();
    Arg& file = args.option("file", opt->file, "FILE", "where to write it; else standard output");
    file.letter = 'f';
    file.kind = ValueKind::file;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_export(ctx, *opt); };
}

}  // namespace

std::vector<Command> estate_commands() {
    const std::vector<std::string> formats{"table", "json", "yaml"};
    return {
        {.path = "estate plan",
         .summary = "Show what would make the pool what a document says",
         .help = {},
         .bind = binder(run_plan, /*with_exit_code=*/true),
         .formats = formats},
        {.path = "estate apply",
         .summary = "Make the pool what a document says, all of it or nothing",
         .help = {},
         .bind = binder(run_apply, /*with_exit_code=*/false),
         .formats = formats,
         .changes = true},
        {.path = "estate drift",
         .summary = "Tell whether the pool is still what a document says",
         .help = {},
         .bind = binder(run_drift, /*with_exit_code=*/false),
         .formats = formats},
        {.path = "estate export",
         .summary = "Write what lives in the pool as a document",
         .help = {},
         .bind = bind_export,
         .formats = {"yaml", "json"},
         .changes = true},
    };
}

}  // namespace pchat::cli
