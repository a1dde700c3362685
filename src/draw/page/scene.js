'use strict';
// A scene as it comes in the JSON object, and what is worked out from it once:
// boxes and neighbours of cells, and a grid that finds the cell at a point.

const MOST_STRETCH = 3;       // as in draw/paint.c

function bytesOf(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

// Numbers are little-endian in the file, whatever the machine that reads it.
function numbersOf(base64, Kind, read) {
  const bytes = bytesOf(base64), view = new DataView(bytes.buffer);
  const numbers = new Kind(bytes.length / Kind.BYTES_PER_ELEMENT);
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = view[read](Kind.BYTES_PER_ELEMENT * i, true);
  }
  return numbers;
}

const floatsOf = text => numbersOf(text, Float32Array, 'getFloat32');
const doublesOf = text => numbersOf(text, Float64Array, 'getFloat64');

// Integers of 1, 2 or 4 bytes: the text begins with their number of bytes.
function integersOf(text) {
  const kinds = {1: [Int8Array, 'getInt8'], 2: [Int16Array, 'getInt16'],
                 4: [Int32Array, 'getInt32']};
  return Int32Array.from(numbersOf(text.slice(1), ...kinds[text[0]]));
}

// Sums before each entry, and of all.
function startsOf(lengths) {
  const start = new Int32Array(lengths.length + 1);
  lengths.forEach((n, i) => { start[i + 1] = start[i] + n; });
  return start;
}

// [cells x units], a byte a piece, from so many bits a piece as its layer says,
// lowest first; every cell's begin with a new byte.
function piecesOf(page, base64, cells) {
  const bits = page.layers.flatMap(layer => new Array(layer.units).fill(layer.bits));
  const rowBits = bits.reduce((sum, n) => sum + n, 0);
  const packed = bytesOf(base64), row = Math.ceil(rowBits / 8);
  const pieces = new Uint16Array(cells * bits.length);
  for (let cell = 0, out = 0; cell < cells; cell++) {
    let at = 8 * row * cell;
    for (const n of bits) {
      let piece = 0;
      for (let i = 0; i < n; i++, at++) piece |= (packed[at >> 3] >> (at & 7) & 1) << i;
      pieces[out++] = piece;
    }
  }
  return pieces;
}

function decodeScene(page, raw) {
  const scene = {
    page, name: raw.name, model: raw.model, regions: raw.regions,
    complete: raw.complete, count: raw.cells,
    units: page.layers.reduce((sum, layer) => sum + layer.units, 0),
    corner: doublesOf(raw.corner),
    start: startsOf(integersOf(raw.sides)),
    side: integersOf(raw.side),
    wall: integersOf(raw.wall),
    pieces: piecesOf(page, raw.pieces, raw.cells),
    map: floatsOf(raw.map),
    active: integersOf(raw.active), area: floatsOf(raw.area),
    class: integersOf(raw.class),
    boundary: doublesOf(raw.boundary),
  };
  scene.parts = partsOf(raw.parts);
  scene.depth = depthsOf(scene);
  scene.gradient = gradientsOf(scene);
  scene.box = boxesOf(scene);
  scene.other = othersOf(scene);
  scene.grid = gridOf(scene);
  scene.wallSides = sidesByLayer(scene);
  return scene;
}

// Cell to its parts [{class, points}], for cells that have several classes.
function partsOf(raw) {
  const start = startsOf(integersOf(raw.sides)), corner = doublesOf(raw.corner);
  const classes = integersOf(raw.class);
  const parts = new Map();
  integersOf(raw.cell).forEach((cell, i) => {
    const points = corner.slice(2 * start[i], 2 * start[i + 1]);
    if (!parts.has(cell)) parts.set(cell, []);
    parts.get(cell).push({class: classes[i], points});
  });
  return parts;
}

// Those that meet a cell, in words.
function classText(scene, cell) {
  const parts = scene.parts.get(cell);
  if (parts) return parts.map(part => part.class).join(' and ');
  return scene.class[cell] < 0 ? 'none' : String(scene.class[cell]);
}

