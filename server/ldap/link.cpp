// SPDX-License-Identifier: Apache-2.0
#include "server/ldap/link.h"

#include "base/unicode.h"
#include "server/ldap/silence_watch.h"

#include <fmt/format.h>
#include <ldap.h>

#include <cstdlib>
#include <utility>

namespace pchat::ldap {
namespace {

constexpr ber_len_t largest_message = 64UL * 1024 * 1024;
constexpr std::size_t longest_detail = 300;  // of what a stranger wrote, in our messages
constexpr std::chrono::seconds grace{1};     // libldap's own limits come first where it has them
constexpr std::string_view connecting = "connecting to";

/// OpenSSL's variable, which libldap does not know; else where Debian has them.
std::string trusted_by_machine() {
    const char* named = std::getenv("SSL_CERT_FILE");
    return named == nullptr ? "/etc/ssl/certs/ca-certificates.crt" : named;
}

timeval time_of(std::chrono::seconds time) {
    return {static_cast<time_t>(time.count()), 0};
}

struct FreeMemory {
    void operator()(char* text) const { ldap_memfree(text); }
};

std::string_view view(const berval& value) {
    return {value.bv_val == nullptr ? "" : value.bv_val, value.bv_len};
}

void take_values(const berval* values, Attribute& to, const EntryLimits& limits, RawEntry& out) {
    for (; values != nullptr && values->bv_val != nullptr; ++values) {
        if (values->bv_len > limits.value_bytes || to.values.size() >= limits.values) {
            out.entry.cut = true;
            continue;
        }
        to.values.emplace_back(view(*values));
    }
}

Attribute& list_named(Entry& entry, const std::string& name) {
    for (Attribute& one : entry.attributes)
        if (one.name == name)
            return one;
    entry.attributes.push_back({name, {}});
    return entry.attributes.back();
}

}  // namespace

bool refuses_bind(int code) {
    switch (code) {
    case LDAP_INVALID_CREDENTIALS:
    case LDAP_INVALID_DN_SYNTAX:
    case LDAP_INAPPROPRIATE_AUTH:
    case LDAP_NO_SUCH_OBJECT:
    case LDAP_CONSTRAINT_VIOLATION:  // locked, after too many wrong ones
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_UNWILLING_TO_PERFORM:  // disabled
        return true;
    default:
        return false;
    }
}

void FreeMessage::operator()(ldapmsg* message) const {
    ldap_msgfree(message);
}

void Handle::Close::operator()(::ldap* ld) const {
    ldap_unbind_ext(ld, nullptr, nullptr);
}

struct Handle::Watched {
    explicit Watched(std::chrono::seconds its_patience) : patience(its_patience) {
        callback.lc_add = opened;
        callback.lc_del = [](LDAP*, Sockbuf*, ldap_conncb*) {};
        callback.lc_arg = this;
    }
    /// Connected, and not yet encrypted.
    static int opened(LDAP* ld, Sockbuf* buffer, LDAPURLDesc*, sockaddr*, ldap_conncb* callback) {
        auto& self = *static_cast<Watched*>(callback->lc_arg);
        int descriptor = -1;
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_GET_FD, &descriptor);
        self.watch.take(descriptor);
        self.expect();
        // With one it would ask the socket over and over while it encrypts, and never look at it.
        ldap_set_option(ld, LDAP_OPT_NETWORK_TIMEOUT, nullptr);
        return 0;
    }
    void expect() { watch.expect(SilenceWatch::Clock::now() + patience + grace); }

    std::chrono::seconds patience;
    SilenceWatch watch;
    ldap_conncb callback{};
};

Handle::Handle(std::unique_ptr<::ldap, Close> ld, std::string place, std::chrono::seconds patience)
    : watched_(std::make_unique<Watched>(patience)), ld_(std::move(ld)), place_(std::move(place)),
      patience_(patience) {}
Handle::~Handle() = default;
Handle::Handle(Handle&&) noexcept = default;

