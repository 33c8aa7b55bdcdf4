// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"

#include <string>
#include <vector>

namespace pchat::cli {

/// The files of a certificate authority for one machine and of the certificate that it gave out.
struct CertificateFiles {
    std::string authority;      // for clients: ca.pem
    std::string authority_key;  // mode 0600
    std::string certificate;
    std::string key;  // mode 0600
};

/// Sees to it that the certificate holds for all names (host names and IP addresses) and for a
/// month to come; what does is kept. EC P-256.
Result<void> ensure_certificates(
    const CertificateFiles& files, const std::vector<std::string>& names
);

}  // namespace pchat::cli
