// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/next_steps.h"

#include "cli/client/contexts.h"
#include "cli/client/server_choice.h"
#include "cli/deploy/pool_context.h"

#include <fmt/format.h>

#include <utility>

namespace pchat::cli {
namespace {

constexpr std::chrono::seconds patience{5};  // the work is done already

}  // namespace

Result<void> keep_and_tell(Context& ctx, const ChosenPool& chosen, const PoolSecrets& secrets) {
    const Result<bool> kept = keep_pool_context(ctx, *chosen.pool, secrets);
    if (!kept)
        return pass(kept.error(), "the pool is deployed; its context was not written");
    const Result<PoolSeen> seen = look_at_pool(ctx, *chosen.pool, *kept);
    if (!seen)
        return pass(seen.error(), "the pool is deployed; its context cannot be used");
    for (const std::string& line : next_steps(*seen, chosen))
        ctx.note(line);
    return {};
}

// Neither flags nor $PCHATCTL_SERVER: those may be about another pool.
Result<PoolSeen> look_at_pool(Context& ctx, const topology::Pool& pool, bool new_context) {
    PoolSeen out;
    out.new_context = new_context;
    const Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(contexts.error());
    const SavedServer* saved = contexts->find(*pool.fqdn);
    out.signed_in = saved != nullptr && !saved->token->empty();
    if (!out.signed_in)
        return out;
    Result<Url> url = parse_url(*saved->server);
    if (!url)
        return pass(std::move(url).error());
    Endpoint endpoint;
    endpoint.url = std::move(*url);
    endpoint.ca_file = *saved->ca;
    endpoint.timeout = patience;
    ApiClient client{make_transport(ctx, endpoint), Secret{*saved->token}};
    out.published = published_topology(client);
    return out;
}

std::vector<std::string> next_steps(const PoolSeen& seen, const ChosenPool& chosen) {
    const std::string& pool = *chosen.pool->fqdn;
    const std::string sign_in =
        fmt::format("pchatctl login --context {} --user sip:user@domain", pool);
    const std::string publish =
        fmt::format("pchatctl topology publish {} --context {}", chosen.path, pool);
    if (!seen.signed_in && seen.new_context)
        return {"next: " + sign_in, "then: " + publish};
    if (!seen.signed_in)
        return {fmt::format(
            "whether {} goes by {} is not known, since nobody is signed in: {}",
            pool,
            chosen.path,
            sign_in
        )};
    if (!seen.published)
        return {fmt::format(
            "whether {} goes by {} is not known: {}",
            pool,
            chosen.path,
            seen.published.error().message
        )};
    if (seen.published->version == 0)
        return {fmt::format("{} goes by no topology yet", pool), "next: " + publish};
    if (seen.published->document != chosen.parsed.document.source->text())
        return {
            fmt::format("{} goes by another topology, version {}", pool, seen.published->version),
            "next: " + publish};
    return {};
}

}  // namespace pchat::cli
