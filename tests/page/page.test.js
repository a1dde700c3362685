'use strict';
const {after, before, test} = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const {launch, open, pageOf, randomScene, removeFolder, settled} =
    require('./browser.js');
const {PHONE, closed, near, pixelAt, placeOf, planeAt, touch} = require('./screen.js');

let browser, object, scene, address;

before(async () => {
  browser = await launch();
  object = randomScene('small', '--outputs', '6');
  scene = object.scenes[0];
  address = pageOf('small', object);
});

after(async () => {
  await browser.close();
  removeFolder();
});

// ---- what the object says, worked out apart from the page

function cornerList(cell, of = scene) {
  return of.side.slice(of.start[cell], of.start[cell + 1])
      .map(c => [of.corner[2 * c], of.corner[2 * c + 1]]);
}

function middle(cell) {
  const corners = cornerList(cell);
  return [0, 1].map(k => corners.reduce((sum, p) => sum + p[k], 0) / corners.length);
}

function largestCell() {
  return scene.area.indexOf(Math.max(...scene.area));
}

// In these scenes cells share whole sides only.
function neighbourCount(cell) {
  const sides = other => {
    const c = scene.side.slice(scene.start[other], scene.start[other + 1]);
    return c.map((a, i) => [a, c[(i + 1) % c.length]].sort((x, y) => x - y).join());
  };
  const mine = new Set(sides(cell));
  return scene.active.filter((_, other) =>
      other !== cell && sides(other).some(side => mine.has(side))).length;
}

function unitCount() {
  return object.layers.reduce((sum, layer) => sum + layer.units, 0);
}

function pattern(cell, layer) {
  const first = cell * unitCount() + layer.first;
  return scene.pieces.slice(first, first + layer.units).join('');
}

async function clickCell(page, cell) {
  await page.mouse.click(...await placeOf(page, middle(cell)));
}

// ---- tests

test('the head names count, definition, domain and model', async () => {
  const page = await open(browser, address);
  assert.strictEqual(await page.textContent('h1'), object.title);
  assert.strictEqual(await page.textContent('#count'), `${scene.regions} (exact)`);
  assert.strictEqual(await page.textContent('#definition'), object.definition);
  assert.strictEqual(await page.textContent('#domain'), object.domain);
  assert.strictEqual(await page.textContent('#model'), 'moons.onnx');
  assert.strictEqual(await page.textContent('#sha'), scene.model.sha256);
  const label = await page.getAttribute('#canvas', 'aria-label');
  assert.ok(label.includes(scene.regions), label);
  await closed(page);
});

test('text from the object stays text', async () => {
  const title = '</script><img src=x onerror=alert(1)><!--<script>';
  const page = await open(browser, pageOf('text', {...object, title}));
  assert.strictEqual(await page.textContent('h1'), title);
  await closed(page);
});

test('pointing at a cell shows it, leaving ends that', async () => {
  const page = await open(browser, address), cell = largestCell();
  await page.mouse.move(...await placeOf(page, middle(cell)));
  await page.waitForSelector(`h2:text-is("Cell ${cell}")`);
  for (const layer of object.layers) {
    assert.ok((await page.textContent('.pattern')).includes(pattern(cell, layer)));
  }
  const facts = await page.textContent('#cell .facts');
  assert.ok(facts.includes(`${scene.active[cell]} of ${unitCount()}`), facts);
  assert.ok(facts.includes(String(Number(scene.area[cell].toPrecision(5)))), facts);
  assert.strictEqual(await page.locator('#cell .walls li').count(),
                     scene.start[cell + 1] - scene.start[cell]);
  assert.ok(await page.locator('#cell details table').isHidden(), 'folded');
  assert.strictEqual(await page.locator('#cell .map tbody tr').count(), 6);
  await page.mouse.move(1200, 700);
  await page.waitForSelector('#cell .hint');
  await closed(page);
});

test('every cell is found at its middle', async () => {
  const page = await open(browser, address);
  const middles = scene.active.map((_, cell) => middle(cell));
  const found = await page.evaluate(
      points => points.map(p => cellAt(explorer.scene, ...p)), middles);
  assert.deepStrictEqual(found, scene.active.map((_, cell) => cell));
  await closed(page);
});

test('a click marks the cell and its neighbours', async () => {
  const page = await open(browser, address), cell = largestCell();
  const [, , bluePlain] = await pixelAt(page, middle(cell));
  await clickCell(page, cell);
  assert.ok((await page.textContent('#said'))
      .endsWith(`${neighbourCount(cell)} neighbours`));
  const marked = await page.evaluate(() => explorer.view.neighbours.length);
  assert.strictEqual(marked, neighbourCount(cell));
  await page.mouse.move(1200, 700);
  const [red, , blue] = await pixelAt(page, middle(cell));
  assert.ok(red > 150 && blue < bluePlain, 'vermilion over the cell');
  const link = page.locator('#cell .walls button').first();
  const name = await link.textContent();
  await link.click();
  await page.waitForSelector(`#cell h2:text-is("C${name.slice(1)}")`);
  await closed(page);
});

