// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/field_values.h"

#include "base/secret.h"
#include "cli/local_server/secret_file.h"
#include "cli/resource/list_items.h"

#include <fmt/format.h>

#include <istream>
#include <utility>

namespace pchat::cli {

using Json = nlohmann::ordered_json;

Result<Secret> read_password(Context& ctx, const std::string& file) {
    if (file == "-") {
        std::string line;
        std::getline(ctx.in, line);
        return Secret{std::move(line)};
    }
    Result<std::optional<Secret>> text = read_secret_file(file);
    if (!text)
        return pass(std::move(text).error());
    if (!*text)
        return fail(
            Errc::bad_file,
            fmt::format("there is no password file {}", file),
            "it holds the password on one line, mode 0600"
        );
    return std::move(**text);
}

namespace {

/// A list in the names of flags: "members", "allow".
std::string whole(const ResourceField& field) {
    return field.whole.empty() ? field.flag + "s" : field.whole;
}

}  // namespace

void FieldValues::declare_list(Args& args, const ResourceField& field, Slot& slot) const {
    if (purpose_ == For::create) {
        args.option_list(field.flag, slot.all, field.value_name, field.help);
        return;
    }
    args.option_list(
        "add-" + field.flag, slot.add, field.value_name, fmt::format("add: {}", field.help)
    );
    args.option_list(
        "remove-" + field.flag,
        slot.remove,
        field.value_name,
        fmt::format("take away: {}", field.help)
    );
    args.option_list(
        "set-" + whole(field),
        slot.all,
        field.value_name,
        fmt::format("these and nobody else: {}", field.help)
    );
    args.flag("clear-" + whole(field), slot.clear, fmt::format("nobody: {}", field.help));
}

void FieldValues::declare(Args& args) {
    for (const ResourceField& field : resource_.fields) {
        Slot& slot = slots_.emplace_back();
        if (purpose_ == For::create ? !field.create : !field.set)
            continue;
        switch (field.kind) {
        case FieldKind::text:
            args.option(field.flag, slot.given, field.value_name, field.help);
            break;
        case FieldKind::number:
            args.number(field.flag, slot.number, field.value_name, field.help);
            break;
        case FieldKind::password:
            args.option(field.flag, slot.given, field.value_name, field.help).kind =
                ValueKind::file;
            break;
        case FieldKind::choice:
            args.choice(field.flag, slot.text, field.choices, field.help);
            break;
        case FieldKind::boolean:
            args.boolean(field.flag, slot.boolean, field.help);
            break;
        case FieldKind::list:
            declare_list(args, field, slot);
            break;
        }
    }
}

Result<void> FieldValues::put_list(
    Context& ctx, Json& out, const ResourceField& field, const Slot& slot
) const {
    const bool edits = !slot.add.empty() || !slot.remove.empty();
    const int ways = (edits ? 1 : 0) + (slot.all.empty() ? 0 : 1) + (slot.clear ? 1 : 0);
    if (ways > 1)
        return fail(
            Errc::usage,
            fmt::format(
                "--set-{1}, --clear-{1} and --add-{0} exclude each other", field.flag, whole(field)
            ),
            fmt::format("--set-{} alone says what the list shall be", whole(field))
        );
    const auto put = [&](const std::string& key, const std::vector<std::string>& given) {
        Result<std::vector<std::string>> items = list_items(ctx, given);
        if (!items)
            return Result<void>{pass(std::move(items).error())};
        out[key] = std::move(*items);
        return Result<void>{};
    };
    if (!slot.all.empty() || slot.clear)
        return put(field.key, slot.all);
    if (!slot.add.empty())
        if (Result<void> done = put("add_" + field.key, slot.add); !done)
            return done;
    if (!slot.remove.empty())
        return put("remove_" + field.key, slot.remove);
    return {};
}

Result<Json> FieldValues::body(Context& ctx) const {
    Json out = Json::object();
    for (std::size_t i = 0; i < slots_.size(); ++i) {
        const ResourceField& field = resource_.fields[i];
        const Slot& slot = slots_[i];
        if (slot.given && field.kind == FieldKind::password) {
            const Result<Secret> password = read_password(ctx, *slot.given);
            if (!password)
                return pass(password.error());
            out[field.key] = password->reveal();
        } else if (slot.given) {
            out[field.key] = *slot.given;
        } else if (!slot.text.empty()) {
            out[field.key] = slot.text;
        } else if (slot.number) {
            out[field.key] = *slot.number;
        } else if (slot.boolean && field.choices.size() == 2) {
            out[field.key] = field.choices[*slot.boolean ? 0 : 1];
        } else if (slot.boolean) {
            out[field.key] = *slot.boolean;
        } else if (field.kind == FieldKind::list) {
            if (Result<void> put = put_list(ctx, out, field, slot); !put)
                return pass(std::move(put).error());
        }
    }
    return out;
}

}  // namespace pchat::cli
