// SPDX-License-Identifier: Apache-2.0
// `access explain`, `access diff`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/resource/field_values.h"
#include "cli/resource/losses.h"
#include "cli/ui/output.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <set>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string joined(const Json& texts, std::string_view between) {
    std::string out;
    for (const Json& text : texts)
        out.append(out.empty() ? "" : between)
            .append(text.is_string() ? text.get<std::string>() : "");
    return out;
}

// ---- explain

struct Explain {
    ServerFlags server;
    std::string user;
    std::string room;
};

std::string explanation_text(const Json& found) {
    Json steps = Json::array();
    for (Json step : found.value("steps", Json::array())) {
        Json ways = Json::array();
        for (const Json& path : step.value("paths", Json::array()))
            ways.push_back(joined(path, " > "));
        step["by"] = std::move(ways);
        steps.push_back(std::move(step));
    }
    const std::string may = joined(found.value("may", Json::array()), ", ");
    return fmt::format(
        "{} in room '{}' of category '{}': {}\n\n{}\n{}",
        found.value("user", ""),
        found.value("room", ""),
        found.value("category", ""),
        may.empty() ? "nothing" : may,
        render_table(
            found.value("rights", Json::array()),
            {{"RIGHT", "right"}, {"GRANTED", "granted"}, {"BECAUSE", "because"}}
        ),
        render_table(
            steps, {{"RULE", "rule"}, {"HOLDS", "holds"}, {"GIVES", "gives"}, {"BY", "by"}}
        )
    );
}

Result<void> run_explain(Context& ctx, const Explain& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> found = (*client)->call(
        {.path = api_path("access") + "/explain", .query = {{"user", opt.user}, {"room", opt.room}}}
    );
    if (!found)
        return pass(found.error());
    print_document(ctx, *found, explanation_text(*found));
    return {};
}

// ---- diff

/// The flags of `category set` and `room set` that decide who may do what.
const Resource& changed_things() {
    const auto people = [](const char* flag, const char* key, const char* help) {
        return ResourceField{
            .flag = flag,
            .key = key,
            .kind = FieldKind::list,
            .value_name = "PRINCIPAL",
            .help = help};
    };
    static const Resource resource = [&] {
        Resource out;
        out.fields = {
            people("allow", "allow", "who may be in rooms of the category"),
            people("deny", "deny", "who may not, although allowed"),
            people("member", "members", "who belongs to the room"),
            people("manager", "managers", "who may change the room"),
            people("presenter", "presenters", "who may post in an auditorium"),
            {.flag = "move-to",
             .key = "category",
             .value_name = "NAME",
             .help = "the category that the room would be in"},
            {.flag = "privacy",
             .key = "privacy",
             .kind = FieldKind::choice,
             .help = "what the room would be",
             .choices = {"open", "closed", "secret"}},
            {.flag = "type",
             .key = "type",
             .kind = FieldKind::choice,
             .help = "what the room would be",
             .choices = {"normal", "auditorium"}},
            {.flag = "disabled",
             .key = "disabled",
             .kind = FieldKind::boolean,
             .help = "the room would be, or not"}};
        out.fields[0].whole = "allow";
        out.fields[1].whole = "deny";
        return out;
    }();
    return resource;
}

struct Diff {
    Diff() : fields(changed_things(), FieldValues::For::set) {}

    ServerFlags server;
    std::vector<std::string> sides;
    std::string category;
    std::string room;
    std::optional<std::int64_t> limit;
    FieldValues fields;
};

Result<void> check_flags(const Diff& opt, const Json& changes) {
    const bool what_if = !opt.category.empty() || !opt.room.empty();
    if (!opt.category.empty() && !opt.room.empty())
        return fail(Errc::usage, "--category and --room exclude each other");
    if (what_if != opt.sides.empty() || (!what_if && opt.sides.size() != 2))
        return fail(
            Errc::usage,
            "name two users, two rooms, or one thing with the change to foresee",
            "pchatctl access diff --category NAME --add-deny PRINCIPAL"
        );
    if (what_if == changes.empty())
        return fail(
            Errc::usage,
            what_if ? "no change is named" : "what exists is compared as it is",
            "the flags of the change go with --category or --room"
        );
    static const std::set<std::string> of_category{
        "allow", "add_allow", "remove_allow", "deny", "add_deny", "remove_deny"};
    for (const auto& [key, value] : changes.items())
        if ((of_category.count(key) != 0) != !opt.category.empty())
            return fail(
                Errc::usage,
                fmt::format(
                    "a {} has no such list or setting: {}",
                    opt.category.empty() ? "room" : "category",
                    key
                ),
                "allow and deny go with --category, everything else with --room"
            );
    return {};
}