test('neighbours of all cells are those that share a side', async () => {
  const page = await open(browser, address);
  const counts = await page.evaluate(() => Array.from(explorer.scene.box.subarray(
      0, explorer.scene.count), (_, cell) => neighboursOf(explorer.scene, cell).length));
  assert.deepStrictEqual(counts, scene.active.map((_, cell) => neighbourCount(cell)));
  await closed(page);
});

// The left half is one cell, the right half two; corner 6 lies inside a side.
function halfAndQuarters() {
  return {...object, outputs: 1, frame: [0, 2, 0, 2], rows: [],
    layers: [{name: 'max', units: 1, first: 0, bits: 6}],
    scenes: [{name: '', regions: '3', complete: false,
      corner: [0, 0, 1, 0, 2, 0, 2, 2, 1, 2, 0, 2, 1, 1, 2, 1],
      start: [0, 4, 8, 12], side: [0, 1, 4, 5, 1, 2, 7, 6, 6, 7, 3, 4],
      wall: [-1, 0, -3, -4, -1, -2, 0, 0, 0, -2, -3, 0],
      pieces: [0, 1, 40], map: [1, 0, 0, 0, 1, 0, 0, 0, 3],
      parts: {cell: [1, 1], class: [0, 2], start: [0, 4, 8],
              corner: [1, 0, 1.5, 0, 1.5, 1, 1, 1, 1.5, 0, 2, 0, 2, 1, 1.5, 1]},
      model: scene.model,
      active: [0, 1, 1], area: [2, 1, 1],
      class: [0, -1, 0], boundary: []}]};
}

test('cells that share part of a side are neighbours', async () => {
  const page = await open(browser, pageOf('halves', halfAndQuarters()));
  const found = await page.evaluate(() =>
      [0, 1, 2].map(cell => neighboursOf(explorer.scene, cell).sort()));
  assert.deepStrictEqual(found, [[1, 2], [0, 2], [0, 1]]);
  assert.strictEqual(await page.textContent('#count'), 'at least 3');
  assert.ok(await page.isHidden('#boundary-choice'));
  await page.selectOption('#colouring', {label: 'predicted class'});
  const left = await pixelAt(page, [1.2, 0.5]), right = await pixelAt(page, [1.8, 0.5]);
  assert.ok(near(left, [89, 163, 207, 255], 3), String(left));
  assert.ok(near(right, [89, 192, 164, 255], 3), String(right));
  await page.fill('#search', '0=40');
  await page.keyboard.press('Enter');
  assert.ok((await page.textContent('#cell')).includes('Cell 2'));
  assert.ok((await page.textContent('.facts')).includes('Last wallmax'));
  await closed(page);
});

test('the wheel zooms about the pointer, keys move and zoom', async () => {
  const page = await open(browser, address);
  const start = await page.evaluate(() => ({...explorer.view.camera}));
  await page.mouse.move(500, 300);
  const under = await planeAt(page, 500, 300);
  await page.mouse.wheel(0, -400);
  await page.waitForFunction(scale => explorer.view.camera.scale > 1.5 * scale, start.scale);
  assert.ok(near(await planeAt(page, 500, 300), under, 1e-9));
  await page.keyboard.press('Tab');
  assert.strictEqual(await page.evaluate(() => document.activeElement.id), 'canvas');
  const outline = await page.evaluate(() =>
      getComputedStyle(document.activeElement).outlineStyle);
  assert.strictEqual(outline, 'solid');
  await page.keyboard.press('Home');
  assert.deepStrictEqual(await page.evaluate(() => ({...explorer.view.camera})), start);
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('+');
  const moved = await page.evaluate(() => ({...explorer.view.camera}));
  assert.ok(moved.s > start.s && moved.t > start.t && moved.scale > start.scale);
  await page.keyboard.press('Enter');
  const cell = await page.evaluate(() => explorer.view.selected);
  assert.ok((await page.textContent('#cell h2')).endsWith(` ${cell}`));
  const visited = new Set();
  for (let i = 0; i < neighbourCount(cell); i++) {
    await page.keyboard.press('n');
    visited.add(await page.evaluate(() => explorer.view.selected));
  }
  assert.strictEqual(visited.size, neighbourCount(cell));
  await page.keyboard.press('Escape');
  assert.strictEqual(await page.evaluate(() => explorer.view.selected), -1);
  await closed(page);
});