Handle& Handle::operator=(Handle&& other) noexcept {
    ld_ = std::move(other.ld_);  // before what it uses
    watched_ = std::move(other.watched_);
    place_ = std::move(other.place_);
    patience_ = other.patience_;
    return *this;
}

std::string Handle::detail() const {
    char* text = nullptr;
    ldap_get_option(ld_.get(), LDAP_OPT_DIAGNOSTIC_MESSAGE, &text);
    const std::unique_ptr<char, FreeMemory> owner{text};
    if (text == nullptr || *text == '\0')
        return {};
    return ": " + printable(first_code_points(text, longest_detail));
}

tl::unexpected<Error> Handle::failure(int code, std::string_view doing) const {
    if (watched_->watch.has_cut())
        code = LDAP_TIMEOUT;
    const std::string what =
        fmt::format("{} directory {}", doing, place_) + ": " + ldap_err2string(code) + detail();
    // Of ldaps a refused certificate is told like a server that is not there.
    if (code == LDAP_SERVER_DOWN && place_.starts_with("ldaps:") && doing == connecting)
        code = LDAP_CONNECT_ERROR;
    switch (code) {
    case LDAP_INSUFFICIENT_ACCESS:
        return fail(Errc::denied, what, "let directory.bindDn read what is below baseDn");
    case LDAP_TIMEOUT:
    case LDAP_TIMELIMIT_EXCEEDED:
        return fail_as(
            "directory-unavailable", Errc::timeout, what, "see whether it is overloaded"
        );
    case LDAP_CONNECT_ERROR:
        return fail_as(
            "directory-unavailable",
            Errc::unreachable,
            what,
            "see whether it works; its certificate must name the host of directory.url and come "
            "from directory.caFile"
        );
    default:
        return fail_as(
            "directory-unavailable", Errc::unreachable, what, "see whether the directory works"
        );
    }
}

Result<void> Handle::set_up(const Endpoint& endpoint) {
    const timeval patience = time_of(endpoint.patience);
    const int version = LDAP_VERSION3;
    const int strict = LDAP_OPT_X_TLS_DEMAND;
    const int oldest = LDAP_OPT_X_TLS_PROTOCOL_TLS1_2;
    const int client = 0;
    const int never = LDAP_DEREF_NEVER;
    const std::string authorities =
        endpoint.ca_file.empty() ? trusted_by_machine() : endpoint.ca_file;
    struct Option {
        int name;
        const void* value;
    };
    // The last one puts those of TLS into force. Each is set, so that no ldap.conf has a say.
    for (const Option& option :
         {Option{LDAP_OPT_PROTOCOL_VERSION, &version},
          Option{LDAP_OPT_REFERRALS, LDAP_OPT_OFF},
          Option{LDAP_OPT_DEREF, &never},
          Option{LDAP_OPT_NETWORK_TIMEOUT, &patience},
          Option{LDAP_OPT_TIMEOUT, &patience},
          Option{LDAP_OPT_CONNECT_CB, &watched_->callback},
          Option{LDAP_OPT_X_TLS_REQUIRE_CERT, &strict},
          Option{LDAP_OPT_X_TLS_PROTOCOL_MIN, &oldest},
          Option{LDAP_OPT_X_TLS_CACERTFILE, authorities.c_str()},
          Option{LDAP_OPT_X_TLS_NEWCTX, &client}})
        if (ldap_set_option(ld_.get(), option.name, option.value) != LDAP_OPT_SUCCESS)
            return fail(
                Errc::unreachable,
                fmt::format("directory {}: encryption cannot be set up", place_),
                fmt::format("'{}' must be a file with certificates (PEM)", authorities)
            );
    return {};
}

