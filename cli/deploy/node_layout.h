// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <string_view>

// Where things are on a node.
namespace pchat::cli::layout {

inline constexpr std::string_view user = "pchat";  // and group
inline constexpr std::string_view releases = "/opt/pchat/releases";
inline constexpr std::string_view current = "/opt/pchat/current";  // leads to a release
inline constexpr std::string_view server_program = "/opt/pchat/current/bin/pchatd";
inline constexpr std::string_view bus_program = "/opt/pchat/current/bin/nats-server";
inline constexpr std::string_view data = "/var/lib/pchat";
inline constexpr std::string_view deploy_state = "/var/lib/pchat-deploy";
inline constexpr std::string_view log = "/var/log/pchat";  // runit only; systemd has the journal

inline constexpr std::string_view settings = "/etc/pchat/pchatd.yaml";
inline constexpr std::string_view bus_settings = "/etc/pchat/nats.conf";
inline constexpr std::string_view secrets = "/etc/pchat/secrets";
inline constexpr std::string_view tls = "/etc/pchat/tls";
inline constexpr std::string_view systemd_units = "/etc/systemd/system";
inline constexpr std::string_view runit_services = "/etc/sv";

}  // namespace pchat::cli::layout
