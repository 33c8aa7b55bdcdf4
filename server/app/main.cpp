// SPDX-License-Identifier: Apache-2.0
// pchatd: the chat server.
#include "base/log.h"
#include "base/unicode.h"
#include "base/version.h"
#include "server/app/read_settings.h"
#include "server/app/release_files.h"
#include "server/app/server.h"
#include "server/app/service_manager.h"
#include "server/store/sql/libpq_environment.h"

#include <fmt/format.h>
#include <pthread.h>
#include <unistd.h>

#include <csignal>
#include <ctime>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace pchat;

constexpr std::string_view usage = R"(usage: pchatd [--config FILE] [--check-config] [--announce]
       pchatd --version | --help

The chat server of a pool. Reads FILE (/etc/pchat/pchatd.yaml), see pchatd.yaml(5).

  --config FILE    settings
  --check-config   say what is wrong with the settings, and end
  --announce       print one line of JSON once the server takes connections

SIGTERM and SIGINT end it in an orderly way, SIGHUP makes it read certificates
and the log level again.
)";

constexpr unsigned longest_stop = 25;  // seconds

struct Options {
    std::string config = "/etc/pchat/pchatd.yaml";
    bool check = false;
    bool announce = false;
};

/// What is left to do after reading the command line: an exit code, or to run.
std::optional<int> read_options(const std::vector<std::string_view>& words, Options& out) {
    for (std::size_t i = 0; i < words.size(); ++i) {
        const std::string_view word = words[i];
        if (word == "--config" && i + 1 < words.size()) {
            out.config = words[++i];
        } else if (word == "--check-config") {
            out.check = true;
        } else if (word == "--announce") {
            out.announce = true;
        } else if (word == "--version") {
            std::cout << "pchatd " << version() << '\n';
            return 0;
        } else if (word == "--help" || word == "-h") {
            std::cout << usage;
            return 0;
        } else {
            std::cerr << "pchatd: '" << printable(word) << "' is no option, or lacks its value\n"
                      << "hint: pchatd --help\n";
            return 2;
        }
    }
    return std::nullopt;
}

int report(const Error& error) {
    if (!error.silent) {
        std::cerr << "pchatd: " << printable(error.message) << '\n';
        if (!error.hint.empty())
            std::cerr << "hint: " << printable(error.hint) << '\n';
    }
    return error_class(error.code).exit_code;
}

sigset_t ours() {
    sigset_t out;
    sigemptyset(&out);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&out, signal);
    return out;
}

/// Whether a signal waits that ends us.
bool is_to_end() {
    sigset_t waiting;
    sigemptyset(&waiting);
    ::sigpending(&waiting);
    return sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1;
}

void reload(const Options& options, app::Server& server) {
    const Result<app::Settings> settings = app::read_settings(options.config, std::cerr);
    if (settings)
        log::set_level(*settings->log.level);
    else
        log::error("the settings stay as they were: '{}' has errors", options.config);
    server.reload();
}

/// Until a signal ends it. The watchdog is fed from here: it hears from us only while this loop
/// turns.
int wait_for_end(const Options& options, app::Server& server) {
    const sigset_t signals = ours();
    const auto interval = app::watchdog_interval();
    timespec wait{1, 0};
    if (interval && *interval < std::chrono::seconds{1})
        wait = {0, static_cast<long>(interval->count()) * 1000};
    for (;;) {
        const int signal = ::sigtimedwait(&signals, nullptr, &wait);
        if (signal == SIGHUP) {
            app::notify_service_manager("RELOADING=1");
            reload(options, server);
            app::notify_service_manager("READY=1");
        } else if (signal > 0) {
            log::info("ends on signal {}", signal);
            return 0;
        }
        if (server.is_fenced()) {
            log::error("another server took this one's place in the registry");
            return 1;
        }
        if (interval)
            app::notify_service_manager("WATCHDOG=1");
    }
}

/// What is stored stays stored: a database that hangs must not keep us from ending.
extern "C" void give_up(int /*signal*/) {
    constexpr std::string_view text = "pchatd: ended out of order: the database did not answer\n";
    (void)!::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(1);
}

void announce(const app::Server& server) {
    std::string urls;
    for (const std::string& url : server.urls())
        urls += (urls.empty() ? "\"" : ",\"") + url + "\"";
    std::cout << fmt::format("{{\"urls\":[{}],\"pid\":{}}}\n", urls, ::getpid()) << std::flush;
}

int run(const Options& options) {
    Result<app::Settings> settings = app::read_settings(options.config, std::cerr);
    if (!settings)
        return report(settings.error());
    log::set_level(*settings->log.level);
    // Before there are threads, so that none of them takes one.
    const sigset_t signals = ours();
    ::pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    Result<std::unique_ptr<app::Server>> server = app::Server::start(*settings, is_to_end);
    if (!server) {
        const int code = report(server.error());
        const bool as_told = server.error().code == Errc::interrupted || is_to_end();
        return as_told ? 0 : code;
    }
    for (const std::string& url : (*server)->urls())
        log::info("pchatd {} listens at {}", version(), url);
    app::notify_service_manager("READY=1");
    if (options.announce)
        announce(**server);
    const int code = wait_for_end(options, **server);
    app::notify_service_manager("STOPPING=1");
    std::signal(SIGALRM, give_up);
    ::alarm(longest_stop);
    (*server)->stop();
    return code;
}

}  // namespace

int main(int argc, char** argv) {
    sql::forget_libpq_environment();
    app::use_release_files();
    Options options;
    const std::vector<std::string_view> words(argv + 1, argv + argc);
    if (const std::optional<int> code = read_options(words, options))
        return *code;
    if (options.check)
        return app::check_config(options.config, std::cout, std::cerr);
    return run(options);
}
