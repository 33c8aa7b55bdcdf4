// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "cli/certificate.h"
#include "cli/context.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace pchat::cli {

/// Where pchatctl keeps the authority of a pool: authorities/<pool> beside the contexts.
Result<std::string> authority_folder(const Context& ctx, const std::string& pool);

/// What was given out to one machine of a pool.
struct Issued {
    CertifiedKey pair;
    Secret bus_password;  // of its server at the bus
};

/// A machine and every name that its certificate must hold for, its own first.
struct CertifiedMachine {
    std::string fqdn;
    std::vector<std::string> names;
};

/// How what a machine has stands to what it should have.
enum class Standing : std::uint8_t { good, missing, other_names, other_authority, expiring };

/// In words, for the plan: "its certificate is for other names".
std::string_view describe(Standing standing);

/// The small certificate authority of one pool: its own, because whoever it vouches for may join
/// the pool's bus. A folder that only its owner may open, with ca.pem, ca.key and for each machine
/// <fqdn>.pem, <fqdn>.key and <fqdn>.bus. Files are replaced by rename.
class Authority {
public:
    /// Errc::not_found, with the way out, where there is none.
    static Result<Authority> open(const std::string& folder, const std::string& pool);
    /// Errc::conflict where there is one.
    static Result<Authority> create(
        const std::string& folder, const std::string& pool, std::chrono::hours lifetime
    );

    [[nodiscard]] const std::string& certificate() const { return pair_.certificate; }
    [[nodiscard]] std::string certificate_path() const;

    /// Whether its own certificate ends within that time.
    [[nodiscard]] bool ends_within(std::chrono::hours time) const;
    /// The same name and key for longer, so that what it gave out stays good.
    Result<void> extend(std::chrono::hours lifetime);

    [[nodiscard]] Standing standing_of(
        const CertifiedMachine& machine, std::chrono::hours renewed_before
    ) const;
    /// A new key and certificate for servers and clients; the password of the bus stays.
    [[nodiscard]] Result<CertificateFacts> issue(
        const CertifiedMachine& machine, std::chrono::hours lifetime
    ) const;
    /// Errc::not_found, with the way out, where nothing was given out.
    [[nodiscard]] Result<Issued> issued_to(const std::string& fqdn) const;

private:
    Authority(std::string folder, std::string pool, CertifiedKey pair);

    [[nodiscard]] std::string path(const std::string& name) const;
    [[nodiscard]] std::optional<CertifiedKey> read(const std::string& name) const;

    std::string folder_;
    std::string pool_;
    CertifiedKey pair_;
};

}  // namespace pchat::cli
