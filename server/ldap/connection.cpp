// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/connection.h"

#include "base/unicode.h"
#include "server/ldap/link.h"

#include <fmt/format.h>
#include <ldap.h>

#include <algorithm>
#include <utility>

namespace pchat::ldap {
namespace {

constexpr ber_int_t page_size = 500;
constexpr std::size_t most_portions = 1'000;  // of one list, before somebody makes fun of us
constexpr std::size_t most_barren = 10'000;   // references and empty pages one after another

struct FreeControl {
    void operator()(LDAPControl* control) const { ldap_control_free(control); }
};
struct FreeControls {
    void operator()(LDAPControl** controls) const { ldap_controls_free(controls); }
};
using Control = std::unique_ptr<LDAPControl, FreeControl>;

std::vector<char*> names_of(std::vector<std::string>& attributes) {
    std::vector<char*> out;
    for (std::string& name : attributes)
        out.push_back(name.data());
    out.push_back(nullptr);
    return out;
}

}  // namespace

/// The conversation itself.
class Connection::Link {
public:
    explicit Link(Handle handle) : handle_(std::move(handle)) {}

    Result<void> bind(const std::string& dn, const Secret& password);
    Result<void> search(const Search& search, const Visit<Entry>& visit, const GoOn& go_on);

private:
    /// Where a search has got.
    struct Progress {
        std::string cookie;      // of the next page; empty: there is none
        std::size_t barren = 0;  // answers since the last entry
    };
    Result<int> ask(const Search& search, LDAPControl* page);
    Result<void> take(
        int id,
        const Search& search,
        const Visit<Entry>& visit,
        const GoOn& go_on,
        Progress& progress
    );
    Result<void> complete(Entry& entry, ValueRange range);
    Result<std::string> end_of_page(LDAPMessage* message, const Search& search);
    Result<Entry> read(LDAPMessage* message);

