// SPDX-License-Identifier: Apache-2.0
// `user import`, `group import`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/resource/import_file.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Importable {
    std::string noun;
    std::string plural;  // the path, and the key of the list
    std::vector<ImportColumn> columns;
    std::size_t batch;  // rows that are made together or not at all
};

const Importable& users() {
    static const Importable what{
        "user",
        "users",
        {{"user"},
         {"display"},
         {"email"},
         {"company"},
         {"site"},
         {"disabled", ImportColumn::Kind::boolean}},
        1'000};
    return what;
}

// All together: each may name any other as its member.
const Importable& groups() {
    static const Importable what{
        "group",
        "groups",
        {{"name"}, {"display"}, {"email"}, {"members", ImportColumn::Kind::list}},
        10'000};
    return what;
}

struct Import {
    ServerFlags server;
    std::string file;
};

/// Shows what is wrong with which lines; how many.
std::size_t show_problems(
    Context& ctx, const ImportRows& file, std::size_t begin, const Json& answer
) {
    const Json problems = answer.value("problems", Json::array());
    for (const Json& problem : problems) {
        const std::size_t row = begin + problem.value("row", std::size_t{0});
        const std::size_t line = row < file.rows.size() ? file.rows[row].line : 0;
        const std::string hint = problem.value("hint", "");
        ctx.err << fmt::format("{}:{}: {}\n", file.name, line, problem.value("message", ""));
        if (!hint.empty())
            ctx.err << fmt::format("  hint: {}\n", hint);
    }
    return problems.size();
}

Result<void> run(Context& ctx, const Import& opt, const Importable& what) {
    const Result<ImportRows> file = read_import(ctx, opt.file, what.columns);
    if (!file)
        return pass(file.error());
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    Json total{{"created", 0}, {"changed", 0}, {"same", 0}};
    const std::size_t count = file->rows.size();
    for (std::size_t begin = 0; begin < count; begin += what.batch) {
        const std::size_t end = std::min(begin + what.batch, count);
        ApiCall call{.method = "POST", .path = api_path(what.plural) + "/import"};
        call.repeatable = true;  // what is there already is left as it is
        if (ctx.global.dry_run)
            call.query.emplace_back("dry_run", "true");
        Json& list = call.body[what.plural] = Json::array();
        for (std::size_t i = begin; i < end; ++i)
            list.push_back(file->rows[i].item);
        const Result<Json> done = (*client)->call(call);
        if (!done)
            return pass(done.error(), fmt::format("{}:{}", file->name, file->rows[begin].line));
        if (const std::size_t wrong = show_problems(ctx, *file, begin, *done); wrong > 0)
            return fail(
                Errc::bad_file,
                fmt::format("{} of {} rows will not do", wrong, end - begin),
                begin == 0
                    ? "nothing was changed; mend the lines and import the file again"
                    : fmt::format(
                          "what stands before line {} was imported; mend the lines and import the "
                          "file again",
                          file->rows[begin].line
                      )
            );
        for (const char* key : {"created", "changed", "same"})
            total[key] = total[key].get<std::int64_t>() + done->value(key, std::int64_t{0});
        if (count > what.batch && ctx.terminal.err_is_tty)
            ctx.note(fmt::format("{} of {} rows", end, count));
    }
    print_document(
        ctx,
        total,
        fmt::format(
            "{} {}{} created, {} changed, {} as they were\n",
            total["created"].get<std::int64_t>(),
            what.plural,
            ctx.global.dry_run ? " would be" : "",
            total["changed"].get<std::int64_t>(),
            total["same"].get<std::int64_t>()
        )
    );
    return {};
}

Command row(const Importable& what) {
    return {
        .path = what.noun + " import",
        .summary = fmt::format("Create and change {} out of a file", what.plural),
        .help = {},
        .bind =
            [&what](Args& args) {
                auto opt = std::make_shared<Import>();
                Arg& file = args.positional(
                    "file", opt->file, "CSV or one JSON object a line; - is standard input"
                );
                file.required = true;
                file.kind = ValueKind::file;
                opt->server.declare(args);
                return [opt, &what](Context& ctx) { return run(ctx, *opt, what); };
            },
        .formats = {"table", "json", "yaml"},
        .changes = true};
}

}  // namespace

std::vector<Command> import_commands() {
    return {row(users()), row(groups())};
}

}  // namespace pchat::cli
