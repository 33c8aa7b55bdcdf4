// SPDX-License-Identifier: Apache-2.0
#include "topology/picture_layout.h"

#include "topology/picture_boxes.h"
#include "topology/picture_routes.h"

namespace pchat::topology {

Layout lay_out(const Picture& picture) {
    Layout layout;
    const Wiring wiring = wire(picture);
    BoxPlacement boxes(picture, wiring, layout);
    boxes.place_vertically();
    Routing routing(picture, wiring, layout);
    routing.choose_ports_and_tracks(boxes.bottom());
    boxes.place_unused(routing.bottom());
    boxes.place_horizontally(routing.gutter_widths());
    routing.draw(boxes.gutters());
    layout.width = boxes.right();
    layout.height = boxes.bottom();
    return layout;
}

}  // namespace pchat::topology