    Handle handle_;
};

Result<void> Connection::Link::bind(const std::string& dn, const Secret& password) {
    // RFC 4513 5.1.2: to a directory this is not a wrong password but no wish to sign in.
    if (password.empty() || dn.empty())
        return fail_as("bad-credentials", Errc::signed_out, "an empty password is nobody's");
    std::string text{password.reveal()};
    berval value{text.size(), text.data()};
    int id = 0;
    const int sent =
        ldap_sasl_bind(handle_.get(), dn.c_str(), LDAP_SASL_SIMPLE, &value, nullptr, nullptr, &id);
    const Secret wiped{std::move(text)};
    if (sent != LDAP_SUCCESS)
        return handle_.failure(sent, "signing in at");
    const Result<Message> answer = handle_.next(id, Wait::all);
    if (!answer)
        return pass(answer.error());
    return handle_.bound(answer->get());
}

Result<int> Connection::Link::ask(const Search& search, LDAPControl* page) {
    std::vector<std::string> attributes = search.attributes;
    std::vector<char*> names = names_of(attributes);
    LDAPControl* controls[] = {page, nullptr};
    int id = 0;
    const int sent = ldap_search_ext(
        handle_.get(),
        search.base.c_str(),
        search.only_base ? LDAP_SCOPE_BASE : LDAP_SCOPE_SUBTREE,
        search.filter.c_str(),
        names.data(),
        0,
        page == nullptr ? nullptr : controls,
        nullptr,
        nullptr,
        LDAP_NO_LIMIT,
        &id
    );
    if (sent == LDAP_FILTER_ERROR)
        return fail(
            Errc::invalid,
            fmt::format("'{}' is no filter of a directory", printable(search.filter)),
            "see directory.userFilter and directory.groupFilter in pchatd.yaml"
        );
    if (sent != LDAP_SUCCESS)
        return handle_.failure(sent, "searching");
    return id;
}

Result<Entry> Connection::Link::read(LDAPMessage* message) {
    Result<RawEntry> raw = handle_.read(message, EntryLimits{});
    if (!raw)
        return pass(std::move(raw).error());
    for (const ValueRange& range : raw->ranges)
        if (!range.complete)
            if (Result<void> done = complete(raw->entry, range); !done)
                return pass(std::move(done).error());
    return std::move(raw->entry);
}

/// The rest of a list that came in part, asked for by name until nothing follows.
Result<void> Connection::Link::complete(Entry& entry, ValueRange range) {
    for (std::size_t portion = 0; !range.complete; ++portion) {
        const auto count = [&] {
            const Attribute* list = entry.find(range.name);
            return list == nullptr ? std::size_t{0} : list->values.size();
        };
        if (portion == most_portions || count() > EntryLimits{}.values) {
            entry.cut = true;
            return {};
        }
        const Result<int> id =
            ask({.base = entry.dn, .only_base = true, .attributes = {next_range(range)}}, nullptr);
        if (!id)
            return pass(id.error());
        const Result<Message> answer = handle_.next(*id, Wait::all);
        if (!answer)
            return pass(answer.error());
        LDAPMessage* first = ldap_first_entry(handle_.get(), answer->get());
        if (first == nullptr)
            return fail(
                Errc::conflict,
                fmt::format("'{}' was changed while it was read", printable(entry.dn)),
                "the next synchronization reads it again"
            );
        Result<RawEntry> more = handle_.read(first, EntryLimits{});
        if (!more)
            return pass(std::move(more).error());
        if (more->ranges.size() != 1 ||
            (!more->ranges.front().complete && more->ranges.front().last <= range.last))
            return fail(Errc::internal, "the directory hands over a list in no order");
        range = more->ranges.front();
        entry.cut = entry.cut || more->entry.cut;
        for (Attribute& list : entry.attributes)
            if (const Attribute* rest = more->entry.find(range.name);
                rest != nullptr && list.name == range.name)
                list.values.insert(list.values.end(), rest->values.begin(), rest->values.end());
    }
    return {};
}

Result<std::string> Connection::Link::end_of_page(LDAPMessage* message, const Search& search) {
    int code = LDAP_SUCCESS;
    LDAPControl** given = nullptr;
    const int parsed =
        ldap_parse_result(handle_.get(), message, &code, nullptr, nullptr, nullptr, &given, 0);
    const std::unique_ptr<LDAPControl*, FreeControls> controls{given};
    if (parsed != LDAP_SUCCESS)
        return handle_.failure(parsed, "searching");
    if (code == LDAP_NO_SUCH_OBJECT)
        return fail(
            Errc::not_found,
            fmt::format("the directory has no '{}'", printable(search.base)),
            "see directory.baseDn in pchatd.yaml, and what its bindDn may read"
        );
    if (code == LDAP_SIZELIMIT_EXCEEDED || code == LDAP_ADMINLIMIT_EXCEEDED)
        return fail(
            Errc::too_large,
            "the directory hands over only a part of what was asked for",
            "allow paged results without a limit to directory.bindDn, in the directory; in "
            "OpenLDAP: "
            "limits dn.exact=\"...\" size=unlimited"
        );
    // Everything else than success might be a part, which must not be taken for all.
    if (code != LDAP_SUCCESS)
        return handle_.failure(code, "searching");
    LDAPControl* found =
        given == nullptr ? nullptr : ldap_control_find(LDAP_CONTROL_PAGEDRESULTS, given, nullptr);
    if (found == nullptr)
        return std::string{};
    ber_int_t size = 0;
    berval cookie{0, nullptr};
    if (ldap_parse_pageresponse_control(handle_.get(), found, &size, &cookie) != LDAP_SUCCESS)
        return fail(Errc::internal, "the directory answers with a page that cannot be read");
    std::string out{cookie.bv_val == nullptr ? "" : cookie.bv_val, cookie.bv_len};
    ber_memfree(cookie.bv_val);
    return out;
}

Result<void> Connection::Link::take(
    int id, const Search& search, const Visit<Entry>& visit, const GoOn& go_on, Progress& progress
) {
    const auto give_up = [&](Error why) {
        ldap_abandon_ext(handle_.get(), id, nullptr, nullptr);
        return pass(std::move(why));
    };
    for (;;) {
        if (Result<void> on = go_on(); !on)
            return give_up(std::move(on).error());
        const Result<Message> message = handle_.next(id, Wait::one);
        if (!message)
            return pass(message.error());
        const int kind = ldap_msgtype(message->get());
        if (kind != LDAP_RES_SEARCH_ENTRY && ++progress.barren > most_barren)
            return give_up(
                fail(
                    Errc::too_large,
                    "the directory answers on and on without an entry",
                    "see directory.baseDn in pchatd.yaml, and whether the directory works"
                )
                    .value()
            );
        if (kind == LDAP_RES_SEARCH_RESULT) {
            Result<std::string> next = end_of_page(message->get(), search);
            if (!next)
                return pass(std::move(next).error());
            progress.cookie = std::move(*next);
            return {};
        }
        if (kind != LDAP_RES_SEARCH_ENTRY)
            continue;  // references to other directories are not followed
        progress.barren = 0;
        const Result<Entry> entry = read(message->get());
        if (!entry)
            return pass(entry.error());
        if (Result<void> taken = visit(*entry); !taken)
            return give_up(std::move(taken).error());
    }
}

Result<void> Connection::Link::search(
    const Search& search, const Visit<Entry>& visit, const GoOn& go_on
) {
    Progress progress;
    do {
        std::string& cookie = progress.cookie;
        berval value{cookie.size(), cookie.data()};
        LDAPControl* made = nullptr;
        const int created = ldap_create_page_control(handle_.get(), page_size, &value, 1, &made);
        const Control page{made};
        if (created != LDAP_SUCCESS)
            return handle_.failure(created, "searching");
        const Result<int> id = ask(search, search.only_base ? nullptr : page.get());
        if (!id)
            return pass(id.error());
        if (Result<void> taken = take(*id, search, visit, go_on, progress); !taken)
            return taken;
    } while (!progress.cookie.empty());
    return {};
}

Connection::Connection(std::unique_ptr<Link> link) : link_(std::move(link)) {}
Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

Result<Connection> Connection::open(const Endpoint& endpoint) {
    Result<Handle> handle = Handle::open(endpoint);
    if (!handle)
        return pass(std::move(handle).error());
    return Connection{std::make_unique<Link>(std::move(*handle))};
}

Result<void> Connection::bind(const std::string& dn, const Secret& password) {
    return link_->bind(dn, password);
}

Result<void> Connection::search(
    const Search& search, const Visit<Entry>& visit, const GoOn& go_on
) {
    return link_->search(search, visit, go_on);
}

}  // namespace pchat::ldap
