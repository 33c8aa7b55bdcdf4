// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/mapping.h"

#include "base/unicode.h"
#include "base/uuid.h"
#include "server/domain/principal_name.h"
#include "server/ldap/dn.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <initializer_list>

namespace pchat::ldap {
namespace {

constexpr std::size_t longest_text = 256;  // code points, of what the database keeps
constexpr std::size_t longest_name = 384;
constexpr std::string_view no_address = "it has no SIP address";
// The order in which the bytes of an objectGUID are written.
constexpr std::array<std::size_t, 16> guid_order{
    3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
constexpr std::int64_t account_disabled = 2;  // of userAccountControl

bool has_class(const Entry& entry, std::string_view name) {
    const Attribute* classes = entry.find("objectclass");
    return classes != nullptr &&
           std::any_of(classes->values.begin(), classes->values.end(), [&](const auto& one) {
               return equal_ignoring_case(one, name);
           });
}

bool has_one_of(const Entry& entry, std::initializer_list<std::string_view> names) {
    return std::any_of(names.begin(), names.end(), [&](std::string_view name) {
        return has_class(entry, name);
    });
}

/// What it is, of what the filter finds. The classes alone do not say it: OpenLDAP hands over those
/// that somebody wrote into the entry, such as inetOrgPerson without person, which it finds it by.
PrincipalKind kind_of(const Entry& entry, const std::vector<std::string>& member_attributes) {
    const PrincipalKind folder =
        dns_name_of(entry.dn, true).empty() ? PrincipalKind::container : PrincipalKind::domain;
    if (has_one_of(entry, {"groupOfNames", "groupOfUniqueNames", "group"}))
        return PrincipalKind::group;
    if (has_class(entry, "person"))
        return PrincipalKind::user;
    if (has_one_of(entry, {"organizationalUnit", "container", "domain", "domainDNS", "dcObject"}))
        return folder;
    const bool has_members = std::any_of(
        member_attributes.begin(),
        member_attributes.end(),
        [&](const std::string& name) { return entry.find(name) != nullptr; }
    );
    return has_members ? PrincipalKind::group : PrincipalKind::user;
}

std::string flaw_of(std::string_view text, std::string_view field, std::size_t longest) {
    if (first_invalid_utf8(text) || text.find('\0') != std::string_view::npos)
        return fmt::format("its {} is not UTF-8", field);
    if (printable(text) != text)
        return fmt::format("its {} holds characters that nobody sees", field);
    if (const std::size_t size = count_code_points(text); size > longest)
        return fmt::format("its {} has {} characters, {} are allowed", field, size, longest);
    return {};
}

void check(DirectoryObject& out, std::string_view text, std::string_view field, std::size_t most) {
    if (out.flaw.empty())
        out.flaw = flaw_of(text, field, most);
}

std::string guid_text(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < guid_order.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        out += fmt::format("{:02x}", static_cast<unsigned char>(bytes[guid_order.at(i)]));
    }
    return out;
}

std::string in_all(const std::string& one, const std::string& extra) {
    return extra.empty() ? one : fmt::format("(&{}{})", one, extra);
}

}  // namespace

Mapping::Mapping(
    Schema schema, AttributeNames names, std::string user_filter, std::string group_filter
)
    : schema_(schema), names_(std::move(names)), user_filter_(std::move(user_filter)),
      group_filter_(std::move(group_filter)) {
    const auto usual = [](std::string& name, std::string_view value) {
        if (name.empty())
            name = value;
    };
    usual(names_.display, "displayName");
    usual(names_.email, "mail");
    usual(names_.company, schema == Schema::openldap ? "o" : "company");
}

std::string Mapping::group_filter() const {
    return in_all(
        schema_ == Schema::openldap
            ? "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames))"
            : "(objectCategory=group)",
        group_filter_
    );
}

std::string Mapping::filter() const {
    const bool open = schema_ == Schema::openldap;
    const std::string users = in_all(
        open ? "(objectClass=person)" : "(&(objectCategory=person)(objectClass=user))", user_filter_
    );
    const std::string folders =
        open ? "(objectClass=organizationalUnit)(objectClass=dcObject)(objectClass=domain)"
             : "(objectClass=organizationalUnit)(objectClass=domainDNS)"
               "(&(objectClass=container)(!(showInAdvancedViewOnly=TRUE)))";
    return fmt::format("(|{}{}{})", users, group_filter(), folders);
}

std::string Mapping::id_attribute() const {
    return schema_ == Schema::openldap ? "entryUUID" : "objectGUID";
}

std::string Mapping::external_id(const Entry& entry) const {
    const std::string value = entry.first(id_attribute());
    if (schema_ == Schema::active_directory)
        return value.size() == guid_order.size() ? guid_text(value) : std::string{};
    return is_uuid(value) ? lower_ascii(value) : std::string{};
}

std::string Mapping::id_filter(const std::string& external_id) const {
    if (schema_ == Schema::openldap)
        return fmt::format("(entryUUID={})", escape_filter(external_id));
    std::string digits = external_id;
    std::erase(digits, '-');
    std::array<std::string_view, 16> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
        bytes.at(guid_order.at(i)) = std::string_view{digits}.substr(2 * i, 2);
    std::string out = "(objectGUID=";
    for (const std::string_view byte : bytes)
        out.append("\\").append(byte);
    return out + ")";
}

std::vector<std::string> Mapping::member_attributes() const {
    return schema_ == Schema::openldap ? std::vector<std::string>{"member", "uniqueMember"}
                                       : std::vector<std::string>{"member"};
}

std::vector<std::string> Mapping::address_attributes() const {
    if (!names_.address.empty())
        return {names_.address};
    if (schema_ == Schema::openldap)
        return {"mail"};
    return {"msRTCSIP-PrimaryUserAddress", "proxyAddresses", "mail"};
}

std::vector<std::string> Mapping::attributes() const {
    std::vector<std::string> out{
        "objectClass", id_attribute(), "cn", names_.display, names_.email, names_.company};
    for (const auto& more : {address_attributes(), member_attributes()})
        out.insert(out.end(), more.begin(), more.end());
    if (!names_.site.empty())
        out.push_back(names_.site);
    if (schema_ == Schema::active_directory)
        out.emplace_back("userAccountControl");
    return out;
}

/// Of the first attribute that has one. Of several the least: they come in any order.
std::string Mapping::address(const Entry& entry) const {
    constexpr std::string_view scheme = "sip:";
    for (const std::string& name : address_attributes()) {
        const Attribute* list = entry.find(name);
        std::string out;
        const bool only_sip = equal_ignoring_case(name, "proxyAddresses");
        for (const std::string& value :
             list == nullptr ? std::vector<std::string>{} : list->values) {
            const bool sip = value.size() > scheme.size() &&
                             equal_ignoring_case(value.substr(0, scheme.size()), scheme);
            if (only_sip && !sip)
                continue;
            const std::string bare = sip ? value.substr(scheme.size()) : value;
            if (out.empty() || bare < out)
                out = bare;
        }
        if (!out.empty())
            return out;
    }
    return {};
}

void Mapping::put_user(const Entry& entry, DirectoryObject& out) const {
    out.display_name = entry.first(names_.display);
    if (out.display_name.empty())
        out.display_name = entry.first("cn");
    out.company = entry.first(names_.company);
    if (!names_.site.empty())
        out.site = entry.first(names_.site);
    if (schema_ == Schema::active_directory) {
        const std::string text = entry.first("userAccountControl");
        const char* end = text.data() + text.size();
        std::int64_t flags = 0;
        out.stateless = text.empty() || std::from_chars(text.data(), end, flags).ptr != end;
        out.disabled = !out.stateless && (flags & account_disabled) != 0;
    }
    check(out, out.company, "company", longest_text);
    check(out, out.site, "site", longest_text);
    const std::string written = address(entry);
    if (written.empty()) {
        out.addressless = true;
        if (out.flaw.empty())
            out.flaw = no_address;
        return;
    }
    const Result<PrincipalName> name = parse_principal("sip:" + written, "address");
    if (name)
        out.name = name->name;
    else if (out.flaw.empty())
        out.flaw = fmt::format("'{}' is not a SIP address", printable(written));
}

void Mapping::put_group(const Entry& entry, DirectoryObject& out) const {
    out.name = entry.first("cn");
    out.display_name = entry.first(names_.display);
    if (out.name.empty())
        out.flaw = "it has no cn";
    check(out, out.name, "cn", longest_text);
    bool any = false;
    for (const std::string& name : member_attributes()) {
        const Attribute* list = entry.find(name);
        if (list == nullptr)
            continue;
        any = true;
        for (const std::string& value : list->values)
            if (std::optional<std::string> dn = normal_dn(value); dn && !dn->empty())
                out.members.push_back(std::move(*dn));
    }
    // Without a member it would not exist: whoever was in it is so still.
    out.partial = !any && has_one_of(entry, {"groupOfNames", "groupOfUniqueNames"});
    if (out.partial && out.flaw.empty())
        out.flaw = "it shows no member: let directory.bindDn read 'member' and 'uniqueMember'";
}

std::optional<DirectoryObject> Mapping::object(const Entry& entry) const {
    DirectoryObject out;
    out.external_id = external_id(entry);
    const std::optional<std::string> dn = normal_dn(entry.dn);
    if (out.external_id.empty() || !dn || dn->empty())
        return std::nullopt;
    out.dn = *dn;
    out.kind = kind_of(entry, member_attributes());
    if (out.kind == PrincipalKind::group)
        put_group(entry, out);
    else if (out.kind == PrincipalKind::user)
        put_user(entry, out);
    else
        out.name = out.kind == PrincipalKind::domain ? dns_name_of(out.dn, true) : out.dn;
    out.email = entry.first(names_.email);
    if (out.display_name.empty())
        out.display_name =
            out.kind == PrincipalKind::user ? out.name.substr(0, out.name.find('@')) : out.name;
    check(out, out.dn, "DN", longest_name);
    if (out.kind != PrincipalKind::container)
        check(out, out.display_name, "display name", longest_text);
    check(out, out.email, "mail address", longest_text);
    // The name of a folder is its DN, which may be longer than what people are shown.
    out.display_name = std::string{first_code_points(out.display_name, longest_text)};
    out.partial = out.partial || entry.cut;
    if (entry.cut && out.flaw.empty())
        out.flaw = "something in it is larger than can be taken";
    return out;
}

}  // namespace pchat::ldap
