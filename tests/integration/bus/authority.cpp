// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/bus/authority.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdexcept>

namespace pchat::test {
namespace {

constexpr long day = 24L * 60 * 60;

void require(bool done, const char* what) {
    if (!done)
        throw std::runtime_error(std::string{"a certificate cannot be made: "} + what);
}

template <class Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory{BIO_new(BIO_s_mem()), &BIO_free_all};
    require(write(memory.get()) == 1, "PEM");
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

void name_it(X509* certificate, const std::string& name, long serial) {
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial);
    X509_gmtime_adj(X509_getm_notBefore(certificate), -day);
    X509_gmtime_adj(X509_getm_notAfter(certificate), day);
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(
        X509_get_subject_name(certificate), "CN", MBSTRING_ASC, text, -1, -1, 0
    );
}

void extend(X509* certificate, int kind, const std::string& value) {
    const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> made{
        X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str()), &X509_EXTENSION_free};
    require(made && X509_add_ext(certificate, made.get(), -1) == 1, value.c_str());
}

}  // namespace

void Authority::Free::operator()(EVP_PKEY* key) const {
    EVP_PKEY_free(key);
}

void Authority::Free::operator()(X509* certificate) const {
    X509_free(certificate);
}

Authority::Authority(const std::string& name)
    : key_(EVP_EC_gen("P-256")), certificate_(X509_new()) {
    name_it(certificate_.get(), name, 1);
    X509_set_issuer_name(certificate_.get(), X509_get_subject_name(certificate_.get()));
    X509_set_pubkey(certificate_.get(), key_.get());
    extend(certificate_.get(), NID_basic_constraints, "critical,CA:TRUE");
    require(X509_sign(certificate_.get(), key_.get(), EVP_sha256()) != 0, "signature");
    const auto text = pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate_.get()); });
    file_ = dir_.write("ca.pem", text).string();
}

bus::TlsFiles Authority::issue(const std::string& name, const std::string& for_whom) const {
    const std::unique_ptr<EVP_PKEY, Free> key{EVP_EC_gen("P-256")};
    const std::unique_ptr<X509, Free> certificate{X509_new()};
    name_it(certificate.get(), name, 2);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate_.get()));
    X509_set_pubkey(certificate.get(), key.get());
    extend(certificate.get(), NID_subject_alt_name, for_whom);
    extend(certificate.get(), NID_ext_key_usage, "serverAuth,clientAuth");
    require(X509_sign(certificate.get(), key_.get(), EVP_sha256()) != 0, "signature");
    const auto public_part =
        pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
    const auto secret_part = pem([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return {
        file_,
        dir_.write(name + ".pem", public_part).string(),
        dir_.write(name + ".key", secret_part).string()};
}

}  // namespace pchat::test