// The layer of each cell's last wall, -1: it has none.
function depthsOf(scene) {
  const layer = scene.page.layers.flatMap((l, i) => new Array(l.units).fill(i));
  const depth = new Int32Array(scene.count).fill(-1);
  for (let cell = 0; cell < scene.count; cell++) {
    for (let i = scene.start[cell]; i < scene.start[cell + 1]; i++) {
      if (scene.wall[i] >= 0) depth[cell] = Math.max(depth[cell], layer[scene.wall[i]]);
    }
  }
  return depth;
}

// Euclidean norms of the outputs' derivatives along both axes.
function gradientsOf(scene) {
  return Float64Array.from({length: scene.count}, (_, cell) => {
    let square = 0;
    for (let k = 0; k < scene.page.outputs; k++) {
      const [a, b] = formOf(scene, cell, k);
      square += a * a + b * b;
    }
    return Math.sqrt(square);
  });
}

function nextSide(scene, cell, i) {
  return i + 1 < scene.start[cell + 1] ? i + 1 : scene.start[cell];
}

function cornersOf(scene, cell) {
  const points = [];
  for (let i = scene.start[cell]; i < scene.start[cell + 1]; i++) {
    const c = 2 * scene.side[i];
    points.push(scene.corner[c], scene.corner[c + 1]);
  }
  return points;
}

function middleOf(scene, cell) {
  const points = cornersOf(scene, cell);
  let s = 0, t = 0;
  for (let i = 0; i < points.length; i += 2) {
    s += points[i];
    t += points[i + 1];
  }
  return [2 * s / points.length, 2 * t / points.length];
}

// [4 x cells]: s0, t0, s1, t1
function boxesOf(scene) {
  const box = new Float64Array(4 * scene.count);
  for (let cell = 0; cell < scene.count; cell++) {
    let s0 = Infinity, t0 = Infinity, s1 = -Infinity, t1 = -Infinity;
    for (let i = scene.start[cell]; i < scene.start[cell + 1]; i++) {
      const s = scene.corner[2 * scene.side[i]];
      const t = scene.corner[2 * scene.side[i] + 1];
      s0 = Math.min(s0, s); s1 = Math.max(s1, s);
      t0 = Math.min(t0, t); t1 = Math.max(t1, t);
    }
    box.set([s0, t0, s1, t1], 4 * cell);
  }
  return box;
}

// How many times as long a unit of the second axis is drawn: ranges that are not
// alike, as those of different quantities, are drawn to a picture of common form.
function stretchOf({frame: [s0, s1, t0, t1]}) {
  const ratio = (t1 - t0) / (s1 - s0);
  return ratio <= MOST_STRETCH && ratio >= 1 / MOST_STRETCH ? 1 : 0.75 / ratio;
}

function ownersOf(scene) {
  const owner = new Int32Array(scene.side.length);
  for (let cell = 0; cell < scene.count; cell++) {
    owner.fill(cell, scene.start[cell], scene.start[cell + 1]);
  }
  return owner;
}

// For every side the cells behind it: a number, -1 for none, or a list where
// several cells share the side.
function othersOf(scene) {
  const corners = scene.corner.length / 2;
  const owner = ownersOf(scene);
  const end = new Int32Array(scene.side.length);
  const sideOf = new Map();
  for (let cell = 0; cell < scene.count; cell++) {
    for (let i = scene.start[cell]; i < scene.start[cell + 1]; i++) {
      end[i] = scene.side[nextSide(scene, cell, i)];
      sideOf.set(scene.side[i] * corners + end[i], i);
    }
  }
  const other = new Array(scene.side.length).fill(-1);
  const open = [];
  for (let i = 0; i < other.length; i++) {
    const back = sideOf.get(end[i] * corners + scene.side[i]);
    if (back !== undefined) other[i] = owner[back];
    else if (scene.wall[i] >= 0) open.push(i);
  }
  joinOpenSides(scene, owner, end, open, other);
  return other;
}

