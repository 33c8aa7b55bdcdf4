// SPDX-License-Identifier: Apache-2.0
// `deploy ca init`, `issue`, `renew`.
#include "base/time_text.h"
#include "cli/commands/rows.h"
#include "cli/deploy/authority.h"
#include "cli/deploy/chosen_pool.h"
#include "cli/deploy/pool_secrets.h"
#include "cli/ui/output.h"

#include <fmt/format.h>

#include <memory>
#include <ostream>
#include <utility>

namespace pchat::cli {
namespace {

using Json = nlohmann::ordered_json;
using std::chrono::hours;
using topology::Machine;
using topology::Pool;

constexpr std::int64_t authority_days = 3650;
constexpr std::int64_t machine_days = 397;  // what clients put up with at most
constexpr std::int64_t before_days = 30;
constexpr std::int64_t most_authority_days = 36'500;
constexpr std::int64_t most_machine_days = 1'825;  // well within the authority's own

struct Wish {
    std::string pool;
    std::string file;
    std::string machine;
    std::optional<std::int64_t> days;
    std::optional<std::int64_t> within;
    bool all = false;
};

struct Days {
    const char* flag;
    std::int64_t usual;
    std::int64_t most;
};
constexpr Days of_authority{"--days", authority_days, most_authority_days};
constexpr Days of_machine{"--days", machine_days, most_machine_days};
constexpr Days before_end{"--within", before_days, most_machine_days};

Result<hours> time_of(const std::optional<std::int64_t>& days, const Days& rule) {
    const std::int64_t wanted = days.value_or(rule.usual);
    if (wanted < 1 || wanted > rule.most)
        return fail(
            Errc::usage,
            fmt::format("{} takes days from 1 to {}, got {}", rule.flag, rule.most, wanted)
        );
    return hours{24 * wanted};
}

std::string end_text(const CertificateFacts& facts) {
    return time_text(Microseconds{facts.not_after * 1'000'000}).substr(0, 10);
}

/// A pool and where its authority is kept.
struct Chosen {
    std::unique_ptr<ChosenPool> from;
    std::string folder;

