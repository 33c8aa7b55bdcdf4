// SPDX-License-Identifier: Apache-2.0
#include "base/guarded.h"
#include "server/net/listener.h"
#include "server/net/tls_channel.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string_view>

namespace pchat::net {
namespace {

using SharedSettings = std::shared_ptr<SSL_CTX>;

// The last word of OpenSSL, and an empty queue for the next call.
std::string openssl_reason() {
    const unsigned long code = ERR_peek_last_error();
    ERR_clear_error();
    const char* reason = ERR_reason_error_string(code);
    return reason == nullptr ? "unknown reason" : reason;
}

Result<void> check_readable(std::string_view what, const std::string& file) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> opened{
        std::fopen(file.c_str(), "r"), &std::fclose};
    if (opened)
        return {};
    const int why = errno;
    return fail(
        Errc::bad_file,
        fmt::format("the {} '{}' cannot be read: {}", what, file, std::strerror(why)),
        why == EACCES ? "let the account of pchatd read it" : "check the path in the configuration"
    );
}

// Without this OpenSSL would ask at the terminal.
int give_no_passphrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) {
    return 0;
}

// HTTP/1.1 or nothing: a client that asks for other protocols only is refused in the handshake.
int choose_protocol(
    SSL* /*connection*/,
    const unsigned char** chosen,
    unsigned char* length,
    const unsigned char* offered,
    unsigned offered_length,
    void* /*data*/
) {
    static constexpr unsigned char ours[] = "\x08http/1.1";
    unsigned char* match = nullptr;
    const int found =
        SSL_select_next_proto(&match, length, ours, sizeof ours - 1, offered, offered_length);
    if (found != OPENSSL_NPN_NEGOTIATED)
        return SSL_TLSEXT_ERR_ALERT_FATAL;
    *chosen = match;
    return SSL_TLSEXT_ERR_OK;
}

SharedSettings new_settings() {
    SharedSettings made{SSL_CTX_new(TLS_server_method()), &SSL_CTX_free};
    SSL_CTX* settings = made.get();
    SSL_CTX_set_min_proto_version(settings, TLS1_2_VERSION);
    SSL_CTX_set_options(
        settings, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF
    );
    // Idle connections give their record buffers (two of 17 kB) back; what is retried may lie
    // elsewhere than before, because it is gathered anew.
    SSL_CTX_set_mode(
        settings,
        SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
            SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER
    );
    SSL_CTX_set_session_cache_mode(settings, SSL_SESS_CACHE_OFF);  // tickets resume without it
    SSL_CTX_set_default_passwd_cb(settings, give_no_passphrase);
    SSL_CTX_set_alpn_select_cb(settings, choose_protocol, nullptr);
    return made;
}

std::string date_text(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1)
        return "an unreadable date";
    return fmt::format(
        "{:04}-{:02}-{:02} {:02}:{:02} UTC",
        parts.tm_year + 1900,
        parts.tm_mon + 1,
        parts.tm_mday,
        parts.tm_hour,
        parts.tm_min
    );
}

Result<void> check_dates(const std::string& file, const X509* certificate) {
    if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
        return fail(
            Errc::bad_file,
            fmt::format(
                "the certificate '{}' expired on {}",
                file,
                date_text(X509_get0_notAfter(certificate))
            ),
            "renew it and put the new one in its place"
        );
    if (X509_cmp_current_time(X509_get0_notBefore(certificate)) > 0)
        return fail(
            Errc::bad_file,
            fmt::format(
                "the certificate '{}' is not valid before {}",
                file,
                date_text(X509_get0_notBefore(certificate))
            ),
            "check the clock of this machine: date --utc"
        );
    return {};
}

Result<void> use_files(SSL_CTX* settings, const TlsFiles& files) {
    if (auto readable = check_readable("certificate", files.certificate); !readable)
        return readable;
    if (auto readable = check_readable("key", files.key); !readable)
        return readable;
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(settings, files.certificate.c_str()) != 1)
        return fail(
            Errc::bad_file,
            fmt::format("the certificate '{}' is no good: {}", files.certificate, openssl_reason()),
            "it has to be PEM: the certificate of the server first, then those that signed it"
        );
    if (auto valid = check_dates(files.certificate, SSL_CTX_get0_certificate(settings)); !valid)
        return valid;
    if (SSL_CTX_use_PrivateKey_file(settings, files.key.c_str(), SSL_FILETYPE_PEM) == 1)
        return {};
    const int library = ERR_GET_LIB(ERR_peek_last_error());
    const int reason = ERR_GET_REASON(ERR_peek_last_error());
    const std::string text = openssl_reason();
    if (library == ERR_LIB_X509 && reason == X509_R_KEY_VALUES_MISMATCH)
        return fail(
            Errc::bad_file,
            fmt::format(
                "the key '{}' does not belong to the certificate '{}'", files.key, files.certificate
            ),
            "both have to come from the same request"
        );
    return fail(
        Errc::bad_file,
        fmt::format("the key '{}' is no good: {}", files.key, text),
        "it has to be PEM and not encrypted: openssl pkey -in KEY -out PLAIN"
    );
}

Result<SharedSettings> load(const TlsFiles& files) {
    SharedSettings settings = new_settings();
    if (auto used = use_files(settings.get(), files); !used)
        return pass(std::move(used).error());
    return settings;
}

class FileContext : public TlsContext {
public:
    FileContext(TlsFiles files, SharedSettings settings)
        : files_(std::move(files)), settings_(std::move(settings)) {}

    Result<void> reload() override {
        auto fresh = load(files_);
        if (!fresh)
            return pass(std::move(fresh).error());
        settings_.with([&](SharedSettings& now) { now = *fresh; });
        return {};
    }

    std::unique_ptr<Channel> channel(int socket) override {
        const auto settings = settings_.with([](const SharedSettings& now) { return now; });
        return tls_channel(settings.get(), socket);
    }

private:
    TlsFiles files_;
    Guarded<SharedSettings> settings_;
};

}  // namespace

Result<std::shared_ptr<TlsContext>> load_tls(const TlsFiles& files) {
    auto settings = load(files);
    if (!settings)
        return pass(std::move(settings).error());
    return std::make_shared<FileContext>(files, std::move(*settings));
}

}  // namespace pchat::net
