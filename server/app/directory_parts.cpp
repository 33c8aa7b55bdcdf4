// SPDX-License-Identifier: Apache-2.0
#include "server/app/directory_parts.h"

#include "base/secret_reference.h"
#include "server/app/startup.h"
#include "server/ldap/password_check.h"
#include "server/ldap/source.h"

#include <string>
#include <utility>

namespace pchat::app {
namespace {

ldap::Mapping mapping_of(const DirectorySettings& chosen) {
    const DirectoryAttributes& names = chosen.attributes;
    return {
        *chosen.schema == DirectorySchema::openldap ? ldap::Schema::openldap
                                                    : ldap::Schema::active_directory,
        {*names.address, *names.display, *names.email, *names.company, *names.site},
        *chosen.user_filter,
        *chosen.group_filter};
}

}  // namespace

Result<DirectoryParts> open_directory(
    const Settings& settings, Changes& changes, const Clock& clock, std::size_t workers
) {
    const DirectorySettings& chosen = settings.directory;
    const Result<DirectoryUrl> url = parse_directory_url(*chosen.url);
    if (!url)
        return pass(url.error());
    ldap::Endpoint endpoint;
    endpoint.url = *url;
    endpoint.start_tls = *chosen.start_tls;
    if (!chosen.ca_file->empty())
        endpoint.ca_file = settings.path(*chosen.ca_file);
    endpoint.patience = std::chrono::seconds{*chosen.timeout_seconds};
    const auto password = [reference = *chosen.password, folder = settings.folder] {
        return read_secret(reference, folder, variable, "pchatd.yaml");
    };
    // A reference that leads nowhere is told when the server starts, not at night.
    if (const Result<Secret> tried = password(); !tried)
        return pass(tried.error());
    SyncOptions options;
    options.removal_percent = static_cast<int>(*chosen.max_removal_percent);
    options.interval = std::chrono::minutes{*chosen.interval_minutes};
    DirectoryParts out;
    out.source = std::make_unique<ldap::LdapSource>(
        endpoint, *chosen.base_dn, ldap::Reader{*chosen.bind_dn, password}, mapping_of(chosen)
    );
    out.passwords = std::make_unique<ldap::LdapPasswordCheck>(endpoint, *chosen.base_dn, workers);
    out.sync = std::make_unique<DirectorySync>(changes, *out.source, options);
    out.duty = std::make_unique<DirectoryDuty>(*out.sync, clock);
    return out;
}

}  // namespace pchat::app
