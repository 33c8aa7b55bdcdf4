// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/pool_context.h"

#include "base/file_write.h"
#include "base/unicode.h"
#include "cli/client/contexts.h"
#include "cli/deploy/authority.h"
#include "cli/write_file.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iterator>

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

/// Puts a given authority where contexts find it, whatever becomes of the file that it came from.
Result<std::string> keep_given(
    const Context& ctx, const std::string& pool, const std::string& text
) {
    const std::string folder = directory_of(contexts_path(ctx)) + "/trusted";
    std::string path = fmt::format("{}/{}.pem", folder, lower_ascii(pool));
    std::ifstream in{path};
    const bool is_there = in.is_open();
    const std::string there{std::istreambuf_iterator<char>{in}, {}};
    if (is_there && there == text)
        return path;
    std::error_code problem;
    std::filesystem::create_directories(folder, problem);
    const Result<void> written =
        is_there ? replace_file(path, there, text) : create_file(path, text);
    if (!written)
        return pass(written.error());
    return path;
}

/// The file with whom the pool's certificate is vouched for by; empty: nobody is named.
Result<std::string> authority_of(
    const Context& ctx, const topology::Pool& pool, const PoolSecrets& secrets
) {
    if (secrets.tls)
        return secrets.tls->authority.empty() ? std::string{}
                                              : keep_given(ctx, *pool.fqdn, secrets.tls->authority);
    const Result<std::string> folder = authority_folder(ctx, *pool.fqdn);
    if (!folder)
        return pass(folder.error());
    return *folder + "/ca.pem";
}

}  // namespace

Result<bool> keep_pool_context(
    Context& ctx, const topology::Pool& pool, const PoolSecrets& secrets
) {
    Result<std::string> authority = authority_of(ctx, pool, secrets);
    if (!authority)
        return pass(std::move(authority).error());
    Result<Contexts> contexts = read_contexts(ctx);
    if (!contexts)
        return pass(std::move(contexts).error());
    const SavedServer* there = contexts->find(*pool.fqdn);
    SavedServer server = there == nullptr ? SavedServer{} : *there;
    const std::string url = url_of(pool);
    if (authority->empty())
        *authority = *server.ca;
    if (there != nullptr && *there->server == url && *there->ca == *authority)
        return false;
    server.name.value = *pool.fqdn;
    server.server.value = url;
    server.ca.value = *authority;
    const bool first = contexts->current->empty();
    contexts->put(server);
    if (first)
        contexts->current.value = *pool.fqdn;
    if (Result<void> written = write_contexts(ctx, *contexts); !written)
        return pass(std::move(written).error());
    return true;
}

}  // namespace pchat::cli
