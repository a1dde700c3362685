'use strict';
// Colours that stay apart for colour-blind readers, the same as in draw/palette.c,
// and the ways in which cells are coloured.

const KINDS = [
  [0.00, 0.45, 0.70], [0.90, 0.60, 0.00], [0.00, 0.62, 0.45], [0.80, 0.40, 0.00],
  [0.80, 0.60, 0.70], [0.35, 0.70, 0.90], [0.95, 0.90, 0.25], [0.30, 0.30, 0.30]];
const SCALE = [
  [0.27, 0.00, 0.33], [0.28, 0.20, 0.48], [0.19, 0.41, 0.56], [0.13, 0.57, 0.55],
  [0.21, 0.72, 0.47], [0.57, 0.84, 0.27], [0.99, 0.91, 0.14]];
const WHITE = [1, 1, 1];
const STEPS = 64;

function mix(a, b, share) {
  return a.map((x, i) => x + share * (b[i] - x));
}

function cssOf(colour) {
  const hex = x => Math.round(255 * x).toString(16).padStart(2, '0');
  return '#' + colour.map(hex).join('');
}

function colourOfKind(i) {
  return KINDS[i % KINDS.length];
}

function colourOfShare(share) {
  if (!(share > 0)) return SCALE[0];
  const place = share * (SCALE.length - 1);
  if (place >= SCALE.length - 1) return SCALE[SCALE.length - 1];
  const i = Math.floor(place);
  return mix(SCALE[i], SCALE[i + 1], place - i);
}

// FNV-1a over the pieces of a cell, then mixed so that its last bits depend on all.
function hashOf(scene, cell) {
  let hash = 0x811c9dc5;
  for (let i = cell * scene.units; i < (cell + 1) * scene.units; i++) {
    hash = Math.imul(hash ^ (scene.pieces[i] & 0xff), 0x01000193);
  }
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

// 8 kinds in 16 lightnesses each.
const HASH_COLOURS = Array.from({length: 128}, (_, i) =>
    cssOf(mix(colourOfKind(i % 8), WHITE, 0.35 + 0.45 * Math.floor(i / 8) / 16)));
const SCALE_COLOURS = Array.from({length: STEPS + 1}, (_, i) =>
    cssOf(colourOfShare(i / STEPS)));

// Numbers below 0 stand for none.
function colourOfClass(i) {
  if (i < 0) return '#999999';
  return cssOf(mix(colourOfKind(i), WHITE, Math.floor(i / 8) % 2 ? 0.75 : 0.35));
}

function rangeOf(values) {
  let low = Infinity, high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? [low, high] : [0, 0];
}

function shareOf(range, value) {
  return range[1] > range[0] ? (value - range[0]) / (range[1] - range[0]) : 0.5;
}

function stepOf(range, value) {
  return Math.round(STEPS * Math.max(0, Math.min(1, shareOf(range, value))));
}

function byQuantity(scene, values) {
  const range = rangeOf(values);
  return {range, of: cell => SCALE_COLOURS[stepOf(range, values[cell])]};
}

function byKind(scene, values, names) {
  const seen = [...new Set(values)].sort((a, b) => a - b);
  return {kinds: seen.map(i => ({name: names(i), colour: colourOfClass(i)})),
          of: cell => colourOfClass(values[cell])};
}

// Where a cell has several classes, `parts` has a polygon for each.
function byClass(scene) {
  const seen = new Set(scene.class);
  for (const parts of scene.parts.values()) parts.forEach(part => seen.add(part.class));
  const kinds = byKind(scene, [...seen].filter(i => i >= 0), i => `class ${i}`).kinds;
  return {kinds, of: cell => colourOfClass(scene.class[cell]), parts: scene.parts};
}

function byPattern(scene) {
  const colours = new Array(scene.count);
  for (let cell = 0; cell < scene.count; cell++) {
    colours[cell] = HASH_COLOURS[hashOf(scene, cell) % HASH_COLOURS.length];
  }
  return {of: cell => colours[cell]};
}

function outputRange(scene, output) {
  let low = Infinity, high = -Infinity;
  for (let cell = 0; cell < scene.count; cell++) {
    const points = cornersOf(scene, cell);
    for (let i = 0; i < points.length; i += 2) {
      const value = valueAt(scene, cell, output, points[i], points[i + 1]);
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  return low <= high ? [low, high] : [0, 0];
}

// Flat colours are those of cells too small to be shaded.
function byOutput(scene, output) {
  const range = outputRange(scene, output);
  const of = cell =>
      SCALE_COLOURS[stepOf(range, valueAt(scene, cell, output, ...middleOf(scene, cell)))];
  return {range, of, shade: cell => shadeOf(scene, cell, output, range)};
}

// How an output grows over a cell: the form's lowest and highest value on its
// corners, and the two points between which a straight ramp of colours says it
// all. Null where the output is constant.
function shadeOf(scene, cell, output, range) {
  const [a, b, c] = formOf(scene, cell, output);
  const across = b / stretchOf(scene.page) ** 2;
  const slope = a * a + b * across;
  if (slope === 0) return null;
  const points = cornersOf(scene, cell);
  const [s, t] = middleOf(scene, cell);
  const here = a * s + b * t + c;
  let low = here, high = here;
  for (let i = 0; i < points.length; i += 2) {
    const value = a * points[i] + b * points[i + 1] + c;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const at = value => [s + a * (value - here) / slope, t + across * (value - here) / slope];
  if (!(high > low)) return null;
  return {from: at(low), to: at(high), stops: stopsOf(range, low, high)};
}

// The scale is piecewise linear: a ramp needs its two ends and the knots between.
function stopsOf(range, low, high) {
  const from = shareOf(range, low), to = shareOf(range, high);
  const stops = [[0, cssOf(colourOfShare(from))]];
  for (let i = 1; i < SCALE.length - 1; i++) {
    const knot = i / (SCALE.length - 1);
    if (knot > from && knot < to) {
      stops.push([(knot - from) / (to - from), cssOf(SCALE[i])]);
    }
  }
  stops.push([1, cssOf(colourOfShare(to))]);
  return stops;
}

function colourings(page) {
  const layerName = i => i < 0 ? 'no wall' : page.layers[i].name;
  const list = [
    {name: 'activation pattern', make: byPattern},
    {name: 'layer of the last wall', make: s => byKind(s, s.depth, layerName)},
    {name: 'number of active units', make: s => byQuantity(s, s.active)},
    {name: 'norm of the gradient', make: s => byQuantity(s, s.gradient)},
    {name: 'predicted class', make: byClass},
  ];
  for (let i = 0; i < page.outputs; i++) {
    list.push({name: `value of output ${i}`, make: s => byOutput(s, i)});
  }
  return list;
}

// Walls are darker than the cells' colours of the same kind.
function wallColour(layer) {
  return cssOf(mix(colourOfKind(layer), [0, 0, 0], 0.3));
}
