// SPDX-License-Identifier: Apache-2.0
#include "server/store/sql/scram.h"

#include "base/unicode.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <array>

namespace pchat::sql {
namespace {

using Key = std::array<unsigned char, 32>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string base64(std::string_view data) {
    std::string out((data.size() + 2) / 3 * 4 + 1, '\0');
    const int length = EVP_EncodeBlock(
        reinterpret_cast<unsigned char*>(out.data()), bytes_of(data), static_cast<int>(data.size())
    );
    out.resize(static_cast<std::size_t>(length));
    return out;
}

std::string_view text_of(const Key& key) {
    return {reinterpret_cast<const char*>(key.data()), key.size()};
}

Key hmac(const Key& key, std::string_view text) {
    Key out{};
    unsigned int length = 0;
    HMAC(
        EVP_sha256(),
        key.data(),
        static_cast<int>(key.size()),
        bytes_of(text),
        text.size(),
        out.data(),
        &length
    );
    return out;
}

void append_utf16(std::string& out, char32_t code_point) {
    const auto unit = [&out](std::uint32_t value) {
        out += static_cast<char>(value & 0xFFU);
        out += static_cast<char>(value >> 8U);
    };
    const auto value = static_cast<std::uint32_t>(code_point);
    if (value < 0x10000U) {
        unit(value);
        return;
    }
    unit(0xD800U + ((value - 0x10000U) >> 10U));
    unit(0xDC00U + ((value - 0x10000U) & 0x3FFU));
}

}  // namespace

std::string scram_sha256_verifier(const Secret& password, std::string_view salt, int iterations) {
    // Clients prepare the password the same way before they prove that they know it.
    const Secret prepared{saslprep(password.reveal())};
    Key salted{};
    PKCS5_PBKDF2_HMAC(
        prepared.reveal().data(),
        static_cast<int>(prepared.reveal().size()),
        bytes_of(salt),
        static_cast<int>(salt.size()),
        iterations,
        EVP_sha256(),
        static_cast<int>(salted.size()),
        salted.data()
    );
    const Key client = hmac(salted, "Client Key");
    const Key server = hmac(salted, "Server Key");
    Key stored{};
    unsigned int length = 0;
    EVP_Digest(client.data(), client.size(), stored.data(), &length, EVP_sha256(), nullptr);
    return fmt::format(
        "SCRAM-SHA-256${}:{}${}:{}",
        iterations,
        base64(salt),
        base64(text_of(stored)),
        base64(text_of(server))
    );
}

std::string sqlserver_password_hash(const Secret& password, std::string_view salt) {
    std::string data;
    data.reserve(password.reveal().size() * 4 + salt.size());  // never moved: it holds the password
    for (std::size_t at = 0; at < password.reveal().size();)
        append_utf16(data, next_code_point(password.reveal(), at));
    data += salt;
    const Secret salted{std::move(data)};
    std::array<unsigned char, 64> digest{};
    unsigned int length = 0;
    EVP_Digest(
        salted.reveal().data(),
        salted.reveal().size(),
        digest.data(),
        &length,
        EVP_sha512(),
        nullptr
    );
    std::string out = "0x0200";
    for (const char c : salt)
        out += fmt::format("{:02X}", static_cast<unsigned char>(c));
    for (const unsigned char c : digest)
        out += fmt::format("{:02X}", c);
    return out;
}

Result<std::string> random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
        return fail(Errc::internal, "the system gives no random numbers");
    return out;
}

}  // namespace pchat::sql
