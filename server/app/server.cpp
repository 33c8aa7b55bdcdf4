// SPDX-License-Identifier: Apache-2.0
#include "server/app/server.h"

#include "base/log.h"
#include "server/app/server_parts.h"
#include "server/app/startup.h"

#include <chrono>
#include <thread>
#include <utility>

namespace pchat::app {

using namespace std::chrono_literals;

Server::Server() : parts_(std::make_unique<ServerParts>()) {}

Result<std::unique_ptr<Server>> Server::start(
    const Settings& settings, std::function<bool()> is_to_end
) {
    std::unique_ptr<Server> out{new Server};
    ServerParts& parts = *out->parts_;
    parts.is_to_end = std::move(is_to_end);
    if (Result<void> opened = parts.open(settings); !opened)
        return pass(std::move(opened).error());
    if (Result<void> listening = parts.listen(settings); !listening)
        return pass(std::move(listening).error());
    if (Result<void> joined = parts.join_pool(); !joined)
        return pass(std::move(joined).error());
    parts.pool->start();
    parts.start_clocks(registry_lifetime(settings));
    parts.started = true;
    return out;
}

Server::~Server() {
    if (parts_->pool)
        stop();
}

const std::vector<std::string>& Server::urls() const {
    return parts_->urls;
}

void Server::reload() {
    for (const auto& certificate : parts_->certificates)
        if (Result<void> read = certificate->reload(); !read)
            log::error("the certificate stays as it was: {}", read.error().message);
}

bool Server::is_fenced() const {
    return parts_->health.fenced;
}

void Server::stop() {
    ServerParts& parts = *parts_;
    if (std::exchange(parts.stopped, true))
        return;
    parts.health.draining = true;
    for (const auto& listener : parts.listeners)
        listener->stop_accepting();
    const bool has_users = parts.started;  // without threads nobody is there to be told
    if (has_users) {
        // Where the database is away, the others count them until this life is over.
        if (parts.content->answers())
            (void)parts.housekeeping->depart();
        parts.hub->ask_all_to_move(wire::MovedEvent::Reason::shutdown);
    }
    parts.stop_background_soon();
    // What was taken in is stored and answered, or refused by the clock when it cannot be.
    if (parts.chat)
        parts.chat->stop_messages();
    if (has_users) {
        parts.hub->close_all(ws::CloseCode::restart, "the server restarts");
        // Joins that were being recorded are taken back by those threads once they are stored.
        parts.chat->wait_until_stored();
        parts.hub->wait_for_threads();
    }
    if (parts.chat)
        parts.chat->stop_posting();  // compliance has heard of all who left
    parts.stop_clocks();
    parts.hand_over();
    if (parts.bus)
        parts.bus->stop();
    if (parts.peers)
        parts.peers->stop();
    if (parts.site)
        parts.site->stop();
    if (parts.workers)
        parts.workers->stop();
    if (has_users)
        std::this_thread::sleep_for(200ms);  // for the last frames to leave
    parts.pool->stop();
    // Who could not start is lost to the pool, which nobody wanted.
    if (parts.started)
        parts.housekeeping->sign_off();
}

}  // namespace pchat::app
