// SPDX-License-Identifier: Apache-2.0
// `policy set`, `get`, `list`, `remove`; `grant`, `revoke`, `effective`, `who`.
#include "cli/client/server_choice.h"
#include "cli/commands/rows.h"
#include "cli/resource/resource.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;

const Resource& policies() {
    static const Resource resource{
        .noun = "policy",
        .plural = "policies",
        .name_key = "identity",
        .name_help = "global, site:NAME or tag:NAME; a bare name is a tag's",
        .fields =
            {{.flag = "enable-persistent-chat",
              .key = "enable_persistent_chat",
              .kind = FieldKind::boolean,
              .help = "whom it covers may chat; of a new policy: no"},
             {.flag = "description",
              .key = "description",
              .value_name = "TEXT",
              .help = "what administrators read about it"}},
        .filters = {},
        .columns =
            {{"IDENTITY", "identity"},
             {"CHAT", "enable_persistent_chat"},
             {"GRANTED", "granted", true},
             {"DESCRIPTION", "description"}},
        .removal = "for all whom it covers; the global one is reset, which is off",
        .upsert = true};
    return resource;
}

struct Grant {
    ServerFlags server;
    std::vector<std::string> users;
    std::string policy;
};

std::string policy_path(const std::string& user) {
    return api_path("users", {user}) + "/policy";
}

/// One request for each user: who was done stays done, and a second run changes nothing.
Result<void> each_user(Context& ctx, const Grant& opt, const ApiCall& pattern) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    Json all = Json::array();
    for (const std::string& user : opt.users) {
        const Result<Json> before = (*client)->call({.path = policy_path(user)});
        if (!before)
            return pass(before.error());
        ApiCall call = pattern;
        call.path = policy_path(user);
        if (ctx.global.dry_run)
            call.query.emplace_back("dry_run", "true");
        const Result<Json> after = (*client)->call(call);
        if (!after)
            return pass(after.error());
        all.push_back(*after);
        const std::string name = after->value("user", user);
        if (*before == *after)
            ctx.note(fmt::format("user/{}: no changes", name));
        else if (ctx.global.output == "table")
            ctx.out << fmt::format(
                "user/{} {} policy {}, chat {}\n",
                name,
                ctx.global.dry_run ? "would have" : "has",
                after->value("policy", ""),
                after->value("enable_persistent_chat", false) ? "on" : "off"
            );
    }
    if (ctx.global.output != "table")
        print_document(ctx, opt.users.size() == 1 ? all.front() : all, "");
    return {};
}

Result<void> run_grant(Context& ctx, const Grant& opt) {
    return each_user(
        ctx,
        opt,
        {.method = "PUT", .path = {}, .body = {{"policy", opt.policy}}, .repeatable = true}
    );
}

Result<void> run_revoke(Context& ctx, const Grant& opt) {
    return each_user(ctx, opt, {.method = "DELETE", .path = {}, .repeatable = true});
}

struct Effective {
    ServerFlags server;
    std::string user;
};

Result<void> run_effective(Context& ctx, const Effective& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    const Result<Json> found = (*client)->call({.path = policy_path(opt.user)});
    if (!found)
        return pass(found.error());
    const std::string site = found->value("site", "");
    print_document(
        ctx,
        *found,
        fmt::format(
            "{}: chat is {} by policy {}{}\n\n{}",
            found->value("user", opt.user),
            found->value("enable_persistent_chat", false) ? "on" : "off",
            found->value("policy", ""),
            site.empty() ? std::string{} : fmt::format(" (site {})", site),
            render_table(
                found->value("steps", Json::array()),
                {{"SCOPE", "scope"}, {"OUTCOME", "outcome"}, {"POLICY", "policy"}}
            )
        )
    );
    return {};
}

struct Who {
    ServerFlags server;
    std::string filter;
    std::string policy;
    std::optional<bool> enabled;
    std::optional<std::int64_t> limit;
};

Result<void> run_who(Context& ctx, const Who& opt) {
    const auto client = connect(ctx, opt.server);
    if (!client)
        return pass(client.error());
    ApiCall call{.path = api_path("users") + "/policies"};
    if (!opt.filter.empty())
        call.query.emplace_back("filter", opt.filter);
    if (!opt.policy.empty())
        call.query.emplace_back("policy", opt.policy);
    if (opt.enabled)
        call.query.emplace_back("enabled", *opt.enabled ? "true" : "false");
    const Result<Json> users = (*client)->list(call, "users", opt.limit);
    if (!users)
        return pass(users.error());
    print_list(
        ctx,
        "user",
        *users,
        {{"USER", "user"},
         {"CHAT", "enable_persistent_chat"},
         {"POLICY", "policy"},
         {"SITE", "site"}}
    );
    return {};
}

Run bind_grant(Args& args) {
    auto opt = std::make_shared<Grant>();
    args.positional_list("user", opt->users, "the users as sip:user@domain").required = true;
    args.option("policy", opt->policy, "TAG", "the policy that they are to have").required = true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_grant(ctx, *opt); };
}

Run bind_revoke(Args& args) {
    auto opt = std::make_shared<Grant>();
    args.positional_list("user", opt->users, "the users as sip:user@domain").required = true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_revoke(ctx, *opt); };
}

Run bind_effective(Args& args) {
    auto opt = std::make_shared<Effective>();
    args.positional("user", opt->user, "the user as sip:user@domain, or the id").required = true;
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_effective(ctx, *opt); };
}

Run bind_who(Args& args) {
    auto opt = std::make_shared<Who>();
    args.option("filter", opt->filter, "TEXT", "only users whose name holds this");
    args.option("policy", opt->policy, "IDENTITY", "only those for whom this one counts");
    args.boolean("enabled", opt->enabled, "only those who may chat, or may not");
    args.count("limit", opt->limit, "show so many at most");
    opt->server.declare(args);
    return [opt](Context& ctx) { return run_who(ctx, *opt); };
}

}  // namespace

std::vector<Command> policy_commands() {
    std::vector<Command> rows = resource_commands(policies());
    const std::vector<std::string> formats{"table", "json", "yaml"};
    rows.push_back(
        {.path = "policy grant",
         .summary = "Give users a policy of their own",
         .help = {},
         .bind = bind_grant,
         .formats = formats,
         .changes = true}
    );
    rows.push_back(
        {.path = "policy revoke",
         .summary = "Take the own policy of users away: site or global decide again",
         .help = {},
         .bind = bind_revoke,
         .formats = formats,
         .changes = true}
    );
    rows.push_back(
        {.path = "policy effective",
         .summary = "Show which policy counts for a user, and why",
         .help = {},
         .bind = bind_effective,
         .formats = formats}
    );
    rows.push_back(
        {.path = "policy who",
         .summary = "List users with the policy that counts for them",
         .help = {},
         .bind = bind_who,
         .formats = {"table", "json", "yaml", "name"}}
    );
    return rows;
}

}  // namespace pchat::cli
