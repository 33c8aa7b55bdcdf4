// SPDX-License-Identifier: Apache-2.0
#include "server/service/pool_drain.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace pchat {
namespace {

std::string fact_of(ServerId server) {
    return fmt::format("drain.{}", server.value);
}

}  // namespace

Result<std::optional<Drain>> read_drain(ContentTransaction& tx, ServerId server) {
    const auto text = tx.registry().fact(fact_of(server));
    if (!text)
        return pass(text.error());
    if (!*text)
        return std::nullopt;
    const auto in = nlohmann::json::parse(**text, nullptr, /*allow_exceptions=*/false);
    if (!in.is_object() || !in.contains("until") || !in["until"].is_number_integer())
        return std::nullopt;
    Drain out;
    out.until = in["until"].get<Microseconds>();
    if (const auto before = in.find("standby"); before != in.end() && *before == true)
        out.before = ServerState::standby;
    return out;
}

Result<void> put_drain(ContentTransaction& tx, ServerId server, const Drain& drain) {
    const nlohmann::json out{
        {"until", drain.until}, {"standby", drain.before == ServerState::standby}};
    return tx.registry().put_fact(fact_of(server), out.dump());
}

}  // namespace pchat
