'use strict';
// What may be searched: a cell by its number (#12), patterns by layer with ? for
// any piece and * for any number of them (01??*/1*), or single units (3=1 17=0).

const SEARCH_HELP = 'Patterns by layer, as 01?1*/1* (? any piece, * any rest), ' +
    'single units, as 3=1 17=0, or a cell, as #12';

// {test} or {error}
function parseSearch(scene, text) {
  const query = text.trim().toLowerCase();
  if (/^#\d+$/.test(query)) return parseCell(scene, Number(query.slice(1)));
  if (query.includes('=')) return parseUnits(scene, query.split(/[\s,]+/));
  if (!/^[0-9a-z?*/\s]+$/.test(query)) return {error: SEARCH_HELP};
  return parsePatterns(scene, query.split(/[/\s]+/));
}

function parseCell(scene, cell) {
  if (cell >= scene.count) return {error: `There is no cell ${cell}`};
  return {test: other => other === cell};
}

function parseUnits(scene, words) {
  const wanted = [];
  for (const word of words.filter(w => w)) {
    const match = /^(\d+)=(\d+)$/.exec(word);
    if (!match) return {error: SEARCH_HELP};
    if (Number(match[1]) >= scene.units) return {error: `There is no unit ${match[1]}`};
    wanted.push([Number(match[1]), Number(match[2])]);
  }
  return {test: cell => wanted.every(
      ([unit, piece]) => scene.pieces[cell * scene.units + unit] === piece)};
}

function parsePatterns(scene, patterns) {
  const {layers} = scene.page;
  if (patterns.length > layers.length) {
    return {error: `There are only ${layers.length} layers`};
  }
  const wanted = [];
  for (let i = 0; i < patterns.length; i++) {
    const matcher = matcherOf(patterns[i], layers[i]);
    if (!matcher) {
      return {error: `${layers[i].name} has ${layers[i].units} units: ` +
                     `${patterns[i]} does not fit (* stands for any rest)`};
    }
    wanted.push(matcher);
  }
  return {test: cell => wanted.every(matcher => matcher(scene, cell))};
}

// A test of one layer; null when the pattern cannot have the layer's length.
function matcherOf(pattern, layer) {
  const parts = pattern.split('*');
  const length = pattern.replaceAll('*', '').length;
  if (length > layer.units || (parts.length === 1 && length < layer.units)) return null;
  const inner = parts.map(part => part.replaceAll('?', '.')).join('.*');
  const shape = new RegExp(`^${inner}$`);
  return (scene, cell) => shape.test(patternOf(scene, cell, layer));
}

function cellsThat(scene, test) {
  const found = [];
  for (let cell = 0; cell < scene.count; cell++) if (test(cell)) found.push(cell);
  return found;
}
