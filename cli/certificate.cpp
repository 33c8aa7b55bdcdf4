// SPDX-License-Identifier: Apache-2.0
#include "cli/certificate.h"

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
#include <utility>

namespace pchat::cli {
namespace {

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
using Number = std::unique_ptr<BIGNUM, Freed<&BN_free>>;
using Names = std::unique_ptr<GENERAL_NAMES, Freed<&GENERAL_NAMES_free>>;

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

// ---- reading

Memory memory_of(std::string_view text) {
    return Memory{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
}

Certificate read_certificate(std::string_view text) {
    const Memory from = memory_of(text);
    Certificate out{PEM_read_bio_X509(from.get(), nullptr, nullptr, nullptr)};
    ERR_clear_error();
    return out;
}

/// One that is locked with a password is none: without this OpenSSL asks on the terminal.
int no_password(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*user*/) {
    return -1;
}

Key read_key(std::string_view text) {
    const Memory from = memory_of(text);
    Key out{PEM_read_bio_PrivateKey(from.get(), nullptr, &no_password, nullptr)};
    ERR_clear_error();
    return out;
}

Result<Pair> read_pair(const CertifiedKey& pair) {
    Pair out{read_certificate(pair.certificate), read_key(pair.key.reveal())};
    if (!out.certificate || !out.key ||
        X509_check_private_key(out.certificate.get(), out.key.get()) != 1) {
        ERR_clear_error();
        return fail(Errc::bad_file, "the authority's certificate and key are no pair");
    }
    return out;
}

std::int64_t seconds_of(const ASN1_TIME* time) {
    std::tm parts{};
    return ASN1_TIME_to_tm(time, &parts) == 1 ? ::timegm(&parts) : 0;
}

bool is_for_one(X509* certificate, const std::string& name) {
    return app::parse_ip(name)
               ? X509_check_ip_asc(certificate, name.c_str(), 0) == 1
               : X509_check_host(certificate, name.data(), name.size(), 0, nullptr) == 1;
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
    const Number number{BN_bin2bn(bytes, sizeof bytes, nullptr)};
    return number &&
           BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate)) != nullptr;
}

bool set_name(X509* certificate, const std::string& name) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(name.c_str());
    return X509_NAME_add_entry_by_txt(
               X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, bytes, -1, -1, 0
           ) == 1;
}

/// A certificate for this key that lacks issuer, extensions and signature.
Result<Certificate> begin(const std::string& name, EVP_PKEY* key, std::chrono::hours lifetime) {
    Certificate out{X509_new()};
    X509* made = out.get();
    const auto days = static_cast<int>(lifetime.count() / 24);
    const auto seconds = static_cast<long>(lifetime.count() % 24 * 3600);
    // An hour back, for clocks that are slow.
    const bool good =
        key != nullptr && made != nullptr && X509_set_version(made, X509_VERSION_3) == 1 &&
        set_serial(made) && set_name(made, name) &&
        X509_gmtime_adj(X509_getm_notBefore(made), -3600) != nullptr &&
        X509_time_adj_ex(X509_getm_notAfter(made), days, seconds, nullptr) != nullptr &&
        X509_set_pubkey(made, key) == 1;
    if (!good)
        return openssl_failure("making a certificate");
    return out;
}

std::string text_of(const Memory& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size > 0 ? size : 0)};
}

Result<std::string> certificate_text(X509* certificate) {
    const Memory out{BIO_new(BIO_s_mem())};
    if (PEM_write_bio_X509(out.get(), certificate) != 1)
        return openssl_failure("writing a certificate");
    return text_of(out);
}

Result<CertifiedKey> text_of(X509* certificate, EVP_PKEY* key) {
    Result<std::string> text = certificate_text(certificate);
    if (!text)
        return pass(std::move(text).error());
    // The secure kind is wiped when it is freed.
    const Memory out{BIO_new(BIO_s_secmem())};
    if (PEM_write_bio_PKCS8PrivateKey(out.get(), key, nullptr, nullptr, 0, nullptr, nullptr) != 1)
        return openssl_failure("writing a key");
    return CertifiedKey{std::move(*text), Secret{text_of(out)}};
}

