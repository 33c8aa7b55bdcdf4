// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "server/bus/nats_options.h"
#include "tests/support/temp_dir.h"

#include <openssl/types.h>

#include <memory>
#include <string>

namespace pchat::test {

/// Issues certificates for one test.
class Authority {
public:
    explicit Authority(const std::string& name);

    /// A certificate for a subject alternative name, "IP:127.0.0.1" or "DNS:localhost", that is
    /// good for servers and clients; with the file of this authority.
    [[nodiscard]] bus::TlsFiles issue(const std::string& name, const std::string& for_whom) const;
    [[nodiscard]] const std::string& file() const { return file_; }

private:
    struct Free {
        void operator()(EVP_PKEY* key) const;
        void operator()(X509* certificate) const;
    };
    TempDir dir_;
    std::unique_ptr<EVP_PKEY, Free> key_;
    std::unique_ptr<X509, Free> certificate_;
    std::string file_;
};

}  // namespace pchat::test
