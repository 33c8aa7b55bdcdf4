// SPDX-License-Identifier: Apache-2.0
#pragma once
#include "base/result.h"
#include "base/secret.h"
#include "server/domain/directory_url.h"
#include "server/ldap/entry.h"
#include "server/service/directory_source.h"
#include "server/store/visit.h"

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace pchat::ldap {

struct Endpoint {
    DirectoryUrl url;
    bool start_tls = false;
    std::string ca_file;                // empty: the authorities that the machine trusts
    std::chrono::seconds patience{10};  // for each answer
};

struct Search {
    std::string base;
    bool only_base = false;  // else the whole tree below it
    std::string filter = "(objectClass=*)";
    std::vector<std::string> attributes;
};

/// A connection to a directory, for one thread. Certificates are always checked; without
/// encryption it connects to this machine only. What other machines say is bounded in size and in
/// the time until it comes.
class Connection {
public:
    static Result<Connection> open(const Endpoint& endpoint);
    ~Connection();
    Connection(Connection&&) noexcept;
    Connection& operator=(Connection&&) noexcept;

    /// `signed_out` when the directory refuses; a password that is empty is refused here, for a
    /// directory would take it for somebody who does not want to sign in.
    Result<void> bind(const std::string& dn, const Secret& password);
    /// Page by page (RFC 2696), an entry at a time; lists that come in portions are completed.
    /// `go_on` is asked before each thing that the directory says, so also when it says nothing
    /// that is visited.
    Result<void> search(const Search& search, const Visit<Entry>& visit, const GoOn& go_on);

private:
    class Link;
    explicit Connection(std::unique_ptr<Link> link);
    std::unique_ptr<Link> link_;
};

}  // namespace pchat::ldap
