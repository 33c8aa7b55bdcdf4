// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "tests/support/temp_dir.h"

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace pchat::test {

/// What a private directory is started with. By itself OpenLDAP hands over 500 entries and no more.
struct SlapdOptions {
    std::string ldif = {};                  // all that it holds, below dc=contoso,dc=example
    std::string certificate_file = {};      // PEM; empty: it speaks no TLS
    std::string key_file = {};              // PEM
    std::string limits = "size=unlimited";  // of the reader, see slapd.conf(5)
};

/// A private OpenLDAP on free ports of the loopback address, its data in a temporary directory;
/// ends with this object. Nobody reads it but `reader_dn`; everybody may sign in.
class Slapd {
public:
    static constexpr const char* root = "dc=contoso,dc=example";
    static constexpr const char* reader_dn = "cn=reader,dc=contoso,dc=example";
    static constexpr const char* reader_password = "reader's; {secret}";

    /// Nothing where slapd or ldap-utils are not installed: prints SKIPPED, and fails the test
    /// when PCHAT_TEST_REQUIRE=all.
    static std::unique_ptr<Slapd> start(SlapdOptions options);
    ~Slapd();
    Slapd(const Slapd&) = delete;
    Slapd& operator=(const Slapd&) = delete;
    Slapd(Slapd&&) = delete;
    Slapd& operator=(Slapd&&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::uint16_t tls_port() const { return tls_port_; }

    /// Changes in the form of ldif(5) with `changetype`; fails the test when one is refused.
    void modify(const std::string& ldif) const;
    /// It keeps its connections and says nothing more, until it resumes.
    void pause() const;
    void resume() const;
    /// As if its machine was switched off.
    void kill9();
    /// After its end: on the same ports, with the same data.
    void restart();

private:
    explicit Slapd(const SlapdOptions& options);
    void write_config(const SlapdOptions& options) const;
    void start_on_free_ports();
    bool try_start();

    TempDir dir_;
    bool tls_;
    std::uint16_t port_ = 0;
    std::uint16_t tls_port_ = 0;
    pid_t pid_ = 0;
};

}  // namespace pchat::test
