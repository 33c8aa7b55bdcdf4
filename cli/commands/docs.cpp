// SPDX-License-Identifier: Apache-2.0
// `__docs`: what the build writes from the program itself. Hidden; the names are no promise.
#include "cli/bound_command.h"
#include "cli/cmdlets.h"
#include "cli/commands/rows.h"
#include "cli/help_page.h"
#include "cli/manual.h"
#include "cli/reference.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

#include <fstream>
#include <memory>
#include <ostream>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

Result<void> write_manual(Context& ctx, const std::string& directory) {
    for (const ManualPage& page : manual_pages(command_table())) {
        const std::string path = directory + "/" + page.file;
        std::ofstream file(path, std::ios::binary);
        file << page.text;
        file.close();
        if (!file)
            return fail(Errc::bad_file, fmt::format("cannot write {}", path));
        ctx.note("wrote " + path);
    }
    return {};
}

Json describe(const Arg& arg) {
    Json row{
        {"name", arg.name},
        {"positional", arg.positional},
        {"required", arg.required},
        {"help", arg.help}};
    row["repeatable"] = arg.repeatable;
    if (arg.letter != 0)
        row["letter"] = std::string(1, arg.letter);
    if (!arg.choices.empty())
        row["choices"] = arg.choices;
    if (!arg.default_text.empty())
        row["default"] = arg.default_text;
    return row;
}

Json describe(const Command& command) {
    const BoundCommand bound(command);
    Json row{{"path", command.path}, {"summary", command.summary}, {"formats", command.formats}};
    row["changes"] = command.changes;
    row["arguments"] = Json::array();
    for (const Arg& arg : bound.all())
        if (!arg.hidden)
            row["arguments"].push_back(describe(arg));
    for (const auto& [code, meaning] : exit_codes_of(command))
        row["exit_codes"][code] = meaning;
    return row;
}

Result<void> print_commands(Context& ctx) {
    Json rows = Json::array();
    for (const Command& command : command_table().commands)
        if (!command.hidden)
            rows.push_back(describe(command));
    ctx.out << json_text(rows);
    return {};
}

Run bind_man(Args& args) {
    auto directory = std::make_shared<std::string>();
    Arg& arg = args.positional("directory", *directory, "where the pages go");
    arg.kind = ValueKind::directory;
    arg.required = true;
    return [directory](Context& ctx) { return write_manual(ctx, *directory); };
}

Command hidden(std::string path, std::string summary, std::function<Run(Args&)> bind) {
    Command command;
    command.path = std::move(path);
    command.summary = std::move(summary);
    command.bind = std::move(bind);
    command.hidden = true;
    return command;
}

std::function<Run(Args&)> printer(std::string (*text)()) {
    return [text](Args&) {
        return [text](Context& ctx) -> Result<void> {
            ctx.out << text();
            return {};
        };
    };
}

Run bind_diagnostics(Args& args) {
    auto directory = std::make_shared<std::string>();
    Arg& arg = args.positional("directory", *directory, "test data with the expected texts");
    arg.kind = ValueKind::directory;
    arg.required = true;
    return [directory](Context& ctx) -> Result<void> {
        ctx.out << diagnostics_page(*directory);
        return {};
    };
}

}  // namespace

std::vector<Command> docs_commands() {
    return {
        hidden("__docs man", "Write the manual pages", bind_man),
        hidden("__docs schema", "Print the JSON Schema of topologies", printer(topology_schema)),
        hidden(
            "__docs fields", "Print the FIELDS part of pchat-topology(5)", printer(topology_fields)
        ),
        hidden(
            "__docs settings-schema", "Print the JSON Schema of settings", printer(settings_schema)
        ),
        hidden(
            "__docs settings-fields",
            "Print the FIELDS part of pchatd.yaml(5)",
            printer(settings_fields)
        ),
        hidden("__docs estate-schema", "Print the JSON Schema of estates", printer(estate_schema)),
        hidden("__docs cmdlets", "Print docs/cmdlets.md", printer(cmdlets_page)),
        hidden("__docs diagnostics", "Print docs/diagnostics.md", bind_diagnostics),
        hidden(
            "__docs commands",
            "Print the command table as JSON",
            [](Args&) { return print_commands; }
        ),
    };
}

}  // namespace pchat::cli
