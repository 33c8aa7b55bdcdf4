// SPDX-License-Identifier: Apache-2.0
#include "cli/local_server/certificates.h"

#include "cli/local_server/secret_file.h"
#include "server/app/ip_address.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <optional>
#include <utility>

namespace pchat::cli {
namespace {

constexpr long day = 24L * 60 * 60;
constexpr long authority_lifetime = 3650 * day;
constexpr long certificate_lifetime = 397 * day;  // what clients put up with at most
constexpr long renewed_before = 30 * day;

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Certificate = std::unique_ptr<X509, Freed<&X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<&EVP_PKEY_free>>;
using Memory = std::unique_ptr<BIO, Freed<&BIO_free>>;

struct Pair {
    Certificate certificate;
    Key key;
};

tl::unexpected<Error> openssl_failure(std::string_view doing) {
    const char* reason = ERR_reason_error_string(ERR_peek_last_error());
    ERR_clear_error();
    return fail(
        Errc::internal,
        fmt::format("{} failed: {}", doing, reason == nullptr ? "unknown reason" : reason)
    );
}

// ---- reading what is there

Memory memory_of(std::string_view text) {
    return Memory{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

/// Nothing when one of the two is missing or unreadable: then both are made anew.
std::optional<Pair> read_pair(const std::string& certificate, const std::string& key) {
    const Result<std::optional<Secret>> text = read_secret_file(certificate);
    const Result<std::optional<Secret>> key_text = read_secret_file(key);
    if (!text || !*text || !key_text || !*key_text)
        return std::nullopt;
    const Memory from = memory_of((*text)->reveal());
    const Memory key_from = memory_of((*key_text)->reveal());
    Pair out;
    out.certificate.reset(PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr));
    out.key.reset(PEM_read_bio_PrivateKey(key_from.get(), nullptr, nullptr, nullptr));
    ERR_clear_error();
    if (!out.certificate || !out.key ||
        X509_check_private_key(out.certificate.get(), out.key.get()) != 1)
        return std::nullopt;
    return out;
}

bool lasts(const Pair& pair) {
    std::time_t then = std::time(nullptr) + renewed_before;
    return X509_cmp_time(X509_get0_notAfter(pair.certificate.get()), &then) > 0 &&
           X509_cmp_current_time(X509_get0_notBefore(pair.certificate.get())) < 0;
}

bool is_for(const Pair& pair, const std::vector<std::string>& names) {
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        X509* certificate = pair.certificate.get();
        return app::parse_ip(name)
                   ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
                   : X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1;
    });
}

bool is_signed_by(const Pair& pair, const Pair& authority) {
    const bool same = X509_verify(pair.certificate.get(), authority.key.get()) == 1;
    ERR_clear_error();
    return same;
}

// ---- making

bool add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
    const bool added = made != nullptr && X509_add_ext(certificate, made, -1) == 1;
    X509_EXTENSION_free(made);
    return added;
}

bool set_serial(X509* certificate) {
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    bytes[0] &= 0x7F;
    const std::unique_ptr<BIGNUM, Freed<&BN_free>> number{BN_bin2bn(bytes, sizeof bytes, nullptr)};
    return number &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name(X509* certificate, const std::string& name) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
    return X509_NAME_add_entry_by_txt(
               X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, bytes, -1, -1, 0
           ) == 1;
}

/// A key and a certificate that lacks extensions and signature.
Result<Pair> begin(const std::string& name, long lifetime) {
    Pair out{Certificate{X509_new()}, Key{EVP_EC_gen("P-256")}};
    X509* made = out.certificate.get();
    // An hour back, for clocks that are slow.
    const bool good = out.key && made != nullptr && X509_set_version(made, X509_VERSION_3) == 1 &&
                      set_serial(made) && set_name(made, name) &&
                      X509_gmtime_adj(X509_getm_notBefore(made), -3600) != nullptr &&
                      X509_gmtime_adj(X509_getm_notAfter(made), lifetime) != nullptr &&
                      X509_set_pubkey(made, out.key.get()) == 1;
    if (!good)
        return openssl_failure("making a certificate");
    return out;
}

Result<Pair> make_authority() {
    Result<Pair> out = begin("pchat local authority", authority_lifetime);
    if (!out)
        return out;
    X509* made = out->certificate.get();
    const bool good =
        X509_set_issuer_name(made, X509_get_subject_name(made)) == 1 &&
        add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(made, made, NID_subject_key_identifier, "hash") &&
        X509_sign(made, out->key.get(), EVP_sha256()) != 0;
    if (!good)
        return openssl_failure("making the certificate authority");
    return out;
}

std::string alternative_names(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names)
        out += fmt::format(
            "{}{}:{}", out.empty() ? "" : ",", app::parse_ip(name) ? "IP" : "DNS", name
        );
    return out;
}

Result<Pair> make_certificate(const Pair& authority, const std::vector<std::string>& names) {
    Result<Pair> out = begin(names.front(), certificate_lifetime);
    if (!out)
        return out;
    X509* made = out->certificate.get();
    X509* issuer = authority.certificate.get();
    const bool good = X509_set_issuer_name(made, X509_get_subject_name(issuer)) == 1 &&
                      add_extension(made, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
                      add_extension(made, issuer, NID_key_usage, "critical,digitalSignature") &&
                      add_extension(made, issuer, NID_ext_key_usage, "serverAuth") &&
                      add_extension(made, issuer, NID_subject_alt_name, alternative_names(names)) &&
                      add_extension(made, issuer, NID_subject_key_identifier, "hash") &&
                      add_extension(made, issuer, NID_authority_key_identifier, "keyid") &&
                      X509_sign(made, authority.key.get(), EVP_sha256()) != 0;
    if (!good)
        return openssl_failure("making the server's certificate");
    return out;
}

std::string text_of(const Memory& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size > 0 ? size : 0)};
}

/// The key first: a certificate without its key is found to be no pair, and made anew.
Result<void> write_pair(const Pair& pair, const std::string& certificate, const std::string& key) {
    const Memory out{BIO_new(BIO_s_mem())};
    const Memory key_out{BIO_new(BIO_s_mem())};
    if (PEM_write_bio_X509(out.get(), pair.certificate.get()) != 1 ||
        PEM_write_bio_PKCS8PrivateKey(
            key_out.get(), pair.key.get(), nullptr, nullptr, 0, nullptr, nullptr
        ) != 1)
        return openssl_failure("writing a certificate");
    if (Result<void> written = write_secret_file(key, text_of(key_out), 0600); !written)
        return written;
    return write_secret_file(certificate, text_of(out), 0644);
}

}  // namespace

Result<void> ensure_certificates(
    const CertificateFiles& files, const std::vector<std::string>& names
) {
    std::optional<Pair> authority = read_pair(files.authority, files.authority_key);
    if (!authority || !lasts(*authority)) {
        Result<Pair> made = make_authority();
        if (!made)
            return pass(std::move(made).error());
        if (auto written = write_pair(*made, files.authority, files.authority_key); !written)
            return written;
        authority = std::move(*made);
    }
    const std::optional<Pair> there = read_pair(files.certificate, files.key);
    if (there && lasts(*there) && is_for(*there, names) && is_signed_by(*there, *authority))
        return {};
    const Result<Pair> made = make_certificate(*authority, names);
    if (!made)
        return pass(made.error());
    return write_pair(*made, files.certificate, files.key);
}

}  // namespace pchat::cli
