// SPDX-License-Identifier: Apache-2.0
#include "topology/svg_style.h"

namespace pchat::topology {

const std::string_view svg_style = R"css(
text { font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; fill: #1f2933; }
.page { fill: #ffffff; }
.heading { font-size: 22px; font-weight: 700; }
.facts { font-size: 13px; fill: #52606d; }
.title { font-size: 13px; font-weight: 700; }
.line { font-size: 11.5px; fill: #3e4c59; }
.label { font-size: 11px; fill: #3e4c59; }
.frame { fill: #f5f7fa; stroke: #cbd2d9; stroke-width: 1; }
.frame.pool { fill: #eaf2fb; stroke: #7fa8d6; stroke-width: 1.5; }
.frame.machines { fill: #f6fafe; stroke: #a9c6e6; }
.frame.unused { stroke-dasharray: 5 4; }
.box { fill: #ffffff; stroke: #7b8794; stroke-width: 1.2; }
.box.active { fill: #1f5fa8; stroke: #174a84; }
.on-active { fill: #ffffff; }
.box.standby { fill: #ffffff; stroke: #1f5fa8; stroke-width: 1.6; stroke-dasharray: 5 3; }
.box.front-end { stroke: #6b4fa0; stroke-width: 1.6; }
.box.database { stroke: #2f7d5b; stroke-width: 1.6; }
.box.file-store { stroke: #a4660c; stroke-width: 1.6; }
.box.missing { stroke: #b42318; stroke-width: 1.8; stroke-dasharray: 3 3; }
.icon { fill: none; stroke: #52606d; stroke-width: 1.4; stroke-linecap: round; stroke-linejoin: round; }
.icon.on-active { fill: none; stroke: #ffffff; }
.icon.standby { stroke: #1f5fa8; }
.icon.front-end { stroke: #6b4fa0; }
.icon.database { stroke: #2f7d5b; }
.icon.file-store { stroke: #a4660c; }
.icon.missing { stroke: #b42318; }
.edge { fill: none; stroke-width: 1.5; }
.tip { stroke: none; }
.edge.next-hop { stroke: #6b4fa0; } .tip.next-hop { fill: #6b4fa0; }
.edge.database { stroke: #2f7d5b; } .tip.database { fill: #2f7d5b; }
.edge.backup { stroke: #2f7d5b; stroke-dasharray: 8 4; } .tip.backup { fill: #2f7d5b; }
.edge.back-end { stroke: #52606d; } .tip.back-end { fill: #52606d; }
.edge.mirror { stroke: #2f7d5b; stroke-width: 2.4; } .tip.mirror { fill: #2f7d5b; }
.edge.witness { stroke: #52606d; stroke-dasharray: 2 3; } .tip.witness { fill: #52606d; }
.edge.files { stroke: #a4660c; } .tip.files { fill: #a4660c; }
@media screen and (prefers-color-scheme: dark) {
  text { fill: #e4e7eb; }
  .page { fill: #14181d; }
  .facts { fill: #b0bac5; }
  .line, .label { fill: #cbd2d9; }
  .frame { fill: #1b2127; stroke: #3e4c59; }
  .frame.pool { fill: #172636; stroke: #41719f; }
  .frame.machines { fill: #1a2c3f; stroke: #345a80; }
  .box { fill: #242b33; stroke: #7b8794; }
  .box.active { fill: #2f74c0; stroke: #6aa5e3; }
  .on-active { fill: #ffffff; }
  .box.standby { fill: #14202c; stroke: #6aa5e3; }
  .box.front-end { stroke: #a78bda; }
  .box.database { stroke: #55b58b; }
  .box.file-store { stroke: #dba24a; }
  .box.missing { stroke: #f97066; }
  .icon { stroke: #b0bac5; }
  .icon.on-active { fill: none; stroke: #ffffff; }
  .icon.standby { stroke: #6aa5e3; }
  .icon.front-end { stroke: #a78bda; }
  .icon.database { stroke: #55b58b; }
  .icon.file-store { stroke: #dba24a; }
  .icon.missing { stroke: #f97066; }
  .edge.next-hop { stroke: #a78bda; } .tip.next-hop { fill: #a78bda; }
  .edge.database { stroke: #55b58b; } .tip.database { fill: #55b58b; }
  .edge.backup { stroke: #55b58b; } .tip.backup { fill: #55b58b; }
  .edge.back-end { stroke: #b0bac5; } .tip.back-end { fill: #b0bac5; }
  .edge.mirror { stroke: #55b58b; } .tip.mirror { fill: #55b58b; }
  .edge.witness { stroke: #b0bac5; } .tip.witness { fill: #b0bac5; }
  .edge.files { stroke: #dba24a; } .tip.files { fill: #dba24a; }
}
)css";
;

std::string_view svg_class(BoxKind kind) {
    switch (kind) {
    case BoxKind::front_end:
        return "front-end";
    case BoxKind::machine_active:
        return "active";
    case BoxKind::machine_standby:
        return "standby";
    case BoxKind::database:
        return "database";
    case BoxKind::file_store:
        return "file-store";
    case BoxKind::other_server:
        return "other";
    case BoxKind::missing:
        return "missing";
    }
    return "";
}

std::string_view svg_class(EdgeKind kind) {
    switch (kind) {
    case EdgeKind::next_hop:
        return "next-hop";
    case EdgeKind::database:
        return "database";
    case EdgeKind::backup:
        return "backup";
    case EdgeKind::back_end:
        return "back-end";
    case EdgeKind::mirror:
        return "mirror";
    case EdgeKind::witness:
        return "witness";
    case EdgeKind::files:
        return "files";
    }
    return "";
}

std::string_view svg_class(GroupKind kind) {
    switch (kind) {
    case GroupKind::pool:
        return "pool";
    case GroupKind::machines:
        return "machines";
    case GroupKind::unused:
        return "unused";
    case GroupKind::site:
        return "site";
    case GroupKind::other_servers:
        return "others";
    case GroupKind::databases:
        return "databases";
    case GroupKind::file_stores:
        return "files";
    }
    return "";
}

std::string_view svg_icon(BoxKind kind) {
    switch (kind) {
    case BoxKind::database:
        return "M1 3.5a6 2.5 0 0 1 12 0a6 2.5 0 0 1-12 0v7a6 2.5 0 0 0 12 0v-7"
               "M1 7a6 2.5 0 0 0 12 0";
    case BoxKind::file_store:
        return "M1 12V2.5h4l1.5 2H13V12z";
    case BoxKind::front_end:
        return "M1 7h12M10 4l3 3-3 3M4 4L1 7l3 3";
    case BoxKind::machine_active:
    case BoxKind::machine_standby:
    case BoxKind::other_server:
        return "M1 1.5h12v4.5H1zM1 8h12v4.5H1zM3.5 3.75h.1M3.5 10.25h.1";
    case BoxKind::missing:
        return "M4 5a3 3 0 1 1 4.5 2.6C7.3 8.2 7 8.6 7 9.5M7 12.2v.1";
    }
    return "";
}

}  // namespace pchat::topology
