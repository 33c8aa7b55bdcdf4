// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/pool_context.h"

#include "cli/client/contexts.h"
#include "cli/deploy/authority.h"
#include "cli/deploy/pool_secrets.h"

#include <fmt/format.h>

namespace pchat::cli {
namespace {

/// Of the first active machine: it has the pool's other servers in every answer.
std::string url_of(const topology::Pool& pool) {
    const topology::Machine* chosen = nullptr;
    for (const topology::Machine& machine : pool.machines)
        if (chosen == nullptr || (*machine.active && !*chosen->active))
            chosen = &machine;
    const std::string host = chosen == nullptr ? *pool.fqdn : *chosen->fqdn;
    constexpr std::int64_t usual_port = 443;
    return *pool.ports.https == usual_port ? fmt::format("https://{}", host)
                                           : fmt::format("https://{}:{}", host, *pool.ports.https);
}

}  // namespace

Result<bool> keep_pool_context(Context& ctx, const topology::Pool& pool) {
    std::string authority;
    if (!topology::stated(pool.tls.certificate)) {
        const Result<std::string> folder = authority_folder(ctx, *pool.fqdn);
        if (!folder)
            return pass(folder.error());
        authority = *folder + "/ca.pem";
    }
    Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(std::move(contexts).error());
    const SavedServer* there = contexts->find(*pool.fqdn);
    SavedServer server = there == nullptr ? SavedServer{} : *there;
    const std::string url = url_of(pool);
    if (there != nullptr && *there->server == url && *there->ca == authority)
        return false;
    server.name.value = *pool.fqdn;
    server.server.value = url;
    server.ca.value = authority;
    const bool first = contexts->current->empty();
    contexts->put(server);
    if (first)
        contexts->current.value = *pool.fqdn;
    if (Result<void> written = write_contexts(ctx, *contexts); !written)
        return pass(std::move(written).error());
    return true;
}

}  // namespace pchat::cli
