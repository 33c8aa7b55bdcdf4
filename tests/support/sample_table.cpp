// SPDX-License-Identifier: Apache-2.0
#include "tests/support/sample_table.h"

#include "cli/ui/output.h"

#include <stdexcept>

namespace pchat::test {
namespace {

using cli::Args;
using cli::Command;
using cli::Context;
using cli::Run;
using cli::ValueKind;

Run seen_by(SampleSeen& seen) {
    return [&seen](Context& ctx) -> Result<void> {
        seen.global = ctx.global;
        seen.ran = true;
        return {};
    };
}

Run bind_create(Args& args, SampleSeen& seen) {
    args.positional("name", seen.name, "room name").required = true;
    args.option("topic", seen.topic, "TEXT", "topic shown in the header");
    args.option_list("member", seen.members, "WHO", "a member").letter = 'm';
    args.number("size", seen.size, "COUNT", "most members");
    args.boolean("active", seen.active, "whether people may post");
    args.choice("privacy", seen.privacy, {"open", "closed", "secret"}, "who sees the room");
    args.flag("strict", seen.strict, "refuse what looks odd");
    std::string& file = seen.topic;
    cli::Arg& rooms = args.option("file", file, "FILE", "rooms to make");
    rooms.letter = 'f';
    rooms.kind = ValueKind::file;
    cli::Arg& pool = args.option("pool", file, "POOL", "where to make it");
    pool.kind = ValueKind::name;
    pool.refers = "pool";
    return seen_by(seen);
}

Run bind_fail(Args& args, SampleSeen& seen) {
    args.positional("how", seen.name, "which failure");
    return [&seen](Context&) -> Result<void> {
        if (seen.name == "throw")
            throw std::runtime_error("the inner reason");
        if (seen.name == "silent")
            return fail_silently(Errc::bad_file);
        if (seen.name == "pending")
            return fail_silently(Errc::pending);
        return pass(
            Error{
                Errc::conflict,
                "room 'lobby' exists already",
                "pchatctl room get lobby",
                {},
                false},
            "insert room"
        );
    };
}

Run bind_list(Args& args, SampleSeen& seen) {
    args.positional_list("name", seen.members, "rooms to show");
    return [&seen](Context& ctx) -> Result<void> {
        nlohmann::ordered_json items = nlohmann::ordered_json::array();
        for (const std::string& name : seen.members)
            items.push_back({{"name", name}});
        print_list(ctx, "room", items, {{"NAME", "name", false}});
        return {};
    };
}

Command row(std::string path, std::string summary, std::function<Run(Args&)> bind) {
    Command command;
    command.path = std::move(path);
    command.summary = std::move(summary);
    command.bind = std::move(bind);
    return command;
}

}  // namespace

cli::CommandTable sample_table(SampleSeen& seen) {
    const auto plain = [&seen](Args&) { return seen_by(seen); };
    Command create = row("room create", "Create a room", [&seen](Args& args) {
        return bind_create(args, seen);
    });
    create.changes = true;
    create.formats = {"table", "json", "name"};
    Command list =
        row("room list", "List rooms", [&seen](Args& args) { return bind_list(args, seen); });
    list.formats = {"table", "json", "yaml", "name"};
    Command fails = row("room fail", "Fail", [&seen](Args& args) { return bind_fail(args, seen); });
    fails.formats = {"table", "json"};
    Command hidden = row("__inner dump", "Dump", plain);
    hidden.hidden = true;
    return {
        {{"room", "Make and change rooms"}},
        {create,
         list,
         fails,
         row("room add pool", "Add a pool", plain),
         row("room add member", "Add a member", plain),
         row("version", "Show the version", plain),
         hidden},
    };
}

}  // namespace pchat::test
