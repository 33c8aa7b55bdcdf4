// SPDX-License-Identifier: Apache-2.0
// `topology add|set|remove KIND`: the flags come from the field table of the document.
#include "cli/commands/topology_edit.h"

#include "cli/commands/rows.h"
#include "cli/edited_topology.h"
#include "topology/edit.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace pchat::cli {
namespace {

using config::FieldKind;
using topology::EditField;
using topology::EditKind;

enum class Verb : std::uint8_t { add, set, remove };

struct Edit {
    topology::Target target;
    std::vector<topology::Assignment> values;
    std::vector<std::string> unset;
    std::string file;
    std::string pool;
    std::string front_end;
    bool force = false;
    bool if_not_exists = false;

    std::vector<std::string>& values_of(const std::string& path) {
        const auto known =
            std::find_if(values.begin(), values.end(), [&](const topology::Assignment& one) {
                return one.path == path;
            });
        return known != values.end() ? known->values
                                     : values.emplace_back(topology::Assignment{path, {}}).values;
    }
};

std::string_view word_of(Verb verb) {
    switch (verb) {
    case Verb::add:
        return "add";
    case Verb::set:
        return "set";
    case Verb::remove:
        return "remove";
    }
    return {};
}

std::string thing_of(const topology::Target& target) {
    return target.name.empty() ? target.kind : target.kind + "/" + target.name;
}

std::string what_is_true(Verb verb, const topology::Target& target, const std::string& file) {
    switch (verb) {
    case Verb::add:
        return fmt::format("{} added to {}", thing_of(target), file);
    case Verb::set:
        return fmt::format("{} changed in {}", thing_of(target), file);
    case Verb::remove:
        return fmt::format("{} removed from {}", thing_of(target), file);
    }
    return {};
}

Result<std::string> apply(
    Verb verb, const Edit& opt, const topology::Target& target, const config::Document& document
) {
    switch (verb) {
    case Verb::add:
        return topology::add_thing(document, target, opt.values);
    case Verb::set:
        return topology::set_thing(document, target, opt.values, opt.unset);
    case Verb::remove:
        return topology::remove_thing(document, target);
    }
    return std::string{};
}

Result<topology::Target> complete(const Edit& opt, Verb verb) {
    topology::Target target = opt.target;
    if (!opt.pool.empty() && !opt.front_end.empty())
        return fail(
            Errc::usage,
            "--pool and --front-end exclude each other",
            "a machine belongs to one of them"
        );
    if (!opt.pool.empty())
        target.parent_kind = "pool", target.parent = opt.pool;
    else if (!opt.front_end.empty())
        target.parent_kind = "front-end", target.parent = opt.front_end;
    if (verb == Verb::set && opt.values.empty() && opt.unset.empty())
        return fail(
            Errc::usage,
            "nothing is given to set",
            fmt::format("pchatctl topology set {} --help", target.kind)
        );
    return target;
}

Result<void> run(Context& ctx, const Edit& opt, Verb verb) {
    const auto target = complete(opt, verb);
    if (!target)
        return pass(target.error());
    const Result<std::string> path = topology_path(ctx, opt.file);
    if (!path)
        return pass(path.error());
    Result<InputText> input = read_input(ctx, *path);
    if (!input)
        return pass(std::move(input).error());
    Result<std::string> after =
        apply(verb, opt, *target, config::read_document(input->name, input->text));
    if (!after && after.error().code == Errc::conflict && opt.if_not_exists)
        after = input->text;
    if (!after)
        return pass(after.error());
    const std::string done = what_is_true(verb, *target, *path);
    return keep_edit(
        ctx, {*path, std::move(*input), std::move(*after), done}, opt.force ? Force::yes : Force::no
    );
}

void describe_value(Arg& arg, const EditField& field) {
    const config::Field& row = *field.field;
    arg.choices.assign(row.choices.begin(), row.choices.end());
    arg.repeatable = row.kind == FieldKind::text_list || row.kind == FieldKind::object_list;
    arg.value_name = "TEXT";
    if (!row.choices.empty()) {
        arg.kind = ValueKind::choice;
    } else if (row.kind == FieldKind::boolean) {
        arg.kind = ValueKind::flag;
        arg.optional_value = true;
        arg.choices = {"true", "false"};
        arg.value_name.clear();
    } else if (row.kind == FieldKind::integer) {
        arg.kind = ValueKind::number;
        arg.value_name = "NUMBER";
    } else if (!row.refers.empty()) {
        arg.kind = ValueKind::name;
        arg.refers = row.refers;
        arg.value_name = "NAME";
    } else if (row.kind == FieldKind::object_list) {
        arg.value_name = "FQDN";
    }
}

void declare_field(
    Args& args, const std::shared_ptr<Edit>& opt, const EditField& field, Verb verb
) {
    Arg arg;
    const bool machines = field.field->kind == FieldKind::object_list;
    arg.name = machines ? "machine" : topology::flag_name(field.path);
    arg.help = machines ? "host name of a machine of it" : std::string{field.field->doc};
    describe_value(arg, field);
    if (verb == Verb::add) {
        arg.default_text = field.field->default_text;
        if (field.field->required)
            arg.help += "; needed";
    }
    arg.accept = [opt, field](const std::string& text) {
        std::string wrong = topology::refusal(field, text);
        if (wrong.empty())
            opt->values_of(field.path).push_back(text);
        return wrong;
    };
    args.add(std::move(arg));
}

void declare_fields(Args& args, const std::shared_ptr<Edit>& opt, Verb verb) {
    for (const EditField& field : topology::edit_fields(opt->target.kind))
        if (verb == Verb::add || field.field->kind != FieldKind::object_list)
            declare_field(args, opt, field, verb);
    if (verb == Verb::set)
        args.option_list(
            "unset",
            opt->unset,
            "FIELD",
            "take the field out, by its flag's name or its path; the default holds then"
        );
}

void declare_name(Args& args, Edit& opt, const EditKind& kind, Verb verb) {
    const std::string help = kind.form.empty()
                                 ? fmt::format("name of {}", kind.summary)
                                 : fmt::format("name of {}, {}", kind.summary, kind.form);
    Arg& name = args.positional(std::string{kind.value_name}, opt.target.name, help);
    name.required = true;
    if (verb != Verb::add) {
        name.kind = ValueKind::name;
        name.refers = kind.word;
    }
}

void declare_parent(Args& args, Edit& opt) {
    Arg& pool = args.option("pool", opt.pool, "FQDN", "pool that the machine belongs to");
    pool.kind = ValueKind::name;
    pool.refers = "pool";
    Arg& front_end =
        args.option("front-end", opt.front_end, "FQDN", "front end that the machine belongs to");
    front_end.kind = ValueKind::name;
    front_end.refers = "front-end";
}

Run bind(Args& args, std::string_view word, Verb verb) {
    auto opt = std::make_shared<Edit>();
    opt->target.kind = word;
    if (const EditKind* kind = topology::find_edit_kind(word))
        declare_name(args, *opt, *kind, verb);
    if (word == "machine")
        declare_parent(args, *opt);
    if (verb != Verb::remove)
        declare_fields(args, opt, verb);
    file_option(args, opt->file);
    args.flag("force", opt->force, "write the result although it is not valid");
    if (verb == Verb::add)
        args.flag(
            "if-not-exists", opt->if_not_exists, "succeed without a change when it is there already"
        );
    return [opt, verb](Context& ctx) { return run(ctx, *opt, verb); };
}

Command row(Verb verb, std::string_view word, std::string summary) {
    return {
        .path = fmt::format("topology {} {}", word_of(verb), word),
        .summary = std::move(summary),
        .help = {},
        .bind = [word, verb](Args& args) { return bind(args, word, verb); },
        .formats = {},
        .changes = true,
    };
}

}  // namespace

std::vector<Command> topology_edit_commands() {
    std::vector<Command> rows{topology_init_command()};
    for (const EditKind& kind : topology::edit_kinds())
        rows.push_back(row(Verb::add, kind.word, fmt::format("Add {}", kind.summary)));
    rows.push_back(
        row(Verb::set,
            topology::deployment_kind,
            "Change the name, domains, planned load and rules of the deployment")
    );
    for (const EditKind& kind : topology::edit_kinds())
        if (!topology::edit_fields(kind.word).empty())  // a data center has its name only
            rows.push_back(row(Verb::set, kind.word, fmt::format("Change {}", kind.summary)));
    for (const EditKind& kind : topology::edit_kinds())
        rows.push_back(row(Verb::remove, kind.word, fmt::format("Remove {}", kind.summary)));
    return rows;
}

}  // namespace pchat::cli
