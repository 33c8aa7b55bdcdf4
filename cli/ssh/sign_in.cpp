// SPDX-License-Identifier: Apache-2.0
#include "cli/ssh/sign_in.h"

#include "cli/ssh/ssh_session.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <libssh/libssh.h>

#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace pchat::cli {
namespace {

using Key = std::unique_ptr<ssh_key_struct, decltype(&ssh_key_free)>;

/// Called for a key with a passphrase, which nobody here knows.
int note_question(
    const char* /*prompt*/,
    char* /*answer*/,
    std::size_t /*size*/,
    int /*echo*/,
    int /*verify*/,
    void* asked
) {
    *static_cast<bool*>(asked) = true;
    return -1;
}

std::string methods_text(unsigned methods) {
    struct Method {
        unsigned bit;
        std::string_view name;
    };
    constexpr std::array all{
        Method{SSH_AUTH_METHOD_PUBLICKEY, "keys"},
        Method{SSH_AUTH_METHOD_PASSWORD, "passwords"},
        Method{SSH_AUTH_METHOD_INTERACTIVE, "questions"},
        Method{SSH_AUTH_METHOD_HOSTBASED, "trusted hosts"},
        Method{SSH_AUTH_METHOD_GSSAPI_MIC, "Kerberos"}};
    std::vector<std::string_view> names;
    for (const Method& method : all)
        if ((methods & method.bit) != 0)
            names.push_back(method.name);
    return names.empty() ? "nothing" : fmt::format("{}", fmt::join(names, ", "));
}

/// One way in after the other.
class SignIn {
public:
    SignIn(SshSession& session, const SshWish& wish) : session_(session), wish_(wish) {}

    Result<void> run() {
        const Result<bool> open = judge([&] { return ssh_userauth_none(session_.raw(), nullptr); });
        if (!open || *open)
            return outcome(open);
        const unsigned methods = methods_left();
        if ((methods & SSH_AUTH_METHOD_PUBLICKEY) == 0)
            return fail(
                Errc::denied,
                fmt::format("{}: it takes no keys, only {}", who(), methods_text(methods)),
                "allow keys on the machine: PubkeyAuthentication yes in sshd_config"
            );
        // Machines let one try only a few keys, so what was named comes first.
        const bool named = !wish_.identities.empty();
        if (const Result<bool> in = named ? try_files() : try_agent(); !in || *in)
            return outcome(in);
        if (const Result<bool> in = named ? try_agent() : try_files(); !in || *in)
            return outcome(in);
        return denied();
    }

private:
    static Result<void> outcome(const Result<bool>& in) {
        if (!in)
            return pass(in.error());
        return {};
    }

    [[nodiscard]] std::string who() const {
        return fmt::format("{}@{}", session_.point().user, session_.place());
    }

    [[nodiscard]] unsigned methods_left() const {
        return static_cast<unsigned>(ssh_userauth_list(session_.raw(), nullptr));
    }

    [[nodiscard]] std::vector<std::string> identities() const {
        if (!wish_.identities.empty())
            return wish_.identities;
        const std::string folder = wish_.home + "/.ssh/";
        return {folder + "id_ed25519", folder + "id_ecdsa", folder + "id_rsa"};
    }

    /// Whether that way was good enough.
    template <class Way>
    Result<bool> judge(Way way) {
        const auto deadline = SshSession::Clock::now() + wish_.patience;
        int rc = way();
        // By itself libssh would wait for a server that has hung up.
        while (rc == SSH_AUTH_AGAIN && SshSession::Clock::now() < deadline) {
            if (!session_.wait(deadline))
                return broken();
            rc = way();
        }
        if (rc == SSH_AUTH_SUCCESS)
            return true;
        if (rc == SSH_AUTH_DENIED)
            return false;
        if (rc == SSH_AUTH_AGAIN)
            return fail(
                Errc::unreachable,
                fmt::format("{}: no answer to a key within {} s", who(), wish_.patience.count()),
                "is the machine overloaded?"
            );
        if (rc != SSH_AUTH_PARTIAL)
            return broken();
        return fail(
            Errc::denied,
            fmt::format(
                "{}: the key is good, but the machine asks for more: {}",
                who(),
                methods_text(methods_left())
            ),
            "let this user in with a key alone: AuthenticationMethods in sshd_config"
        );
    }

    Result<bool> try_agent() {
        if (wish_.agent.empty())
            return false;
        tried_.push_back(fmt::format("the agent at {}", wish_.agent));
        return judge([&] { return ssh_userauth_agent(session_.raw(), nullptr); });
    }

    Result<bool> try_files() {
        for (const std::string& file : identities())
            if (Result<bool> in = try_file(file); !in || *in)
                return in;
        return false;
    }

    Result<bool> try_file(const std::string& file) {
        bool locked = false;
        ssh_key raw = nullptr;
        const int rc =
            ssh_pki_import_privkey_file(file.c_str(), nullptr, note_question, &locked, &raw);
        const Key key{raw, &ssh_key_free};
        if (rc == SSH_EOF) {  // it cannot be opened: no matter for one that nobody named
            if (!wish_.identities.empty())
                tried_.push_back(file + " (it cannot be read)");
            return false;
        }
        if (rc != SSH_OK) {
            tried_.push_back(file + (locked ? " (it has a passphrase)" : " (it is no key)"));
            if (locked && locked_.empty())
                locked_ = file;
            return false;
        }
        tried_.push_back(file);
        return judge([&] { return ssh_userauth_publickey(session_.raw(), nullptr, key.get()); });
    }

    [[nodiscard]] tl::unexpected<Error> broken() const {
        if (tried_.empty())
            return session_.lost();
        // Servers hang up after some keys, without a word that would reach us.
        return fail(
            Errc::denied,
            fmt::format(
                "{}: the machine hung up while keys were tried: {}", who(), fmt::join(tried_, ", ")
            ),
            "these may be more keys than the machine lets anybody try: load only the right one "
            "into the agent, or name its file alone: --identity"
        );
    }

    [[nodiscard]] tl::unexpected<Error> denied() const {
        std::string hint = fmt::format(
            "let a key in there: ssh-copy-id -p {} {}@{}",
            session_.point().port,
            session_.point().user,
            session_.point().host
        );
        if (!locked_.empty())
            hint = fmt::format("load the key into the agent: ssh-add {}", locked_);
        else if (tried_.empty())
            hint = "make a key with ssh-keygen, then " + hint;
        return fail(
            Errc::denied,
            tried_.empty()
                ? fmt::format("{}: there is no key to sign in with", who())
                : fmt::format(
                      "{}: no key is good enough; tried {}", who(), fmt::join(tried_, ", ")
                  ),
            hint
        );
    }

    SshSession& session_;
    const SshWish& wish_;
    std::vector<std::string> tried_;
    std::string locked_;  // the first one with a passphrase
};

}  // namespace

Result<void> sign_in(SshSession& session, const SshWish& wish) {
    return SignIn{session, wish}.run();
}

}  // namespace pchat::cli
