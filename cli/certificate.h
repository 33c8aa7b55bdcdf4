// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {

// Certificates and small authorities that pchatctl makes: EC P-256, SHA-256, random serials. All in
// PEM; the only place of the command line that makes or judges certificates.

/// A certificate and its private key.
struct CertifiedKey {
    std::string certificate;
    Secret key;
};

enum class CertificateUse : std::uint8_t { server, both_ways };

struct CertificateWish {
    std::vector<std::string> names;  // host names and IP addresses; the first is what it is called
    CertificateUse use = CertificateUse::server;
    std::chrono::hours lifetime{};  // at most as long as the authority's own certificate
};

struct CertificateFacts {
    std::string subject;          // its common name
    std::string serial;           // hexadecimal
    std::int64_t not_before = 0;  // seconds since the epoch
    std::int64_t not_after = 0;
    bool authority = false;
    bool for_servers = false;
    bool for_clients = false;
};

Result<CertifiedKey> make_authority(const std::string& name, std::chrono::hours lifetime);
/// A new certificate for the same name and key: what the authority has signed stays good.
Result<std::string> extend_authority(const CertifiedKey& authority, std::chrono::hours lifetime);
Result<CertifiedKey> make_certificate(const CertifiedKey& authority, const CertificateWish& wish);

/// Of the first certificate in a text.
Result<CertificateFacts> certificate_facts(std::string_view certificate);

/// Whether both can be read and belong together.
bool is_pair(const CertifiedKey& pair);
/// Whether it holds for all of them, and for nothing else.
bool is_for_just(std::string_view certificate, const std::vector<std::string>& names);
/// Whether it holds for all of them, wildcards counted.
bool is_for(std::string_view certificate, const std::vector<std::string>& names);
bool is_signed_by(std::string_view certificate, std::string_view authority);

}  // namespace pchat::cli