test('a drag moves the picture and selects nothing', async () => {
  const page = await open(browser, address);
  const under = await planeAt(page, 500, 300);
  await page.mouse.move(500, 300);
  await page.mouse.down();
  await page.mouse.move(560, 340, {steps: 5});
  await page.mouse.up();
  assert.ok(near(await planeAt(page, 560, 340), under, 1e-9));
  assert.strictEqual(await page.evaluate(() => explorer.view.selected), -1);
  await closed(page);
});

test('colours are those of the scale and of the classes', async () => {
  const page = await open(browser, address), cell = largestCell();
  const byName = label => page.selectOption('#colouring', {label});
  const options = await page.locator('#colouring option').allTextContents();
  assert.strictEqual(options.length, 11);
  await page.uncheck('#walls');
  await page.uncheck('#boundary');
  await byName('number of active units');
  const most = scene.active.indexOf(Math.max(...scene.active));
  await page.evaluate(cell => explorer.view.goTo(cell), most);
  const yellow = await pixelAt(page, middle(most));
  assert.ok(near(yellow, [252, 232, 36, 255], 3), String(yellow));
  const least = scene.active.indexOf(Math.min(...scene.active));
  await page.evaluate(cell => explorer.view.goTo(cell), least);
  const violet = await pixelAt(page, middle(least));
  assert.ok(near(violet, [69, 0, 84, 255], 3), String(violet));
  await byName('predicted class');
  const seen = new Set(scene.class);
  assert.strictEqual(await page.locator('#colour-legend .kind').count(), seen.size);
  await page.evaluate(() => explorer.view.home());
  await byName('value of output 0');
  const corners = cornerList(cell), [s, t] = middle(cell);
  const inner = corners.map(p => [s + 0.8 * (p[0] - s), t + 0.8 * (p[1] - t)]);
  for (const point of inner) {
    const wanted = await page.evaluate(([cell, point]) => {
      const share = shareOf(explorer.colours.range,
                            valueAt(explorer.scene, cell, 0, ...point));
      return colourOfShare(share).map(x => 255 * x).concat(255);
    }, [cell, point]);
    const shown = await pixelAt(page, point);
    assert.ok(near(shown, wanted, 5), `${shown} is not ${wanted}`);
  }
  await closed(page);
});

// With one class, all of the plane is to have one colour.
test('nothing shines through between cells', async () => {
  const one = randomScene('one', '--outputs', '1', '--units', '40', '40');
  const address = pageOf('one', {...one, rows: []});
  const page = await open(browser, address, {colorScheme: 'dark'});
  await page.selectOption('#colouring', {label: 'predicted class'});
  await page.uncheck('#walls');
  await settled(page);
  const off = await page.evaluate(() => {
    const {camera, context} = explorer.view, [s0, s1, t0, t1] = explorer.page.frame;
    const [x, y] = [toX(camera, s0) + 2, toY(camera, t1) + 2];
    const {data} = context.getImageData(x, y, (s1 - s0) * camera.scale - 4,
                                        (t1 - t0) * camera.scale - 4);
    return data.findIndex((value, i) => Math.abs(value - [89, 164, 205, 255][i % 4]) > 8);
  });
  assert.strictEqual(off, -1);
  await closed(page);
});

test('walls and the boundary are drawn, and not when they are not wanted', async () => {
  const page = await open(browser, address);
  const [s0, t0, s1, t1] = scene.boundary;
  const at = [(s0 + s1) / 2, (t0 + t1) / 2];
  const dark = pixel => pixel.slice(0, 3).every(x => x < 60);
  assert.ok(dark(await pixelAt(page, at)));
  await page.uncheck('#boundary');
  assert.ok(!dark(await pixelAt(page, at)));
  await closed(page);
});

test('patterns are searched', async () => {
  const page = await open(browser, address), cell = 7;
  const [first, second] = object.layers.map(layer => pattern(cell, layer));
  await page.fill('#search', `${first}/${second}`);
  await page.keyboard.press('Enter');
  assert.strictEqual(await page.textContent('#found'), '1 of 1 cells');
  assert.strictEqual(await page.textContent('#cell h2'), `Cell ${cell}`);
  await page.fill('#search', `${first.slice(0, 3)}*`);
  await page.click('text=Find');
  const same = scene.active.filter((_, other) =>
      pattern(other, object.layers[0]).startsWith(first.slice(0, 3))).length;
  assert.ok((await page.textContent('#found')).startsWith(`1 of ${same} cells`));
  await page.click('text=Find');
  assert.ok((await page.textContent('#found')).startsWith(`2 of ${same} cells`));
  await page.fill('#search', '0');
  await page.keyboard.press('Enter');
  assert.ok((await page.textContent('#found')).includes('does not fit'));
  await page.fill('#search', '#7');
  await page.keyboard.press('Enter');
  assert.strictEqual(await page.textContent('#cell h2'), 'Cell 7');
  await page.fill('#search', '');
  assert.strictEqual(await page.evaluate(() => explorer.matches), null);
  await closed(page);
});

