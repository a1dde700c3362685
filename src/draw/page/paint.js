'use strict';
// Draws what a camera sees of a scene. A camera is {s, t, scale, stretch, width,
// height}: the point in the middle, pixels a unit of the first axis, how many times
// as many a unit of the second axis, and a size in pixels.

const SHADED_FROM = 10;       // pixels: smaller cells get one colour
const CELLS_A_PATH = 100;
const WALLS_A_PATH = 2000;
const SEAM = 1.5;             // pixels
const FAR = 4000;             // pixels: what lies farther outside is clipped

function toX(camera, s) {
  return (s - camera.s) * camera.scale + camera.width / 2;
}

function toY(camera, t) {
  return camera.height / 2 - (t - camera.t) * camera.scale * camera.stretch;
}

function toPoint(camera, x, y) {
  return [camera.s + (x - camera.width / 2) / camera.scale,
          camera.t + (camera.height / 2 - y) / (camera.scale * camera.stretch)];
}

// [s0, t0, s1, t1], farther by some pixels on all sides
function boxOf(camera, pixels) {
  const ds = (camera.width / 2 + pixels) / camera.scale;
  const dt = (camera.height / 2 + pixels) / (camera.scale * camera.stretch);
  return [camera.s - ds, camera.t - dt, camera.s + ds, camera.t + dt];
}

function visibleCells(scene, camera) {
  const [s0, t0, s1, t1] = boxOf(camera, 2);
  const found = [], {box} = scene;
  for (let cell = 0, i = 0; cell < scene.count; cell++, i += 4) {
    if (box[i] <= s1 && box[i + 2] >= s0 && box[i + 1] <= t1 && box[i + 3] >= t0) {
      found.push(cell);
    }
  }
  return found;
}

// A polygon without its part beyond a line x = limit or y = limit.
function cutPolygon(points, axis, sign, limit) {
  const out = [];
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length;
    const here = sign * (limit - points[i + axis]);
    const there = sign * (limit - points[j + axis]);
    if (here >= 0) out.push(points[i], points[i + 1]);
    if ((here >= 0) !== (there >= 0)) {
      const share = here / (here - there);
      out.push(points[i] + share * (points[j] - points[i]),
               points[i + 1] + share * (points[j + 1] - points[i + 1]));
    }
  }
  return out;
}

function cutToView(points, width, height, margin) {
  let kept = cutPolygon(points, 0, 1, width + margin);
  kept = cutPolygon(kept, 0, -1, -margin);
  kept = cutPolygon(kept, 1, 1, height + margin);
  return cutPolygon(kept, 1, -1, -margin);
}

// A cell's corners in pixels.
function pixelsOf(scene, cell, camera) {
  return toPixels(cornersOf(scene, cell), camera);
}

// Changes points to pixels; a very large polygon is cut near the view, because
// pictures hold coordinates in single precision.
function toPixels(points, camera) {
  let far = 0;
  for (let i = 0; i < points.length; i += 2) {
    points[i] = toX(camera, points[i]);
    points[i + 1] = toY(camera, points[i + 1]);
    far = Math.max(far, Math.abs(points[i]), Math.abs(points[i + 1]));
  }
  return far < FAR ? points : cutToView(points, camera.width, camera.height, 100);
}

function tracePolygon(context, points) {
  if (!points.length) return;
  context.moveTo(points[0], points[1]);
  for (let i = 2; i < points.length; i += 2) context.lineTo(points[i], points[i + 1]);
  context.closePath();
}

// Straight from one point in pixels to another, cut near the view; null outside.
function cutSegment(x0, y0, x1, y1, camera) {
  const far = Math.max(Math.abs(x0), Math.abs(y0), Math.abs(x1), Math.abs(y1));
  if (far < FAR) return [x0, y0, x1, y1];
  const points = cutToView([x0, y0, x1, y1], camera.width, camera.height, 100);
  return points.length >= 4 ? points.slice(0, 4) : null;
}