// Sides that meet only in part: both lie on one line and overlap, so one of them
// has an end of the other on it.
function joinOpenSides(scene, owner, end, open, other) {
  const endsAt = new Map();
  const spans = open.map(i => spanOf(scene, i, end[i]));
  for (const span of spans) {
    for (const corner of [scene.side[span.side], end[span.side]]) {
      if (!endsAt.has(corner)) endsAt.set(corner, []);
      endsAt.get(corner).push(span);
    }
  }
  const tree = treeOf(scene, [...endsAt.keys()], 0), joined = new Set();
  for (const span of spans) {
    for (const corner of cornersOn(scene, tree, span)) {
      for (const second of endsAt.get(corner)) {
        const pair = Math.min(span.side, second.side) * scene.side.length +
            Math.max(span.side, second.side);
        if (second === span || joined.has(pair) || !overlap(span, second)) continue;
        joined.add(pair);
        addOther(other, span.side, owner[second.side]);
        addOther(other, second.side, owner[span.side]);
      }
    }
  }
}

// Corners in a tree: those with a lower coordinate than the node's, and the others;
// axes alternate.
function treeOf(scene, corners, axis) {
  if (!corners.length) return null;
  const place = corner => scene.corner[2 * corner + axis];
  corners.sort((a, b) => place(a) - place(b));
  const middle = corners.length >> 1;
  return {corner: corners[middle], axis, place: place(corners[middle]),
          low: treeOf(scene, corners.slice(0, middle), 1 - axis),
          high: treeOf(scene, corners.slice(middle + 1), 1 - axis)};
}

// Adds those on the part from .. to (0 .. 1) of a span, or very near it, to found.
function findCorners(scene, node, span, from, to, found) {
  if (!node) return;
  const {axis, corner, place} = node, {near} = span;
  const start = span.p[axis], length = span.u[axis];
  const first = start + from * length, last = start + to * length;
  if (isOn(span, scene.corner[2 * corner], scene.corner[2 * corner + 1])) {
    found.push(corner);
  }
  if (Math.min(first, last) <= place + near) {
    const cut = (place + near - start) / length;
    findCorners(scene, node.low, span, first > place + near ? cut : from,
                last > place + near ? cut : to, found);
  }
  if (Math.max(first, last) >= place - near) {
    const cut = (place - near - start) / length;
    findCorners(scene, node.high, span, first < place - near ? cut : from,
                last < place - near ? cut : to, found);
  }
}

function cornersOn(scene, tree, span) {
  const found = [];
  findCorners(scene, tree, span, 0, 1, found);
  return found;
}

function spanOf(scene, side, end) {
  const a = 2 * scene.side[side], b = 2 * end;
  const p = [scene.corner[a], scene.corner[a + 1]];
  const q = [scene.corner[b], scene.corner[b + 1]];
  const u = [q[0] - p[0], q[1] - p[1]], length = Math.hypot(...u);
  return {side, p, q, u, length, near: 1e-9 * (length + Math.hypot(...p))};
}

// How far along a span a point is, and how far off its line.
function along({p, u, length}, s, t) {
  return ((s - p[0]) * u[0] + (t - p[1]) * u[1]) / length;
}

function off({p, u, length}, s, t) {
  return Math.abs((s - p[0]) * u[1] - (t - p[1]) * u[0]) / length;
}

function isOn(span, s, t) {
  const {near, length} = span;
  if (off(span, s, t) > near) return false;
  const place = along(span, s, t);
  return place >= -near && place <= length + near;
}

function overlap(a, b) {
  if (off(a, ...b.p) > a.near || off(a, ...b.q) > a.near) return false;
  const from = along(a, ...b.q), to = along(a, ...b.p);
  return Math.min(to, a.length) - Math.max(from, 0) > a.near;
}

function addOther(other, side, cell) {
  if (other[side] === -1) other[side] = [cell];
  else other[side].push(cell);
}

function behind(scene, side) {
  const other = scene.other[side];
  return other === -1 ? [] : typeof other === 'number' ? [other] : other;
}

function neighboursOf(scene, cell) {
  const found = new Set();
  for (let i = scene.start[cell]; i < scene.start[cell + 1]; i++) {
    for (const other of behind(scene, i)) found.add(other);
  }
  return [...found];
}

