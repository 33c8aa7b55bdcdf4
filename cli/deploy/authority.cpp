// SPDX-License-Identifier: Apache-2.0
#include "cli/deploy/authority.h"

#include "base/file_write.h"
#include "base/unicode.h"
#include "cli/client/contexts.h"
#include "cli/local_server/secret_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <ctime>
#include <filesystem>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::string_view own_name = "ca";

std::optional<Secret> text_in(const std::string& path) {
    Result<std::optional<Secret>> text = read_secret_file(path);
    if (!text || !*text)
        return std::nullopt;
    return std::move(**text);
}

std::optional<CertifiedKey> read_pair(const std::string& base) {
    const std::optional<Secret> certificate = text_in(base + ".pem");
    std::optional<Secret> key = text_in(base + ".key");
    if (!certificate || !key)
        return std::nullopt;
    CertifiedKey out{std::string{certificate->reveal()} + "\n", std::move(*key)};
    if (!is_pair(out))
        return std::nullopt;
    return out;
}

/// The key first: a certificate without its key is no pair, and is made anew.
Result<void> write_pair(const std::string& base, const CertifiedKey& pair) {
    if (Result<void> written = write_secret_file(base + ".key", pair.key.reveal(), 0600); !written)
        return written;
    return write_secret_file(base + ".pem", pair.certificate, 0644);
}

bool ends_before(const std::string& certificate, std::int64_t when) {
    const Result<CertificateFacts> facts = certificate_facts(certificate);
    return !facts || facts->not_after < when;
}

std::int64_t from_now(std::chrono::hours time) {
    return std::time(nullptr) + std::chrono::seconds{time}.count();
}

Result<void> make_folder(const std::string& folder) {
    std::error_code problem;
    std::filesystem::create_directories(directory_of(folder), problem);
    if (!problem && ::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        problem.assign(errno, std::generic_category());
    if (problem)
        return file_error("create", folder, problem.value());
    return {};
}

/// Who can read the key can be any server of the pool.
Result<void> check_private(const std::string& key) {
    struct stat facts {};
    if (::stat(key.c_str(), &facts) != 0 || (facts.st_mode & 077U) == 0)
        return {};
    return fail(
        Errc::denied,
        fmt::format("{} is the key of an authority, and others may read it", key),
        fmt::format("chmod 600 {}", key)
    );
}

bool exists(const std::string& path) {
    std::error_code problem;
    return std::filesystem::exists(path, problem);
}

}  // namespace

std::string_view describe(Standing standing) {
    switch (standing) {
    case Standing::good:
        return "its certificate is good";
    case Standing::missing:
        return "it has no certificate";
    case Standing::other_names:
        return "its certificate is for other names";
    case Standing::other_authority:
        return "its certificate is from another authority";
    case Standing::expiring:
        break;
    }
    return "its certificate ends soon";
}

Result<std::string> authority_folder(const Context& ctx, const std::string& pool) {
    const std::string contexts = contexts_path(ctx);
    if (contexts.empty())
        return fail(
            Errc::usage, "there is no place for an authority", "set HOME or XDG_CONFIG_HOME"
        );
    return fmt::format("{}/authorities/{}", directory_of(contexts), lower_ascii(pool));
}

Authority::Authority(std::string folder, std::string pool, CertifiedKey pair)
    : folder_(std::move(folder)), pool_(std::move(pool)), pair_(std::move(pair)) {}

std::string Authority::path(const std::string& name) const {
    return fmt::format("{}/{}", folder_, name);
}

std::string Authority::certificate_path() const {
    return path("ca.pem");
}

Result<Authority> Authority::open(const std::string& folder, const std::string& pool) {
    const std::string base = fmt::format("{}/{}", folder, own_name);
    if (!exists(base + ".pem") && !exists(base + ".key"))
        return fail(
            Errc::not_found,
            fmt::format("pool {} has no authority in {}", pool, folder),
            fmt::format("pchatctl deploy ca init {}", pool)
        );
    if (Result<void> hidden = check_private(base + ".key"); !hidden)
        return pass(std::move(hidden).error());
    std::optional<CertifiedKey> pair = read_pair(base);
    if (!pair)
        return fail(
            Errc::bad_file,
            fmt::format("{0}.pem and {0}.key are no pair, or cannot be read", base),
            "put both back from a backup; a new authority would have to reach every node and client"
        );
    return Authority{folder, pool, std::move(*pair)};
}

Result<Authority> Authority::create(
    const std::string& folder, const std::string& pool, std::chrono::hours lifetime
) {
    const std::string base = fmt::format("{}/{}", folder, own_name);
    if (exists(base + ".pem"))
        return exists_already(base + ".pem");
    if (Result<void> made = make_folder(folder); !made)
        return pass(std::move(made).error());
    Result<CertifiedKey> pair =
        make_authority(fmt::format("pchat authority of {}", pool), lifetime);
    if (!pair)
        return pass(std::move(pair).error());
    if (Result<void> written = write_pair(base, *pair); !written)
        return pass(std::move(written).error());
    return Authority{folder, pool, std::move(*pair)};
}

std::optional<CertifiedKey> Authority::read(const std::string& name) const {
    return read_pair(path(name));
}

bool Authority::ends_within(std::chrono::hours time) const {
    return ends_before(pair_.certificate, from_now(time));
}

Result<void> Authority::extend(std::chrono::hours lifetime) {
    Result<std::string> longer = extend_authority(pair_, lifetime);
    if (!longer)
        return pass(std::move(longer).error());
    if (Result<void> written = write_secret_file(certificate_path(), *longer, 0644); !written)
        return written;
    pair_.certificate = std::move(*longer);
    return {};
}

Standing Authority::standing_of(const CertifiedMachine& machine, std::chrono::hours renewed_before)
    const {
    const std::optional<CertifiedKey> there = read(machine.fqdn);
    if (!there || !text_in(path(machine.fqdn + ".bus")))
        return Standing::missing;
    if (!is_signed_by(there->certificate, pair_.certificate))
        return Standing::other_authority;
    if (!is_for_just(there->certificate, machine.names))
        return Standing::other_names;
    return ends_before(there->certificate, from_now(renewed_before)) ? Standing::expiring
                                                                     : Standing::good;
}

Result<CertificateFacts> Authority::issue(
    const CertifiedMachine& machine, std::chrono::hours lifetime
) const {
    const Result<CertifiedKey> made = make_certificate(
        pair_, {.names = machine.names, .use = CertificateUse::both_ways, .lifetime = lifetime}
    );
    if (!made)
        return pass(made.error());
    // Kept when there is one: the other nodes know it.
    const std::string password = path(machine.fqdn + ".bus");
    if (!text_in(password)) {
        const Result<Secret> random = random_secret();
        if (!random)
            return pass(random.error());
        if (auto written = write_secret_file(password, random->reveal(), 0600); !written)
            return pass(std::move(written).error());
    }
    if (Result<void> written = write_pair(path(machine.fqdn), *made); !written)
        return pass(std::move(written).error());
    return certificate_facts(made->certificate);
}

Result<Issued> Authority::issued_to(const std::string& fqdn) const {
    std::optional<CertifiedKey> pair = read(fqdn);
    std::optional<Secret> password = text_in(path(fqdn + ".bus"));
    if (!pair || !password)
        return fail(
            Errc::not_found,
            fmt::format("machine {} has no certificate of pool {}", fqdn, pool_),
            fmt::format("pchatctl deploy ca issue {}", pool_)
        );
    return Issued{std::move(*pair), std::move(*password)};
}

}  // namespace pchat::cli