function segmentOf(camera, box, s0, t0, s1, t1) {
  if (Math.max(s0, s1) < box[0] || Math.min(s0, s1) > box[2]) return null;
  if (Math.max(t0, t1) < box[1] || Math.min(t0, t1) > box[3]) return null;
  return cutSegment(toX(camera, s0), toY(camera, t0), toX(camera, s1),
                    toY(camera, t1), camera);
}

function extentOf(scene, cell, camera) {
  const i = 4 * cell, {box} = scene;
  return camera.scale * Math.max(box[i + 2] - box[i],
                                 camera.stretch * (box[i + 3] - box[i + 1]));
}

function shadeFor(look, scene, cell, camera) {
  const {shade} = look.colours;
  return shade && extentOf(scene, cell, camera) > SHADED_FROM ? shade(cell) : null;
}

// Cells of one flat colour together; cells with a ramp of colours apart; those that
// have parts of several colours left out.
function sortByColour(scene, look, camera, cells) {
  const flat = new Map(), shaded = [], {parts} = look.colours;
  for (const cell of cells) {
    if (parts && parts.has(cell)) continue;
    const shade = shadeFor(look, scene, cell, camera);
    if (shade) {
      shaded.push([cell, shade]);
      continue;
    }
    const colour = look.colours.of(cell);
    if (flat.has(colour)) flat.get(colour).push(cell);
    else flat.set(colour, [cell]);
  }
  return {flat, shaded};
}

function* fillCells(context, scene, camera, cells) {
  for (let i = 0; i < cells.length; i += CELLS_A_PATH) {
    context.beginPath();
    for (const cell of cells.slice(i, i + CELLS_A_PATH)) {
      tracePolygon(context, pixelsOf(scene, cell, camera));
    }
    context.fill();
    yield;
  }
}

// [colour or ramp, path]: many cells of one colour in a path, shaded ones and parts
// of cells apart.
function* tracedCells(context, scene, camera, look, cells) {
  const {flat, shaded} = sortByColour(scene, look, camera, cells);
  for (const [colour, cells] of flat) {
    for (let i = 0; i < cells.length; i += CELLS_A_PATH) {
      const path = new Path2D();
      for (const cell of cells.slice(i, i + CELLS_A_PATH)) {
        tracePolygon(path, pixelsOf(scene, cell, camera));
      }
      yield [colour, path];
    }
  }
  for (const [cell, shade] of shaded) {
    const ramp = context.createLinearGradient(...rampOf(shade, camera));
    for (const [place, colour] of shade.stops) ramp.addColorStop(place, colour);
    const path = new Path2D();
    tracePolygon(path, pixelsOf(scene, cell, camera));
    yield [ramp, path];
  }
  for (const [colour, points] of colouredParts(scene, camera, cells, look)) {
    const path = new Path2D();
    tracePolygon(path, points);
    yield [colour, path];
  }
}

// Between two cells whose edges are smoothed, what lies below shines through: where
// no wall hides that, cells of the same colours, a little larger, lie below.
function* paintCells(context, scene, camera, look, cells, isRough) {
  const shapes = [], isUnderlaid = !isRough && hasSeams(look, camera, cells.length);
  context.lineWidth = SEAM * camera.ratio;
  context.lineJoin = 'bevel';
  for (const shape of tracedCells(context, scene, camera, look, cells)) {
    shapes.push(shape);
    if (isUnderlaid) {
      [context.strokeStyle] = shape;
      context.stroke(shape[1]);
    }
    yield;
  }
  for (const [style, path] of shapes) {
    context.fillStyle = style;
    context.fill(path);
    yield;
  }
}

// [colour, polygon in pixels] of the parts of cells with several classes.
function* colouredParts(scene, camera, cells, {colours}) {
  if (!colours.parts) return;
  for (const cell of cells) {
    for (const part of colours.parts.get(cell) || []) {
      yield [colourOfClass(part.class), toPixels([...part.points], camera)];
    }
  }
}

// The ends of a ramp in pixels.
function rampOf(shade, camera) {
  return [toX(camera, shade.from[0]), toY(camera, shade.from[1]),
          toX(camera, shade.to[0]), toY(camera, shade.to[1])];
}

