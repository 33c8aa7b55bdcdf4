// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/certificates.h"

#include "cli/certificate.h"
#include "cli/local_server/secret_file.h"

#include <chrono>
#include <ctime>
#include <optional>
#include <utility>

namespace pchat::cli {
namespace {

constexpr std::chrono::hours day{24};
constexpr std::chrono::hours authority_lifetime = 3650 * day;
constexpr std::chrono::hours certificate_lifetime = 397 * day;  // what clients put up with at most
constexpr std::chrono::seconds renewed_before = 30 * day;

/// Nothing when one of the two is missing or unreadable: then both are made anew.
std::optional<CertifiedKey> read_pair(const std::string& certificate, const std::string& key) {
    Result<std::optional<Secret>> text = read_secret_file(certificate);
    Result<std::optional<Secret>> key_text = read_secret_file(key);
    if (!text || !*text || !key_text || !*key_text)
        return std::nullopt;
    CertifiedKey out{std::string{(*text)->reveal()}, std::move(**key_text)};
    if (!is_pair(out))
        return std::nullopt;
    return out;
}

bool lasts(const CertifiedKey& pair) {
    const Result<CertificateFacts> facts = certificate_facts(pair.certificate);
    const std::int64_t now = std::time(nullptr);
    return facts && facts->not_after > now + renewed_before.count() && facts->not_before < now;
}

/// The key first: a certificate without its key is found to be no pair, and made anew.
Result<void> write_pair(
    const CertifiedKey& pair, const std::string& certificate, const std::string& key
) {
    if (Result<void> written = write_secret_file(key, pair.key.reveal(), 0600); !written)
        return written;
    return write_secret_file(certificate, pair.certificate, 0644);
}

}  // namespace

Result<void> ensure_certificates(
    const CertificateFiles& files, const std::vector<std::string>& names
) {
    std::optional<CertifiedKey> authority = read_pair(files.authority, files.authority_key);
    if (!authority || !lasts(*authority)) {
        Result<CertifiedKey> made = make_authority("pchat local authority", authority_lifetime);
        if (!made)
            return pass(std::move(made).error());
        if (auto written = write_pair(*made, files.authority, files.authority_key); !written)
            return written;
        authority = std::move(*made);
    }
    const std::optional<CertifiedKey> there = read_pair(files.certificate, files.key);
    if (there && lasts(*there) && is_for(there->certificate, names) &&
        is_signed_by(there->certificate, authority->certificate))
        return {};
    const Result<CertifiedKey> made = make_certificate(
        *authority,
        {.names = names, .use = CertificateUse::server, .lifetime = certificate_lifetime}
    );
    if (!made)
        return pass(made.error());
    return write_pair(*made, files.certificate, files.key);
}

}  // namespace pchat::cli
