// SPDX-License-Identifier: Apache-2.0
#include "cli/resource/field_values.h"

#include "base/secret.h"
#include "cli/local_server/secret_file.h"

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

void FieldValues::declare_list(Args& args, const ResourceField& field, Slot& slot) const {
    if (purpose_ == For::create) {
        args.option_list(field.flag, slot.all, field.placeholder, field.help);
        return;
    }
    args.option_list(
        "add-" + field.flag, slot.add, field.placeholder, fmt::format("add: {}", field.help)
    );
    args.option_list(
        "remove-" + field.flag,
        slot.remove,
        field.placeholder,
        fmt::format("take away: {}", field.help)
    );
    args.option_list(
        fmt::format("set-{}s", field.flag),
        slot.all,
        field.placeholder,
        fmt::format("these and nobody else: {}", field.help)
    );
    args.flag(
        fmt::format("clear-{}s", field.flag), slot.clear, fmt::format("nobody: {}", field.help)
    );
}

void FieldValues::declare(Args& args) {
    for (const ResourceField& field : resource_.fields) {
        Slot& slot = slots_.emplace_back();
        if (purpose_ == For::create ? !field.create : !field.set)
            continue;
        switch (field.kind) {
        case FieldKind::text:
            args.option(field.flag, slot.given, field.placeholder, field.help);
            break;
        case FieldKind::password:
            args.option(field.flag, slot.given, field.placeholder, field.help).kind =
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

Result<void> FieldValues::put_list(Json& out, const ResourceField& field, const Slot& slot) const {
    const bool edits = !slot.add.empty() || !slot.remove.empty();
    const int ways = (edits ? 1 : 0) + (slot.all.empty() ? 0 : 1) + (slot.clear ? 1 : 0);
    if (ways > 1)
        return fail(
            Errc::usage,
            fmt::format("--set-{0}s, --clear-{0}s and --add-{0} exclude each other", field.flag),
            fmt::format("--set-{}s alone says what the list shall be", field.flag)
        );
    if (!slot.all.empty() || slot.clear)
        out[field.key] = slot.all;
    if (!slot.add.empty())
        out["add_" + field.key] = slot.add;
    if (!slot.remove.empty())
        out["remove_" + field.key] = slot.remove;
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
        } else if (slot.boolean && field.choices.size() == 2) {
            out[field.key] = field.choices[*slot.boolean ? 0 : 1];
        } else if (slot.boolean) {
            out[field.key] = *slot.boolean;
        } else if (field.kind == FieldKind::list) {
            if (Result<void> put = put_list(out, field, slot); !put)
                return pass(std::move(put).error());
        }
    }
    return out;
}

}  // namespace pchat::cli
