// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/pool_secrets.h"

#include "cli/pool_database.h"
#include "cli/secret_reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pchat::cli {
namespace {

using topology::DatabasePlace;
using topology::DatabaseUse;
using topology::Pool;

class Reader {
public:
    Reader(
        const Context& ctx,
        const topology::Directory& topology,
        const Pool& pool,
        const std::string& folder
    )
        : ctx_(ctx), topology_(topology), pool_(pool), folder_(folder) {}

    Result<PoolSecrets> run() {
        PoolSecrets out;
        const DatabasePlace* content = place_for(DatabaseUse::content);
        if (content == nullptr)
            return fail(
                Errc::invalid,
                fmt::format("pool {} has no content database", *pool_.fqdn),
                fmt::format("pchatctl topology set pool {} --databases-content NAME", *pool_.fqdn)
            );
        Result<DatabaseAccess> access = read(*content, sql::Purpose::content);
        if (!access)
            return pass(std::move(access).error());
        out.content = std::move(*access);
        const DatabasePlace* compliance = place_for(DatabaseUse::compliance);
        if (compliance != nullptr && *pool_.compliance.enabled) {
            Result<DatabaseAccess> archive = read(*compliance, sql::Purpose::compliance);
            if (!archive)
                return pass(std::move(archive).error());
            out.compliance = std::move(*archive);
        }
        if (Result<void> given = read_given(out); !given)
            return pass(std::move(given).error());
        if (needs_authority(pool_))
            if (Result<void> issued = read_issued(out); !issued)
                return pass(std::move(issued).error());
        return out;
    }

private:
    [[nodiscard]] const DatabasePlace* place_for(DatabaseUse use) const {
        for (const DatabasePlace& place : topology_.databases())
            if (place.pool == &pool_ && place.use == use)
                return &place;
        return nullptr;
    }

    Result<DatabaseAccess> read(const DatabasePlace& place, sql::Purpose purpose) {
        const topology::SqlInstance& instance = *place.instance;
        DatabaseAccess out;
        out.target = target_in(pool_, instance, purpose);
        if (out.target.engine == sql::Engine::sqlite)
            return out;
        if (!instance.credentials.run.given())
            return fail(
                Errc::invalid,
                fmt::format(
                    "sql instance {} names no credentials.run, with which pchatd signs in",
                    *instance.name
                ),
                fmt::format(
                    "pchatctl topology set sql-instance {} --credentials-run file:PATH",
                    *instance.name
                )
            );
        Result<sql::Login> login = read_login(ctx_, instance.credentials.run, folder_);
        if (!login)
            return pass(std::move(login).error());
        out.target.login = std::move(*login);
        if (!out.target.ca_file.empty()) {
            // Named by a path, as the other commands that connect use it.
            Result<std::string> authority =
                read_referred_text(ctx_, "file:" + out.target.ca_file, "");
            if (!authority)
                return pass(std::move(authority).error(), out.target.describe());
            out.authority = std::move(*authority);
        }
        return out;
    }

    Result<std::string> text_behind(const topology::Text& reference) {
        Result<std::string> text = read_referred_text(ctx_, *reference, folder_);
        if (!text)
            return pass(std::move(text).error(), fmt::format("TLS of pool {}", *pool_.fqdn));
        return text;
    }

    Result<void> read_given(PoolSecrets& out) {
        const topology::PoolTls& tls = pool_.tls;
        const bool certificate = topology::stated(tls.certificate);
        if (certificate != topology::stated(tls.key))
            return fail(
                Errc::invalid,
                fmt::format(
                    "pool {} has tls.{} and no tls.{}",
                    *pool_.fqdn,
                    certificate ? "certificate" : "key",
                    certificate ? "key" : "certificate"
                ),
                "name both, or neither to use an authority of its own: pchatctl deploy ca --help"
            );
        if (!certificate)
            return {};
        TlsMaterial given;
        Result<std::string> text = text_behind(tls.certificate);
        if (!text)
            return pass(std::move(text).error());
        given.certificate = std::move(*text);
        Result<Secret> key = read_secret(ctx_, *tls.key, folder_);
        if (!key)
            return pass(std::move(key).error(), fmt::format("TLS of pool {}", *pool_.fqdn));
        given.key = std::move(*key);
        if (topology::stated(tls.ca)) {
            Result<std::string> authority = text_behind(tls.ca);
            if (!authority)
                return pass(std::move(authority).error());
            given.authority = std::move(*authority);
        }
        if (!is_pair({given.certificate, given.key.copy()}))
            return fail(
                Errc::bad_file,
                fmt::format(
                    "pool {}: tls.certificate and tls.key are no pair, or cannot be read",
                    *pool_.fqdn
                ),
                "both in PEM, the key without a password"
            );
        out.tls = std::move(given);
        return {};
    }

    Result<void> read_issued(PoolSecrets& out) {
        const Result<std::string> kept_in = authority_folder(ctx_, *pool_.fqdn);
        if (!kept_in)
            return pass(kept_in.error());
        const Result<Authority> authority = Authority::open(*kept_in, *pool_.fqdn);
        if (!authority)
            return pass(authority.error());
        for (const topology::Machine& machine : pool_.machines) {
            const CertifiedMachine wanted = certified_machine(pool_, machine);
            const Standing standing = authority->standing_of(wanted, std::chrono::hours{0});
            if (standing != Standing::good)
                return fail(
                    Errc::not_found,
                    fmt::format("machine {}: {}", wanted.fqdn, describe(standing)),
                    fmt::format("pchatctl deploy ca issue {}", *pool_.fqdn)
                );
            Result<Issued> issued = authority->issued_to(wanted.fqdn);
            if (!issued)
                return pass(std::move(issued).error());
            out.machines.push_back(
                {wanted.fqdn,
                 {std::move(issued->pair.certificate),
                  std::move(issued->pair.key),
                  authority->certificate()},
                 std::move(issued->bus_password)}
            );
        }
        return {};
    }

    const Context& ctx_;
    const topology::Directory& topology_;
    const Pool& pool_;
    const std::string& folder_;
};

}  // namespace

Result<PoolSecrets> read_pool_secrets(
    const Context& ctx,
    const topology::Directory& topology,
    const Pool& pool,
    const std::string& folder
) {
    return Reader{ctx, topology, pool, folder}.run();
}

bool needs_authority(const Pool& pool) {
    return has_bus(pool) || !topology::stated(pool.tls.certificate);
}

CertifiedMachine certified_machine(const Pool& pool, const topology::Machine& machine) {
    CertifiedMachine out{*machine.fqdn, {*machine.fqdn}};
    const auto add = [&](const std::string& name) {
        if (std::find(out.names.begin(), out.names.end(), name) == out.names.end())
            out.names.push_back(name);
    };
    add(*pool.fqdn);
    for (const topology::Text& address : machine.addresses)
        add(*address);
    return out;
}

}  // namespace pchat::cli