// Walls are thinner where cells are small, so that colours stay visible.
function wallWidth(camera, visible) {
  const size = Math.sqrt(camera.width * camera.height / Math.max(1, visible));
  return Math.max(0.3, Math.min(1.4, size / 16)) * camera.ratio;
}

function hasSeams(look, camera, visible) {
  return !look.walls || wallWidth(camera, visible) < camera.ratio;
}

function* strokeSegments(context, camera, segments) {
  const box = boxOf(camera, 4);
  context.beginPath();
  let traced = 0, seen = 0;
  for (const segment of segments) {
    const line = segmentOf(camera, box, ...segment);
    if (line) {
      context.moveTo(line[0], line[1]);
      context.lineTo(line[2], line[3]);
      traced++;
    }
    if (traced === WALLS_A_PATH) {
      context.stroke();
      context.beginPath();
      traced = 0;
    }
    if (++seen % WALLS_A_PATH === 0) yield;
  }
  context.stroke();
  yield;
}

function* wallSegments(scene, layer) {
  const sides = scene.wallSides[layer], {corner} = scene;
  for (let i = 0; i < sides.length; i += 2) {
    const a = 2 * sides[i], b = 2 * sides[i + 1];
    yield [corner[a], corner[a + 1], corner[b], corner[b + 1]];
  }
}

function* boundarySegments(scene) {
  const points = scene.boundary;
  for (let i = 0; i < points.length; i += 4) {
    yield [points[i], points[i + 1], points[i + 2], points[i + 3]];
  }
}

// The list after those of the layers is the domain's edge.
function lineColour(scene, layer, theme) {
  return layer < scene.page.layers.length ? wallColour(layer) : theme.ink;
}

// A pale line under the walls parts them from the dark end of a scale of colours.
function* paintUnderWalls(context, scene, camera, width) {
  context.strokeStyle = 'rgba(255, 255, 255, 0.5)';
  context.lineWidth = width + 2 * camera.ratio;
  for (let layer = 0; layer < scene.page.layers.length; layer++) {
    yield* strokeSegments(context, camera, wallSegments(scene, layer));
  }
}

function* paintWalls(context, scene, camera, visible, {theme, colours}) {
  const width = wallWidth(camera, visible);
  if (colours.range && width >= camera.ratio) {
    yield* paintUnderWalls(context, scene, camera, width);
  }
  context.lineWidth = width;
  for (let layer = 0; layer < scene.wallSides.length; layer++) {
    context.strokeStyle = lineColour(scene, layer, theme);
    yield* strokeSegments(context, camera, wallSegments(scene, layer));
  }
}

function* paintBoundary(context, scene, camera, theme) {
  for (const [colour, width] of [[theme.paper, 5], [theme.ink, 2.5]]) {
    context.strokeStyle = colour;
    context.lineWidth = width * camera.ratio;
    yield* strokeSegments(context, camera, boundarySegments(scene));
  }
}

function* paintVeil(context, scene, camera, cells, look) {
  context.fillStyle = look.theme.paper;
  context.globalAlpha = 0.78;
  const others = cells.filter(cell => !look.matches.has(cell));
  yield* fillCells(context, scene, camera, others);
  context.globalAlpha = 1;
}

// Everything but marks, in steps: a caller may do other things between two. What is
// rough may have seams between cells, and is painted faster.
function* paintScene(context, scene, camera, look, isRough) {
  const cells = visibleCells(scene, camera);
  context.fillStyle = look.theme.paper;
  context.fillRect(0, 0, camera.width, camera.height);
  yield;
  yield* paintCells(context, scene, camera, look, cells, isRough);
  if (look.matches) yield* paintVeil(context, scene, camera, cells, look);
  context.lineCap = 'round';
  if (look.walls) yield* paintWalls(context, scene, camera, cells.length, look);
  if (look.boundary) yield* paintBoundary(context, scene, camera, look.theme);
}
