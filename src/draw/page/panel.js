'use strict';
// Everything that is text: the legend, what is known of a cell, the table of
// cells, the film strip.

const MAP_ROWS = 4;           // longer maps are folded
const PAGE_ROWS = 25;

function byId(id) {
  return document.getElementById(id);
}

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else if (value !== false) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

function numberText(x) {
  return Number.isFinite(x) ? String(Number(x.toPrecision(5))) : 'unknown';
}

// Thousands apart by thin spaces.
function groupDigits(text) {
  return text.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

function countText(scene) {
  const {label} = scene.page;
  const sign = scene.complete ? '' : 'at least ';
  return `${sign}${groupDigits(scene.regions)}${scene.complete ? ` (${label})` : ''}`;
}

function swatch(colour, isLine) {
  return make('span', {class: isLine ? 'swatch line' : 'swatch',
                       style: `--colour: ${colour}`});
}

// ---- legend

function showHead(scene) {
  const {page, model} = scene;
  document.title = `${page.title} - pleats`;
  byId('title').textContent = page.title;
  byId('count').textContent = countText(scene);
  byId('definition').textContent = page.definition;
  byId('domain').textContent = page.domain;
  byId('model').textContent = model.path;
  byId('sha').textContent = model.sha256;
  byId('version').textContent = `pleats ${page.version}`;
}

function showWallLegend(page) {
  const items = page.layers.map((layer, i) => make('li', {},
      swatch(wallColour(i), true), `${layer.name} (${layer.units} units)`));
  if (page.scenes.some(scene => scene.boundary.length)) {
    items.push(make('li', {}, swatch('var(--ink)', true), 'decision boundary'));
  }
  byId('walls-legend').replaceChildren(...items);
}

function showColourLegend(colours) {
  const list = byId('colour-legend');
  if (colours.kinds) {
    list.replaceChildren(...colours.kinds.map(
        kind => make('span', {class: 'kind'}, swatch(kind.colour), kind.name)));
  } else if (colours.range) {
    list.replaceChildren(numberText(colours.range[0]),
        make('span', {class: 'ramp', style: `background: ${rampCss()}`}),
        numberText(colours.range[1]));
  } else {
    list.replaceChildren('the same colour for the same pattern');
  }
}

function rampCss() {
  return `linear-gradient(to right, ${SCALE.map(cssOf).join(', ')})`;
}

// ---- one cell

function showCell(scene, cell, neighbours, go) {
  const place = byId('cell');
  if (cell < 0) {
    place.replaceChildren(make('p', {class: 'hint'},
        'Point at a cell to see it; click, tap or press Enter to keep it and see ' +
        'its neighbours.'));
    return;
  }
  place.replaceChildren(make('h2', {}, `Cell ${cell}`), facts(scene, cell, neighbours),
      make('h3', {}, 'Pattern by layer'), patternList(scene, cell),
      make('h3', {}, 'Affine map'), mapOf(scene, cell),
      make('h3', {}, 'Walls'), wallList(scene, cell, go));
}

function facts(scene, cell, neighbours) {
  const {page} = scene, depth = scene.depth[cell];
  const rows = [
    ['Area', numberText(scene.area[cell])],
    ['Active units', `${scene.active[cell]} of ${scene.units}`],
    ['Last wall', depth < 0 ? 'none' : page.layers[depth].name],
    ['Gradient norm', numberText(scene.gradient[cell])],
    ['Class', classText(scene, cell)],
    ['Neighbours', String(neighbours.length)]];
  return make('dl', {class: 'facts'}, ...rows.flatMap(
      ([name, value]) => [make('dt', {}, name), make('dd', {}, value)]));
}

// Units in tens, so that they can be counted; copied text has no gaps.
function inTens(pattern) {
  const tens = pattern.match(/.{1,10}/g) || [];
  return tens.map((text, i) =>
      make('span', {class: 'ten', title: `from unit ${10 * i}`}, text));
}

function patternList(scene, cell) {
  return make('dl', {class: 'pattern'}, ...scene.page.layers.flatMap(layer => [
    make('dt', {}, layer.name),
    make('dd', {}, ...inTens(patternOf(scene, cell, layer)))]));
}

function mapOf(scene, cell) {
  const {outputs, axes} = scene.page;
  const rows = Array.from({length: outputs}, (_, k) => make('tr', {},
      make('th', {scope: 'row'}, `output ${k}`),
      ...Array.from(formOf(scene, cell, k), x => make('td', {}, numberText(x)))));
  const table = make('table', {class: 'map'},
      make('thead', {}, make('tr', {}, make('td'),
          ...[...axes, '1'].map(name => make('th', {scope: 'col'}, name)))),
      make('tbody', {}, ...rows));
  if (outputs <= MAP_ROWS) return table;
  return make('details', {}, make('summary', {}, `${outputs} outputs`), table);
}

function wallList(scene, cell, go) {
  const items = [];
  for (let i = scene.start[cell]; i < scene.start[cell + 1]; i++) {
    const wall = scene.wall[i];
    const colour = wall < 0 ? 'var(--faint)' : wallColour(layerOf(scene.page, wall));
    const buttons = behind(scene, i).map(other => make('button',
        {type: 'button', class: 'link', onclick: () => go(other)}, `cell ${other}`));
    items.push(make('li', {}, swatch(colour, true), wallName(scene.page, wall), ' ',
                    ...buttons));
  }
  return make('ul', {class: 'walls'}, ...items);
}

// One line about a cell, seen on the picture and heard by those who hear the page.
function cellLine(scene, cell) {
  return `Cell ${cell}: area ${numberText(scene.area[cell])}, ` +
      `${scene.active[cell]} active units, class ${classText(scene, cell)}`;
}

// ---- table of cells

class CellTable {
  constructor(go) {
    this.go = go;
    this.page = 0;
    byId('table-before').addEventListener('click', () => this.turn(-1));
    byId('table-after').addEventListener('click', () => this.turn(1));
    byId('table-page').addEventListener('change',
        event => this.turnTo(Number(event.target.value) - 1));
    byId('table').addEventListener('toggle', () => {
      this.fill();
      if (byId('table').open) byId('table').scrollIntoView();
    });
  }

  show(scene, cells) {
    this.scene = scene;
    this.cells = cells;
    this.page = 0;
    this.fill();
  }

  pages() {
    return Math.max(1, Math.ceil(this.cells.length / PAGE_ROWS));
  }

  turn(by) {
    this.turnTo(this.page + by);
  }

  turnTo(page) {
    this.page = Math.max(0, Math.min(this.pages() - 1, Math.floor(page) || 0));
    this.fill();
  }

  fill() {
    if (!byId('table').open) return;
    const from = this.page * PAGE_ROWS;
    const cells = this.cells.slice(from, from + PAGE_ROWS);
    byId('table-body').replaceChildren(...cells.map(cell => this.row(cell)));
    byId('table-page').value = this.page + 1;
    byId('table-page').max = this.pages();
    byId('table-pages').textContent = `of ${this.pages()} (${this.cells.length} cells)`;
    byId('table-before').disabled = this.page === 0;
    byId('table-after').disabled = this.page === this.pages() - 1;
  }

  row(cell) {
    const {scene} = this, {layers} = scene.page, depth = scene.depth[cell];
    const pattern = layers.map(layer => patternOf(scene, cell, layer)).join('/');
    const button = make('button', {type: 'button', class: 'link',
                                   onclick: () => this.go(cell)}, `cell ${cell}`);
    return make('tr', {}, make('th', {scope: 'row'}, button),
        make('td', {}, numberText(scene.area[cell])),
        make('td', {}, String(scene.active[cell])),
        make('td', {}, depth < 0 ? 'none' : layers[depth].name),
        make('td', {}, numberText(scene.gradient[cell])),
        make('td', {}, classText(scene, cell)),
        make('td', {class: 'code'}, pattern));
  }
}

// ---- film strip

const STRIP = {width: 300, height: 56, pad: 6};

function stripPoints(page) {
  const counts = page.scenes.map(scene => Number(scene.regions));
  const most = Math.max(1, ...counts), last = Math.max(1, counts.length - 1);
  return counts.map((count, i) => [
    STRIP.pad + (STRIP.width - 2 * STRIP.pad) * i / last,
    STRIP.height - STRIP.pad - (STRIP.height - 2 * STRIP.pad) * count / most]);
}

function svgNode(tag, attributes) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function showStrip(page, current) {
  byId('strip').hidden = page.scenes.length < 2;
  if (page.scenes.length < 2) return;
  const points = stripPoints(page), [x, y] = points[current];
  byId('strip-curve').replaceChildren(
      svgNode('polyline', {points: points.map(p => p.join(',')).join(' ')}),
      svgNode('circle', {cx: x, cy: y, r: 4}));
  byId('strip-slider').max = page.scenes.length - 1;
  byId('strip-slider').value = current;
  const scene = page.scenes[current];
  const text = `${scene.name}: ${groupDigits(scene.regions)}` +
      (scene.complete ? '' : ' or more');
  byId('strip-name').textContent = text;
  byId('strip-slider').setAttribute('aria-valuetext', text);
}
