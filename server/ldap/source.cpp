// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/source.h"

#include "base/unicode.h"
#include "server/ldap/dn.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>
#include <optional>
#include <utility>

namespace pchat::ldap {
namespace {

constexpr std::size_t asked_at_once = 50;  // ids or DNs in one filter
// Clocks of several servers that share a directory differ, and changes arrive late.
constexpr std::chrono::seconds slack{60};

/// "20261121120000Z" some time earlier; the text itself when it is none.
std::string earlier(const std::string& stamp) {
    std::tm parts{};
    if (strptime(stamp.c_str(), "%Y%m%d%H%M%S", &parts) == nullptr)
        return stamp;
    const std::time_t then = timegm(&parts) - slack.count();
    gmtime_r(&then, &parts);
    std::string out(32, '\0');
    out.resize(std::strftime(out.data(), out.size(), "%Y%m%d%H%M%SZ", &parts));
    return out;
}

class LdapReading : public DirectoryReading {
public:
    LdapReading(Connection connection, std::string base, const Mapping& mapping, GoOn go_on)
        : connection_(std::move(connection)), base_(std::move(base)), mapping_(mapping),
          go_on_(std::move(go_on)) {}

    Result<void> ask_server();
    Result<void> places(const Visit<DirectoryPlace>& visit) override;
    std::string mark() override { return origin_ + newest_; }
    bool continues(const std::string& mark) override { return mark.starts_with(origin_); }
    Result<void> changed(const std::string& mark, const Visit<DirectoryObject>& visit) override;
    Result<void> objects(
        std::span<const std::string> external_ids, const Visit<DirectoryObject>& visit
    ) override;
    Result<void> groups_naming(
        std::span<const std::string> dns, const Visit<DirectoryObject>& visit
    ) override;

private:
    Result<void> read(const std::string& filter, const Visit<DirectoryObject>& visit);
    Result<void> search(const Search& search, const Visit<Entry>& visit) {
        return connection_.search(search, visit, go_on_);
    }
    [[nodiscard]] bool by_time() const { return mapping_.schema() == Schema::openldap; }

    Connection connection_;
    std::string base_;
    const Mapping& mapping_;
    GoOn go_on_;
    std::string origin_ = "time:";  // what a mark begins with: whose numbers it has
    std::string newest_;
};

/// Active Directory numbers its changes, each server for itself.
Result<void> LdapReading::ask_server() {
    if (by_time())
        return {};
    const Search root{
        .base = {}, .only_base = true, .attributes = {"highestCommittedUSN", "dsServiceName"}};
    Result<void> asked = search(root, [&](const Entry& entry) {
        newest_ = entry.first("highestCommittedUSN");
        origin_ = fmt::format("usn:{}:", entry.first("dsServiceName"));
        return Result<void>{};
    });
    if (asked && newest_.empty())
        return fail(
            Errc::invalid,
            "the directory does not say how far it is, as Active Directory does",
            "write 'schema: openldap' for others"
        );
    return asked;
}

Result<void> LdapReading::places(const Visit<DirectoryPlace>& visit) {
    Search all{.base = base_, .filter = mapping_.filter(), .attributes = {mapping_.id_attribute()}};
    if (by_time())
        all.attributes.emplace_back("modifyTimestamp");
    return search(all, [&](const Entry& entry) -> Result<void> {
        if (by_time())
            newest_ = std::max(newest_, entry.first("modifyTimestamp"));
        const std::string id = mapping_.external_id(entry);
        const std::optional<std::string> dn = normal_dn(entry.dn);
        // Without it nobody could be told from somebody new with the same name.
        if (id.empty() || !dn)
            return fail(
                Errc::denied,
                fmt::format(
                    "'{}' comes without its {}", printable(entry.dn), mapping_.id_attribute()
                ),
                "let directory.bindDn read this attribute"
            );
        return visit({id, *dn, parent_dn(*dn)});
    });
}

Result<void> LdapReading::read(const std::string& filter, const Visit<DirectoryObject>& visit) {
    const Search some{.base = base_, .filter = filter, .attributes = mapping_.attributes()};
    return search(some, [&](const Entry& entry) -> Result<void> {
        const std::optional<DirectoryObject> object = mapping_.object(entry);
        return object ? visit(*object) : Result<void>{};
    });
}

Result<void> LdapReading::changed(const std::string& mark, const Visit<DirectoryObject>& visit) {
    if (mark.size() <= origin_.size())
        return read(mapping_.filter(), visit);
    const std::string since = mark.substr(origin_.size());
    if (by_time())
        return read(
            fmt::format(
                "(&(modifyTimestamp>={}){})", escape_filter(earlier(since)), mapping_.filter()
            ),
            visit
        );
    return read(
        fmt::format("(&(uSNChanged>={}){})", escape_filter(since), mapping_.filter()), visit
    );
}

Result<void> LdapReading::objects(
    std::span<const std::string> external_ids, const Visit<DirectoryObject>& visit
) {
    for (; !external_ids.empty();
         external_ids = external_ids.subspan(std::min(asked_at_once, external_ids.size()))) {
        std::string any;
        for (const std::string& id :
             external_ids.first(std::min(asked_at_once, external_ids.size())))
            any += mapping_.id_filter(id);
        if (Result<void> done = read(fmt::format("(|{})", any), visit); !done)
            return done;
    }
    return {};
}

Result<void> LdapReading::groups_naming(
    std::span<const std::string> dns, const Visit<DirectoryObject>& visit
) {
    for (; !dns.empty(); dns = dns.subspan(std::min(asked_at_once, dns.size()))) {
        std::string any;
        for (const std::string& dn : dns.first(std::min(asked_at_once, dns.size())))
            for (const std::string& name : mapping_.member_attributes())
                any += fmt::format("({}={})", name, escape_filter(dn));
        const std::string filter = fmt::format("(&{}(|{}))", mapping_.group_filter(), any);
        if (Result<void> done = read(filter, visit); !done)
            return done;
    }
    return {};
}

}  // namespace

LdapSource::LdapSource(Endpoint endpoint, std::string base, Reader reader, Mapping mapping)
    : endpoint_(std::move(endpoint)), base_(std::move(base)), reader_(std::move(reader)),
      mapping_(std::move(mapping)) {}

std::string LdapSource::domain() const {
    constexpr std::size_t longest = 255;
    const std::string dns = dns_name_of(base_, false);
    return (dns.empty() ? lower_ascii(base_) : dns).substr(0, longest);
}

std::string LdapSource::place() const {
    return fmt::format("{} in {}", base_, endpoint_.url.written());
}

Result<std::unique_ptr<DirectoryReading>> LdapSource::open(GoOn go_on) {
    Result<Secret> password = reader_.password();
    if (!password)
        return pass(std::move(password).error());
    Result<Connection> connection = Connection::open(endpoint_);
    if (!connection)
        return pass(std::move(connection).error());
    if (Result<void> bound = connection->bind(reader_.dn, *password); !bound)
        return pass(std::move(bound).error());
    auto out =
        std::make_unique<LdapReading>(std::move(*connection), base_, mapping_, std::move(go_on));
    if (Result<void> asked = out->ask_server(); !asked)
        return pass(std::move(asked).error());
    return out;
}

}  // namespace pchat::ldap