async function savedSvg(page) {
  const [saved] = await Promise.all(
      [page.waitForEvent('download'), page.click('#export')]);
  assert.strictEqual(saved.suggestedFilename(), 'pleats.svg');
  return fs.readFileSync(await saved.path(), 'utf8');
}

test('the view is saved as SVG', async () => {
  const page = await open(browser, address);
  const svg = await savedSvg(page);
  const polygons = svg.match(/<path fill="#[^>]*>/g).join('').match(/Z/g).length;
  assert.strictEqual(polygons, scene.active.length);
  assert.ok(svg.includes(scene.model.sha256) && svg.includes('row 14'));
  const isXml = await page.evaluate(text => !new DOMParser()
      .parseFromString(text, 'image/svg+xml').querySelector('parsererror'), svg);
  assert.ok(isXml);
  await page.selectOption('#colouring', {label: 'value of output 0'});
  assert.ok((await savedSvg(page)).includes('<linearGradient'));
  await closed(page);
});

test('all cells are in the table, page by page', async () => {
  const page = await open(browser, address);
  await page.click('#table summary');
  await page.waitForSelector('#table-body tr');
  assert.strictEqual(await page.locator('#table-body tr').count(), 25);
  const pages = Math.ceil(scene.active.length / 25);
  assert.strictEqual(await page.textContent('#table-pages'),
                     `of ${pages} (${scene.active.length} cells)`);
  await page.fill('#table-page', String(pages));
  await page.keyboard.press('Enter');
  const last = page.locator('#table-body tr').last();
  assert.ok(await page.isDisabled('#table-after'));
  await last.locator('button').click();
  const top = await page.evaluate(() => byId('canvas').getBoundingClientRect().top);
  assert.ok(top >= -1, `the picture is ${top} pixels above the window`);
  assert.strictEqual(await page.textContent('#cell h2'), `Cell ${scene.active.length - 1}`);
  await closed(page);
});

test('dark follows the system and the switch', async () => {
  const page = await open(browser, address, {colorScheme: 'dark'});
  const corner = () => page.evaluate(() =>
      [...explorer.view.context.getImageData(600, 2, 1, 1).data].slice(0, 3));
  assert.ok((await corner()).every(x => x < 40));
  await page.click('#theme');
  await settled(page);
  assert.ok((await corner()).every(x => x > 230));
  await closed(page);
});

test('a film strip has a slider and a curve', async () => {
  const film = randomScene('film', '--scenes', '4', '--units', '8', '6');
  const page = await open(browser, pageOf('film', film));
  await page.focus('#strip-slider');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.strictEqual(await page.textContent('#count'), `${film.scenes[2].regions} (exact)`);
  assert.strictEqual(await page.textContent('#strip-name'),
                     `step 200: ${film.scenes[2].regions}`);
  const points = await page.getAttribute('#strip-curve polyline', 'points');
  assert.strictEqual(points.split(' ').length, 4);
  await closed(page);
});

test('a phone: taps, pinches, nothing wider than the screen', async () => {
  const page = await open(browser, address, PHONE), cell = largestCell();
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.strictEqual(wide, 390);
  await page.touchscreen.tap(...await placeOf(page, middle(cell)));
  await page.waitForSelector(`h2:text-is("Cell ${cell}")`);
  assert.ok(await page.isVisible('#said'));
  const {scale} = await page.evaluate(() => explorer.view.camera);
  const under = await planeAt(page, 200, 250);
  await touch(page, 'touchStart', [[180, 250], [220, 250]]);
  await touch(page, 'touchMove', [[160, 250], [240, 250]]);
  await touch(page, 'touchMove', [[140, 250], [260, 250]]);
  await touch(page, 'touchEnd', []);
  const ratio = (await page.evaluate(() => explorer.view.camera.scale)) / scale;
  assert.ok(Math.abs(ratio - 3) < 0.05, `${ratio}`);
  assert.ok(near(await planeAt(page, 200, 250), under, 0.02));
  const small = await page.evaluate(() => [...document.querySelectorAll(
      '.float button, .controls button, select')].filter(
      node => node.getBoundingClientRect().height < 40).length);
  assert.strictEqual(small, 0);
  await closed(page);
});