    [[nodiscard]] const Pool& pool() const { return *from->pool; }
};

Result<Chosen> choose(Context& ctx, const Wish& wish) {
    Result<std::unique_ptr<ChosenPool>> from = choose_pool(ctx, wish.file, wish.pool);
    if (!from)
        return pass(std::move(from).error());
    Result<std::string> folder = authority_folder(ctx, *(*from)->pool->fqdn);
    if (!folder)
        return pass(std::move(folder).error());
    return Chosen{std::move(*from), std::move(*folder)};
}

/// The same with its authority open.
Result<std::pair<Chosen, Authority>> choose_authority(Context& ctx, const Wish& wish) {
    Result<Chosen> chosen = choose(ctx, wish);
    if (!chosen)
        return pass(std::move(chosen).error());
    Result<Authority> authority = Authority::open(chosen->folder, *chosen->pool().fqdn);
    if (!authority)
        return pass(std::move(authority).error());
    return std::pair{std::move(*chosen), std::move(*authority)};
}

Json authority_json(const std::string& pool, const std::string& path, const std::string& end) {
    return {{"pool", pool}, {"certificate", path}, {"expires", end}};
}

Result<void> run_init(Context& ctx, const Wish& wish) {
    const Result<hours> lifetime = time_of(wish.days, of_authority);
    if (!lifetime)
        return pass(lifetime.error());
    const Result<Chosen> chosen = choose(ctx, wish);
    if (!chosen)
        return pass(chosen.error());
    const std::string& pool = *chosen->pool().fqdn;
    if (!needs_authority(chosen->pool()))
        return fail(
            Errc::conflict,
            fmt::format("pool {} is given its certificate, and one machine has no bus", pool),
            "to use an authority of its own take pools[].tls out of the topology"
        );
    const std::string& folder = chosen->folder;
    const Result<Authority> there = Authority::open(folder, pool);
    if (!there && there.error().code != Errc::not_found)
        return pass(there.error());
    const bool made = !there;
    std::string path = folder + "/ca.pem";
    std::string end;
    if (made && !ctx.global.dry_run) {
        const Result<Authority> created = Authority::create(folder, pool, *lifetime);
        if (!created)
            return pass(created.error());
        path = created->certificate_path();
        if (const auto facts = certificate_facts(created->certificate()))
            end = end_text(*facts);
    } else if (!made) {
        if (const auto facts = certificate_facts(there->certificate()))
            end = end_text(*facts);
    }
    Json document = authority_json(pool, path, end);
    document["created"] = made && !ctx.global.dry_run;
    std::string text;
    if (made && ctx.global.dry_run)
        text = fmt::format("authority/{} would be created in {}\n", pool, folder);
    else if (made)
        text = fmt::format("authority/{} created in {}, until {}\n", pool, folder, end);
    else
        text = fmt::format("authority/{}: no changes\n", pool);
    print_document(ctx, document, text);
    if (made && !ctx.global.dry_run) {
        ctx.note(fmt::format("keep a copy of {}: it cannot be made again", folder));
        ctx.note(fmt::format("next: pchatctl deploy ca issue {}", pool));
    }
    return {};
}

/// All machines of the pool, or the one that was named.
Result<std::vector<const Machine*>> machines_of(const Pool& pool, const std::string& wanted) {
    std::vector<const Machine*> out;
    if (wanted.empty()) {
        for (const Machine& machine : pool.machines)
            out.push_back(&machine);
        return out;
    }
    const Result<const Machine*> named = machine_named(pool, wanted);
    if (!named)
        return pass(named.error());
    out.push_back(*named);
    return out;
}

struct Issuing {
    hours lifetime{};
    hours before{};
    bool all = false;
};

Result<Json> issue_one(
    Context& ctx, const Authority& authority, const CertifiedMachine& machine, const Issuing& how
) {
    const Standing standing = authority.standing_of(machine, how.before);
    const bool wanted = how.all || standing != Standing::good;
    Json row{
        {"name", machine.fqdn},
        {"action", "kept"},
        {"reason", describe(standing)},
        {"names", machine.names}};
    if (wanted && ctx.global.dry_run)
        row["action"] = "would be issued";
    if (wanted && !ctx.global.dry_run) {
        const Result<CertificateFacts> issued = authority.issue(machine, how.lifetime);
        if (!issued)
            return pass(issued.error());
        row["action"] = "issued";
    }
    if (const Result<Issued> there = authority.issued_to(machine.fqdn))
        if (const auto facts = certificate_facts(there->pair.certificate)) {
            row["expires"] = end_text(*facts);
            row["serial"] = facts->serial;
        }
    return row;
}

Result<void> issue_all(
    Context& ctx,
    const Pool& pool,
    const std::string& machine_name,
    const Authority& authority,
    const Issuing& how
) {
    const auto machines = machines_of(pool, machine_name);
    if (!machines)
        return pass(machines.error());
    Json rows = Json::array();
    bool changed = false;
    for (const Machine* machine : *machines) {
        Result<Json> row = issue_one(ctx, authority, certified_machine(pool, *machine), how);
        if (!row)
            return pass(std::move(row).error());
        changed = changed || (*row)["action"] != "kept";
        rows.push_back(std::move(*row));
    }
    print_list(
        ctx,
        "machine",
        rows,
        {{"NAME", "name"},
         {"ACTION", "action"},
         {"REASON", "reason"},
         {"EXPIRES", "expires"},
         {"SERIAL", "serial"}}
    );
    if (!changed)
        ctx.note("no changes");
    else if (!ctx.global.dry_run)
        ctx.note(
            fmt::format("next: pchatctl deploy pool {} brings them to the machines", *pool.fqdn)
        );
    return {};
}

Result<void> run_issue(Context& ctx, const Wish& wish) {
    const Result<hours> lifetime = time_of(wish.days, of_machine);
    if (!lifetime)
        return pass(lifetime.error());
    Result<std::pair<Chosen, Authority>> opened = choose_authority(ctx, wish);
    if (!opened)
        return pass(std::move(opened).error());
    auto& [chosen, authority] = *opened;
    return issue_all(ctx, chosen.pool(), wish.machine, authority, {*lifetime, hours{0}, false});
}

Result<void> run_renew(Context& ctx, const Wish& wish) {
    const Result<hours> lifetime = time_of(wish.days, of_machine);
    if (!lifetime)
        return pass(lifetime.error());
    const Result<hours> before = time_of(wish.within, before_end);
    if (!before)
        return pass(before.error());
    Result<std::pair<Chosen, Authority>> opened = choose_authority(ctx, wish);
    if (!opened)
        return pass(std::move(opened).error());
    auto& [chosen, authority] = *opened;
    // Nothing that it gives out lasts longer than itself.
    if (authority.ends_within(*lifetime)) {
        if (!ctx.global.dry_run)
            if (auto extended = authority.extend(hours{24 * authority_days}); !extended)
                return extended;
        ctx.note(fmt::format(
            "the authority's own certificate {}: clients and nodes need {} again",
            ctx.global.dry_run ? "would be extended" : "is extended",
            authority.certificate_path()
        ));
    }
    return issue_all(ctx, chosen.pool(), wish.machine, authority, {*lifetime, *before, wish.all});
}

void declare_one(Args& args, Wish& wish) {
    Arg& machine = args.option("machine", wish.machine, "FQDN", "only for this machine");
    machine.kind = ValueKind::name;
    machine.refers = "machine";
}

Run bind_init(Args& args) {
    auto wish = std::make_shared<Wish>();
    declare_pool(args, wish->pool, wish->file);
    args.count("days", wish->days, "how long the authority's own certificate lasts; default: 3650");
    return [wish](Context& ctx) { return run_init(ctx, *wish); };
}

Run bind_issue(Args& args) {
    auto wish = std::make_shared<Wish>();
    declare_pool(args, wish->pool, wish->file);
    declare_one(args, *wish);
    args.count("days", wish->days, "how long a certificate lasts; default: 397");
    return [wish](Context& ctx) { return run_issue(ctx, *wish); };
}

Run bind_renew(Args& args) {
    auto wish = std::make_shared<Wish>();
    declare_pool(args, wish->pool, wish->file);
    declare_one(args, *wish);
    args.count("days", wish->days, "how long a certificate lasts; default: 397");
    args.count("within", wish->within, "renew what ends in so many days; default: 30");
    args.flag("all", wish->all, "renew what is good for longer, too");
    return [wish](Context& ctx) { return run_renew(ctx, *wish); };
}

}  // namespace

std::vector<Command> deploy_ca_commands() {
    return {
        {.path = "deploy ca init",
         .summary = "Make the certificate authority of a pool",
         .help = {},
         .bind = bind_init,
         .formats = {"table", "json", "yaml"},
         .changes = true},
        {.path = "deploy ca issue",
         .summary = "Give the machines of a pool certificates",
         .help = {},
         .bind = bind_issue,
         .formats = {"table", "json", "yaml", "name"},
         .changes = true},
        {.path = "deploy ca renew",
         .summary = "Replace certificates that end soon",
         .help = {},
         .bind = bind_renew,
         .formats = {"table", "json", "yaml", "name"},
         .changes = true},
    };
}

}  // namespace pchat::cli