function layerOf(page, unit) {
  return page.layers.findIndex(
      layer => unit >= layer.first && unit < layer.first + layer.units);
}

// Corner pairs of the walls of each layer, every wall once, and last those of the
// domain's edge.
function sidesByLayer(scene) {
  const {layers} = scene.page;
  const lists = Array.from({length: layers.length + 1}, () => []);
  const owner = ownersOf(scene);
  const list = layers.flatMap((layer, i) => new Array(layer.units).fill(lists[i]));
  const edge = lists[layers.length];
  for (let i = 0; i < scene.side.length; i++) {
    const other = scene.other[i], cell = owner[i];
    if (typeof other === 'number' && other !== -1 && other < cell) continue;
    const place = scene.wall[i] < 0 ? edge : list[scene.wall[i]];
    place.push(scene.side[i], scene.side[nextSide(scene, cell, i)]);
  }
  return lists.map(corners => Int32Array.from(corners));
}

// A grid of about one box for each two cells: for each box the cells whose own
// box touches it.
function gridOf(scene) {
  const [s0, s1, t0, t1] = scene.page.frame;
  const n = Math.max(1, Math.min(256, Math.ceil(Math.sqrt(scene.count / 2))));
  const grid = {n, s0, t0, ds: (s1 - s0) / n, dt: (t1 - t0) / n, cells: []};
  for (let i = 0; i < n * n; i++) grid.cells.push([]);
  for (let cell = 0; cell < scene.count; cell++) {
    const [a, b, c, d] = scene.box.subarray(4 * cell, 4 * cell + 4);
    const right = gridPlace(grid, c, grid.s0, grid.ds);
    const top = gridPlace(grid, d, grid.t0, grid.dt);
    for (let j = gridPlace(grid, b, grid.t0, grid.dt); j <= top; j++) {
      for (let i = gridPlace(grid, a, grid.s0, grid.ds); i <= right; i++) {
        grid.cells[j * n + i].push(cell);
      }
    }
  }
  return grid;
}

function gridPlace(grid, value, origin, step) {
  return Math.max(0, Math.min(grid.n - 1, Math.floor((value - origin) / step)));
}

function isInside(scene, cell, s, t) {
  for (let i = scene.start[cell]; i < scene.start[cell + 1]; i++) {
    const a = 2 * scene.side[i], b = 2 * scene.side[nextSide(scene, cell, i)];
    const p = scene.corner;
    const turn = (p[b] - p[a]) * (t - p[a + 1]) - (p[b + 1] - p[a + 1]) * (s - p[a]);
    if (turn < 0) return false;
  }
  return true;
}

// The cell at a point, or -1.
function cellAt(scene, s, t) {
  const {grid} = scene;
  const i = gridPlace(grid, s, grid.s0, grid.ds);
  const j = gridPlace(grid, t, grid.t0, grid.dt);
  const found = grid.cells[j * grid.n + i].find(cell => isInside(scene, cell, s, t));
  return found === undefined ? -1 : found;
}

function formOf(scene, cell, output) {
  const first = 3 * (cell * scene.page.outputs + output);
  return scene.map.subarray(first, first + 3);
}

function valueAt(scene, cell, output, s, t) {
  const [a, b, c] = formOf(scene, cell, output);
  return a * s + b * t + c;
}

// One character a unit: 0 .. 9, then a .. z; pieces after that are all written +.
function patternOf(scene, cell, layer) {
  let text = '';
  const first = cell * scene.units + layer.first;
  for (let i = first; i < first + layer.units; i++) {
    text += scene.pieces[i] < 36 ? scene.pieces[i].toString(36) : '+';
  }
  return text;
}

function unitName(page, unit) {
  const layer = page.layers[layerOf(page, unit)];
  return layer ? `${layer.name} unit ${unit - layer.first}` : `unit ${unit}`;
}

function wallName(page, wall) {
  return wall >= 0 ? unitName(page, wall) : `edge of the domain (side ${-1 - wall})`;
}
