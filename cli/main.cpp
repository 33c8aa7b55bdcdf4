// SPDX-License-Identifier: Apache-2.0
#include "cli/app.h"
#include "cli/ui/fd_stream.h"
#include "cli/ui/pager.h"
#include "cli/ui/terminal.h"
#include "server/app/release_files.h"
#include "server/store/sql/libpq_environment.h"

#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <ctime>
#include <iostream>

namespace {

std::optional<std::string> variable(const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional<std::string>(value) : std::nullopt;
}

pchat::topology::Date today() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
    localtime_r(&now, &local);
    return {local.tm_year + 1900, local.tm_mon + 1, local.tm_mday};
}

}  // namespace

int main(int argc, char** argv) {
    using namespace pchat::cli;
    pchat::sql::forget_libpq_environment();
    pchat::app::use_release_files();
    std::signal(SIGPIPE, SIG_IGN);  // a reader that goes away is seen as EPIPE
    FdBuffer buffer(STDOUT_FILENO);
    std::ostream out(&buffer);
    std::cerr.tie(&out);  // on a terminal both streams keep their order
    Context ctx{
        out, std::cerr, std::cin, judge_terminal(variable), {}, variable, today(), run_pager};
    return close_output(out, buffer, std::cerr, run({argv + (argc > 0 ? 1 : 0), argv + argc}, ctx));
}