Result<Certificate> self_signed(
    const std::string& name, EVP_PKEY* key, std::chrono::hours lifetime
) {
    Result<Certificate> out = begin(name, key, lifetime);
    if (!out)
        return out;
    X509* made = out->get();
    const bool good =
        X509_set_issuer_name(made, X509_get_subject_name(made)) == 1 &&
        add_extension(made, made, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
        add_extension(made, made, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        add_extension(made, made, NID_subject_key_identifier, "hash") &&
        X509_sign(made, key, EVP_sha256()) != 0;
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

/// What outlives its authority would only seem to be good.
bool end_with(X509* made, const X509* issuer) {
    const ASN1_TIME* last = X509_get0_notAfter(issuer);
    return ASN1_TIME_compare(X509_get0_notAfter(made), last) <= 0 ||
           X509_set1_notAfter(made, last) == 1;
}

std::string common_name(const X509* certificate) {
    const X509_NAME* name = X509_get_subject_name(certificate);
    const int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1);
    if (at < 0)
        return {};
    unsigned char* text = nullptr;
    const int size =
        ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    std::string out;
    if (size > 0)
        out.assign(reinterpret_cast<const char*>(text), static_cast<std::size_t>(size));
    OPENSSL_free(text);
    return out;
}

std::string serial_text(const X509* certificate) {
    const Number number{ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr)};
    char* digits = number ? BN_bn2hex(number.get()) : nullptr;
    std::string out = digits == nullptr ? "" : digits;
    OPENSSL_free(digits);
    return out;
}

}  // namespace

Result<CertifiedKey> make_authority(const std::string& name, std::chrono::hours lifetime) {
    const Key key{EVP_EC_gen("P-256")};
    const Result<Certificate> made = self_signed(name, key.get(), lifetime);
    if (!made)
        return pass(made.error());
    return text_of(made->get(), key.get());
}

Result<std::string> extend_authority(const CertifiedKey& authority, std::chrono::hours lifetime) {
    const Result<Pair> old = read_pair(authority);
    if (!old)
        return pass(old.error());
    const Result<Certificate> made =
        self_signed(common_name(old->certificate.get()), old->key.get(), lifetime);
    if (!made)
        return pass(made.error());
    return certificate_text(made->get());
}

Result<CertifiedKey> make_certificate(const CertifiedKey& authority, const CertificateWish& wish) {
    const Result<Pair> by = read_pair(authority);
    if (!by)
        return pass(by.error());
    const Key key{EVP_EC_gen("P-256")};
    Result<Certificate> out = begin(wish.names.front(), key.get(), wish.lifetime);
    if (!out)
        return pass(std::move(out).error());
    X509* made = out->get();
    X509* issuer = by->certificate.get();
    const char* uses = wish.use == CertificateUse::server ? "serverAuth" : "serverAuth,clientAuth";
    const bool good =
        end_with(made, issuer) && X509_set_issuer_name(made, X509_get_subject_name(issuer)) == 1 &&
        add_extension(made, issuer, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(made, issuer, NID_key_usage, "critical,digitalSignature") &&
        add_extension(made, issuer, NID_ext_key_usage, uses) &&
        add_extension(made, issuer, NID_subject_alt_name, alternative_names(wish.names)) &&
        add_extension(made, issuer, NID_subject_key_identifier, "hash") &&
        add_extension(made, issuer, NID_authority_key_identifier, "keyid") &&
        X509_sign(made, by->key.get(), EVP_sha256()) != 0;
    if (!good)
        return openssl_failure(fmt::format("making a certificate for {}", wish.names.front()));
    return text_of(made, key.get());
}

Result<CertificateFacts> certificate_facts(std::string_view certificate) {
    const Certificate read = read_certificate(certificate);
    if (!read)
        return fail(Errc::bad_file, "there is no certificate in it", "it must be a PEM file");
    CertificateFacts out;
    out.subject = common_name(read.get());
    out.serial = serial_text(read.get());
    out.not_before = seconds_of(X509_get0_notBefore(read.get()));
    out.not_after = seconds_of(X509_get0_notAfter(read.get()));
    out.authority = X509_check_ca(read.get()) == 1;
    // No such extension: for everything, which is what the function says by all bits set.
    const std::uint32_t uses = X509_get_extended_key_usage(read.get());
    out.for_servers = (uses & XKU_SSL_SERVER) != 0;
    out.for_clients = (uses & XKU_SSL_CLIENT) != 0;
    return out;
}

bool is_pair(const CertifiedKey& pair) {
    return read_pair(pair).has_value();
}

bool is_for(std::string_view certificate, const std::vector<std::string>& names) {
    const Certificate read = read_certificate(certificate);
    return read && std::all_of(names.begin(), names.end(), [&](const std::string& name) {
               return is_for_one(read.get(), name);
           });
}

bool is_for_just(std::string_view certificate, const std::vector<std::string>& names) {
    if (!is_for(certificate, names))
        return false;
    const Certificate read = read_certificate(certificate);
    const Names all{static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(read.get(), NID_subject_alt_name, nullptr, nullptr)
    )};
    return all && static_cast<std::size_t>(sk_GENERAL_NAME_num(all.get())) == names.size();
}

bool is_signed_by(std::string_view certificate, std::string_view authority) {
    const Certificate read = read_certificate(certificate);
    const Certificate by = read_certificate(authority);
    const bool same =
        read && by && X509_verify(read.get(), X509_get0_pubkey(by.get())) == 1 &&
        X509_NAME_cmp(X509_get_issuer_name(read.get()), X509_get_subject_name(by.get())) == 0;
    ERR_clear_error();
    return same;
}

}  // namespace pchat::cli