bool is_user(const std::string& text) {
    return text.rfind("sip:", 0) == 0 || text.rfind("SIP:", 0) == 0;
}

ApiCall call_of(const Diff& opt, const Json& changes) {
    const std::string base = api_path("access") + "/diff";
    if (opt.sides.empty())
        return {
            .method = "POST",
            .path = opt.room.empty() ? api_path("access/diff/categories", {opt.category})
                                     : api_path("access/diff/rooms", {opt.room}),
            .query = {{"limit", std::to_string(opt.limit.value_or(1'000))}},
            .body = changes,
            .repeatable = true};
    const bool users = is_user(opt.sides[0]);
    ApiCall out{
        .path = base, .query = {{users ? "user" : "room", opt.sides[0]}, {"other", opt.sides[1]}}};
    if (!users)
        out.query.emplace_back("limit", std::to_string(opt.limit.value_or(1'000)));
    return out;
}

std::string tally(const Json& found) {
    const auto count = found.value("count", std::int64_t{0});
    std::string out = fmt::format(
        "{} user{} affected, {} difference{}\n",
        found.value("users", std::int64_t{0}),
        found.value("users", std::int64_t{0}) == 1 ? "" : "s",
        count,
        count == 1 ? "" : "s"
    );
    const std::size_t shown = found.value("changes", Json::array()).size();
    if (static_cast<std::int64_t>(shown) < count)
        out += fmt::format("only the first {} are shown: --limit takes up to 10000\n", shown);
    if (!found.value("complete", true))
        out += "the work was broken off: there may be more than were counted\n";
    return out;
}

std::vector<Column> columns_of(const Diff& opt) {
    if (opt.sides.empty())
        return {{"USER", "user"}, {"ROOM", "room"}, {"LOSES", "lost"}, {"GAINS", "gained"}};
    const bool users = is_user(opt.sides[0]);
    return {
        {users ? "ROOM" : "USER", users ? "room" : "user"},
        {"ONLY_FIRST", "only_first"},
        {"ONLY_SECOND", "only_second"}};
}

Result<void> run_diff(Context& ctx, const Diff& opt) {
    const Result<Json> changes = opt.fields.body(ctx);
    if (!changes)
        return pass(changes.error());
    if (auto fits = check_flags(opt, *changes); !fits)
        return fits;
    if (opt.limit && (*opt.limit < 1 || *opt.limit > 10'000))
        return fail(Errc::usage, "--limit takes 1 to 10000");
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const ApiCall call = call_of(opt, *changes);
    Json found = Json::object();
    if (!opt.sides.empty() && is_user(opt.sides[0])) {
        Result<Json> rooms = (*client)->list(call, "changes", opt.limit);
        if (!rooms)
            return pass(std::move(rooms).error());
        found["changes"] = std::move(*rooms);
    } else {
        Result<Json> answer = (*client)->call(call);
        if (!answer)
            return pass(std::move(answer).error());
        found = std::move(*answer);
    }
    const Json rows = found.value("changes", Json::array());
    std::string text = rows.empty() ? "no differences\n" : render_table(rows, columns_of(opt));
    if (!rows.empty() && found.contains("count"))
        text += "\n" + tally(found);
    if (const std::string losses = losses_text(found); !losses.empty())
        text += "\nEntries that would go:\n" + losses;
    print_document(ctx, found, text);
    return {};
}

Run bind_explain(Args& args) {
    auto opt = std::make_shared<Explain>();
    args.positional("user", opt->user, "the user as sip:user@domain, or the id").required = true;
    args.positional("room", opt->room, "the room's name or id").required = true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_explain(ctx, *opt); };
}

Run bind_diff(Args& args) {
    auto opt = std::make_shared<Diff>();
    args.positional_list("side", opt->sides, "two users as sip:user@domain, or two rooms");
    args.option("category", opt->category, "NAME", "foresee a change of this category");
    args.option("room", opt->room, "NAME", "foresee a change of this room");
    opt->fields.declare(args);
    args.count("limit", opt->limit, "show so many at most; default: 1000");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_diff(ctx, *opt); };
}

}  // namespace

std::vector<Command> access_commands() {
    return {
        {.path = "access explain",
         .summary = "Show what a user may do in a room, and why",
         .help = {},
         .bind = bind_explain,
         .formats = {"table", "json", "yaml"}},
        {.path = "access diff",
         .summary = "Show whose access a change would touch, or where two differ",
         .help = {},
         .bind = bind_diff,
         .formats = {"table", "json", "yaml"}},
    };
}

}  // namespace pchat::cli
