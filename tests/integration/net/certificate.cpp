// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/net/certificate.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>
#include <stdexcept>

namespace pchat::test {
namespace {

constexpr long day = 24L * 60 * 60;

template <class Write>
std::string pem(Write write) {
    const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory{BIO_new(BIO_s_mem()), &BIO_free_all};
    if (write(memory.get()) != 1)
        throw std::runtime_error("no PEM could be made");
    char* text = nullptr;
    const long length = BIO_get_mem_data(memory.get(), &text);
    return {text, static_cast<std::size_t>(length)};
}

}  // namespace

net::TlsFiles write_certificate(const TempDir& directory, const std::string& name, int until_days) {
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        EVP_EC_gen("P-256"), &EVP_PKEY_free};
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), (until_days - 2) * day);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), until_days * day);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* subject = X509_get_subject_name(certificate.get());
    const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, text, -1, -1, 0);
    X509_set_issuer_name(certificate.get(), subject);
    if (X509_sign(certificate.get(), key.get(), EVP_sha256()) == 0)
        throw std::runtime_error("the certificate cannot be signed");
    const auto public_part =
        pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate.get()); });
    const auto secret_part = pem([&](BIO* out) {
        return PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
    return {
        directory.write(name + ".pem", public_part).string(),
        directory.write(name + ".key", secret_part).string()};
}

}  // namespace pchat::test