Result<Handle> Handle::open(const Endpoint& endpoint) {
    const std::string url = endpoint.url.written();
    if (!endpoint.url.tls && !endpoint.start_tls && !endpoint.url.loopback)
        return fail(
            Errc::denied,
            fmt::format("directory {}: passwords would cross the network readable", url),
            "use ldaps://, or startTls"
        );
    ::ldap* made = nullptr;
    if (ldap_initialize(&made, url.c_str()) != LDAP_SUCCESS)
        return fail(Errc::internal, fmt::format("directory {} cannot be prepared", url));
    Handle out{std::unique_ptr<::ldap, Close>{made}, url, endpoint.patience};
    if (Result<void> set = out.set_up(endpoint); !set)
        return pass(std::move(set).error());
    if (const int code = ldap_connect(made); code != LDAP_SUCCESS)
        return out.failure(code, connecting);
    Sockbuf* buffer = nullptr;
    ber_len_t most = largest_message;
    if (ldap_get_option(made, LDAP_OPT_SOCKBUF, &buffer) == LDAP_OPT_SUCCESS && buffer != nullptr)
        ber_sockbuf_ctrl(buffer, LBER_SB_OPT_SET_MAX_INCOMING, &most);
    out.watched_->expect();
    if (endpoint.start_tls && !endpoint.url.tls)
        if (const int code = ldap_start_tls_s(made, nullptr, nullptr); code != LDAP_SUCCESS)
            return out.failure(code, "encrypting the connection to");
    out.watched_->watch.rest();
    return out;
}

Result<Message> Handle::next(int id, Wait wait) {
    timeval patience = time_of(patience_);
    ldapmsg* got = nullptr;
    watched_->expect();
    const int kind = ldap_result(
        ld_.get(), id, wait == Wait::all ? LDAP_MSG_ALL : LDAP_MSG_ONE, &patience, &got
    );
    watched_->watch.rest();
    Message out{got};
    if (kind > 0)
        return out;
    if (kind == 0) {
        ldap_abandon_ext(ld_.get(), id, nullptr, nullptr);
        return failure(LDAP_TIMEOUT, "waiting for");
    }
    int code = LDAP_SERVER_DOWN;
    ldap_get_option(ld_.get(), LDAP_OPT_RESULT_CODE, &code);
    return failure(code, "waiting for");
}

Result<void> Handle::bound(ldapmsg* answer) const {
    constexpr std::string_view doing = "signing in at";
    int code = LDAP_SUCCESS;
    const int parsed =
        ldap_parse_result(ld_.get(), answer, &code, nullptr, nullptr, nullptr, nullptr, 0);
    if (parsed != LDAP_SUCCESS)
        return failure(parsed, doing);
    if (code == LDAP_SUCCESS)
        return {};
    Error why = failure(code, doing).value();
    if (!refuses_bind(code))
        return pass(std::move(why));
    return fail_as(
        "bad-credentials", Errc::signed_out, std::move(why.message), "see bindDn and password"
    );
}

Result<RawEntry> Handle::read(ldapmsg* message, const EntryLimits& limits) const {
    RawEntry out;
    BerElement* made = nullptr;
    berval dn{};
    if (ldap_get_dn_ber(ld_.get(), message, &made, &dn) != LDAP_SUCCESS)
        return failure(LDAP_DECODING_ERROR, "reading an entry of");
    struct FreeElement {
        void operator()(BerElement* element) const { ber_free(element, 0); }
    };
    const std::unique_ptr<BerElement, FreeElement> element{made};
    out.entry.dn = view(dn);
    for (;;) {
        berval name{};
        berval* values = nullptr;
        if (ldap_get_attribute_ber(ld_.get(), message, made, &name, &values) != LDAP_SUCCESS)
            return failure(LDAP_DECODING_ERROR, "reading an entry of");
        struct FreeValues {
            void operator()(berval* list) const { ber_memfree(list); }
        };
        const std::unique_ptr<berval, FreeValues> owner{values};
        if (name.bv_val == nullptr)
            return out;
        ValueRange range;
        std::string key = lower_ascii(view(name));
        if (read_range(key, range)) {
            key = range.name;
            out.ranges.push_back(range);
        } else if (key.find(';') != std::string::npos) {
            continue;  // in another language
        }
        take_values(values, list_named(out.entry, key), limits, out);
    }
}

}  // namespace pchat::ldap
