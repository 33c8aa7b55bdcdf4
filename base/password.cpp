// SPDX-License-Identifier: Apache-2.0
#include "base/password.h"

#include "base/unicode.h"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

namespace pchat {
namespace {

// What OWASP asks for at least: a burst of sign-ins must not take the memory of the rooms.
constexpr unsigned long long operations = 2;
constexpr std::size_t memory = 19ULL * 1024 * 1024;

constexpr std::size_t shortest = 8;
constexpr std::size_t longest = 256;

bool ready() {
    static const bool initialised = sodium_init() >= 0;
    return initialised;
}

}  // namespace

Result<void> check_password(const Secret& password) {
    const std::string_view text = password.reveal();
    if (first_invalid_utf8(text))
        return fail(Errc::invalid, "the password is not UTF-8", "save its file as UTF-8");
    const std::size_t length = count_code_points(text);
    if (length < shortest || length > longest)
        return fail(
            Errc::invalid,
            fmt::format("the password has {} characters", length),
            fmt::format("take {} to {}", shortest, longest)
        );
    const auto control = [](char c) { return (c >= 0 && c < 0x20) || c == 0x7F; };
    if (std::any_of(text.begin(), text.end(), control))
        return fail(
            Errc::invalid,
            "the password holds a control character",
            "one line of text, without tabs"
        );
    return {};
}

Result<std::string> hash_password(const Secret& password) {
    const Secret prepared{saslprep(password.reveal())};
    char hash[crypto_pwhash_STRBYTES];
    if (!ready() || crypto_pwhash_str_alg(
                        hash,
                        prepared.reveal().data(),
                        prepared.reveal().size(),
                        operations,
                        memory,
                        crypto_pwhash_ALG_ARGON2ID13
                    ) != 0)
        return fail(
            Errc::internal,
            "a password could not be hashed",
            fmt::format("{} MiB of memory must be free", memory / 1024 / 1024)
        );
    return std::string{hash};
}

bool password_matches(const Secret& password, std::string_view hash) {
    const Secret prepared{saslprep(password.reveal())};
    const std::string text{hash};  // ends with NUL, as the library wants it
    return ready() && crypto_pwhash_str_verify(
                          text.c_str(), prepared.reveal().data(), prepared.reveal().size()
                      ) == 0;
}

}  // namespace pchat
