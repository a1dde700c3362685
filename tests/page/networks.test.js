'use strict';
// Pages that the program writes: everything they show of points and cells is
// compared with what `eval` says there, which shares no code with the cells.
const {after, before, describe, test} = require('node:test');
const assert = require('node:assert');
const {launch, open, removeFolder, settled} = require('./browser.js');
const {cases, drawn, evaluated} = require('./networks.js');
const {PHONE, closed, near, pixelsAt, placeOf, planeAt, touch} = require('./screen.js');

const MIB = 1 << 20;
const KINDS = [  // of the classes, as in colour.js
  [89, 164, 205], [238, 189, 89], [89, 192, 164], [222, 156, 89], [222, 189, 205],
  [147, 205, 238], [247, 238, 131], [139, 139, 139]];

// Classes from 8 on have the same kinds, lighter: 0.75 of the way to white, not
// 0.35.
function colourOf(kind) {
  return KINDS[kind % 8].map(x => kind < 8 ? x : 255 - (255 - x) * 0.25 / 0.65);
}
const POINTS = 300;
const MOMENT = 5000;  // milliseconds, on a machine that does other things too

let browser;

before(async () => { browser = await launch(); });

after(async () => {
  await browser.close();
  removeFolder();
});

// The same points in every run.
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function randomPoints([s0, s1, t0, t1], count) {
  const random = randomOf(7);
  return Array.from({length: count},
      () => [s0 + random() * (s1 - s0), t0 + random() * (t1 - t0)]);
}

// With one output, the class is whether it is at least 0.
function classOf(outputs) {
  if (outputs.length === 1) return Number(outputs[0] >= 0);
  return outputs.indexOf(Math.max(...outputs));
}

// What the page knows at points: cell, pieces, values, the sizes of the terms that
// they are sums of, class.
function shownAt(page, points) {
  return page.evaluate(points => points.map(([s, t]) => {
    const {scene} = explorer, cell = cellAt(scene, s, t);
    const outputs = [...Array(scene.page.outputs).keys()];
    const inPart = ({points}) => points.every((_, i) => {
      if (i % 2) return true;
      const j = (i + 2) % points.length;
      return (points[j] - points[i]) * (t - points[i + 1]) >=
             (points[j + 1] - points[i + 1]) * (s - points[i]);
    });
    const parts = scene.parts.get(cell);
    return {
      cell, class: parts ? parts.find(inPart).class : scene.class[cell],
      pattern: scene.page.layers.map(layer => patternOf(scene, cell, layer)).join(''),
      values: outputs.map(k => valueAt(scene, cell, k, s, t)),
      sizes: outputs.map(k => {
        const [a, b, c] = formOf(scene, cell, k);
        return Math.abs(a * s) + Math.abs(b * t) + Math.abs(c);
      })};
  }), points);
}

// Middles of some of the cells, slivers left out: rounding may put their middles
// into other cells.
function someMiddles(page, count) {
  return page.evaluate(count => {
    const {scene} = explorer, step = Math.max(1, Math.floor(scene.count / count));
    const found = [];
    for (let cell = 0; cell < scene.count; cell += step) {
      if (scene.area[cell] > 1e-10) found.push([cell, middleOf(scene, cell)]);
    }
    return found;
  }, count);
}

function around([s, t], ds, dt) {
  return [[s, t], [s - ds, t - dt], [s - ds, t + dt], [s + ds, t - dt], [s + ds, t + dt]];
}

async function checkPoints(page, network, points) {
  const shown = await shownAt(page, points);
  const {outputs, pieces} = evaluated(network, points);
  shown.forEach((point, i) => {
    assert.strictEqual(point.pattern, pieces[i].join(''), `pattern at ${points[i]}`);
    assert.strictEqual(point.class, classOf(outputs[i]), `class at ${points[i]}`);
    outputs[i].forEach((value, k) => assert.ok(
        Math.abs(value - point.values[k]) <= 2 ** -22 * point.sizes[k],
        `output ${k} at ${points[i]}: ${point.values[k]}, not ${value}`));
  });
  return {shown, outputs};
}

async function checkNeighbours(page) {
  const wrong = await page.evaluate(() => {
    const {scene} = explorer, lists = [];
    for (let cell = 0; cell < scene.count; cell++) {
      lists.push(new Set(neighboursOf(scene, cell)));
    }
    const alone = lists.findIndex(list => !list.size);
    const asymmetric = lists.findIndex((list, cell) =>
        list.has(cell) || [...list].some(other => !lists[other].has(cell)));
    let open = 0;  // sides of units with nothing behind them
    scene.wall.forEach((wall, side) => { open += wall >= 0 && !behind(scene, side).length; });
    return {alone, asymmetric, open};
  });
  assert.deepStrictEqual(wrong, {alone: -1, asymmetric: -1, open: 0});
}

// What a pointer finds at a point, as text.
async function pointAt(page, point) {
  await page.mouse.move(...await placeOf(page, point));
  await page.waitForFunction(() => explorer.view.hovered >= 0);
  return {title: await page.textContent('#cell h2'),
          facts: await page.textContent('#cell .facts'),
          pattern: await page.locator('.pattern dd').allTextContents(),
          map: await page.locator('.map tbody td').allTextContents()};
}

async function largest(page) {
  return page.evaluate(() => {
    const {area} = explorer.scene, cell = area.indexOf(Math.max(...area));
    return {cell, middle: middleOf(explorer.scene, cell)};
  });
}

const cameraOf = page => page.evaluate(() => ({...explorer.view.camera}));

// What a reader does first, on any page.
async function useMouse(page) {
  await page.click('#home');
  const {cell, middle} = await largest(page), start = await cameraOf(page);
  const place = (await placeOf(page, middle)).map(Math.round);
  const under = await planeAt(page, ...place);
  await page.mouse.move(...place);
  await page.mouse.wheel(0, -300);
  await page.waitForFunction(scale => explorer.view.camera.scale > 1.5 * scale, start.scale);
  await settled(page);
  assert.ok(near(await planeAt(page, ...place), under, 1e-9));
  await page.mouse.click(...place);
  assert.strictEqual(await page.textContent('#cell h2'), `Cell ${cell}`);
  const neighbours = await page.evaluate(() => explorer.view.neighbours);
  assert.ok((await page.textContent('#said')).endsWith(`${neighbours.length} neighbours`));
  const pattern = await page.locator('.pattern dd').allTextContents();
  await page.fill('#search', pattern.join('/'));
  await page.keyboard.press('Enter');
  assert.strictEqual(await page.textContent('#found'), '1 of 1 cells');
  assert.strictEqual(await page.textContent('#cell h2'), `Cell ${cell}`);
  await page.fill('#search', '');
  await page.click('#home');
  assert.deepStrictEqual(await cameraOf(page), start);
}

// Colourings give different pictures, each in a moment.
async function switchColours(page) {
  const seen = new Set();
  const labels = (await page.locator('#colouring option').allTextContents()).slice(0, 7);
  for (const label of labels) {
    const begin = Date.now();
    await page.selectOption('#colouring', {label});
    await settled(page);
    assert.ok(Date.now() - begin < MOMENT, `${label}: ${Date.now() - begin} ms`);
    seen.add(await page.evaluate(() => explorer.view.canvas.toDataURL()));
  }
  assert.strictEqual(seen.size, labels.length);
}

test('a title is text', async () => {
  const title = '</script><img src=x onerror=alert(1)><!-- "\\ \u00e9';
  const [example] = cases();
  const {address} = drawn({...example, name: 'title'}, '--title', title);
  const page = await open(browser, address);
  assert.strictEqual(await page.textContent('h1'), title);
  await closed(page);
});

for (const network of cases()) describe(network.name, () => {
  const {address, bytes} = drawn(network);
  const points = randomPoints(network.box, POINTS);
  let page;

  before(async () => { page = await open(browser, address); });
  after(() => closed(page));

  test('as many cells as regions are known, in a small file', async () => {
    const text = await page.textContent('#count');
    assert.strictEqual(text.replace(/\D/g, ''), String(network.regions));
    assert.strictEqual(await page.evaluate(() => explorer.scene.count), network.regions);
    assert.ok(bytes < 3 * MIB * Math.max(1, network.regions / 10000), `${bytes} bytes`);
  });

  test('points have the pattern, class and outputs that eval says', async () => {
    const middles = await someMiddles(page, 2000);
    const {shown} = await checkPoints(page, network, middles.map(([, point]) => point));
    shown.forEach(({cell}, i) => assert.strictEqual(cell, middles[i][0]));
    await checkPoints(page, network, points);
  });

  test('cells cover the plane, and neighbours are mutual', async () => {
    const area = await page.evaluate(() => explorer.scene.area.reduce((sum, x) => sum + x));
    const [s0, s1, t0, t1] = network.box, whole = (s1 - s0) * (t1 - t0);
    assert.ok(Math.abs(area / whole - 1) < 1e-6, `${area} of ${whole}`);
    await checkNeighbours(page);
  });

  test('on the boundary outputs tie', async () => {
    const middles = await page.evaluate(() => {
      const {boundary} = explorer.scene, found = [];
      for (let i = 0; i < boundary.length; i += 4) {
        found.push([(boundary[i] + boundary[i + 2]) / 2,
                    (boundary[i + 1] + boundary[i + 3]) / 2]);
      }
      return found;
    });
    assert.ok(middles.length > 10);
    const scale = Math.max(...evaluated(network, points).outputs.flat().map(Math.abs));
    evaluated(network, middles).outputs.forEach((outputs, i) => {
      const [first, second] = (outputs.length > 1 ? [...outputs] : [...outputs, 0])
          .sort((a, b) => b - a);
      assert.ok(first - second <= 1e-9 * scale, `${outputs} at ${middles[i]}`);
    });
  });

  test('a pointer shows what eval says', async () => {
    const few = points.slice(0, 12), {outputs, pieces} = evaluated(network, few);
    for (const [i, point] of few.entries()) {
      const [s, t] = await planeAt(page, ...await placeOf(page, point));
      const {facts, pattern, map} = await pointAt(page, point);
      assert.strictEqual(pattern.join(''), pieces[i].join(''));
      assert.ok(facts.split('Class')[1].includes(classOf(outputs[i])), facts);
      const rows = outputs[i].map((_, k) => map.slice(3 * k, 3 * k + 3).map(Number));
      rows.forEach(([a, b, c], k) => assert.ok(
          Math.abs(a * s + b * t + c - outputs[i][k]) <=
          1e-4 * (Math.abs(a * s) + Math.abs(b * t) + Math.abs(c)), `${outputs[i]}`));
    }
  });

  test('classes have their colours', async () => {
    await page.selectOption('#colouring', {label: 'predicted class'});
    await page.uncheck('#walls');
    await page.uncheck('#boundary');
    await settled(page);
    const {scale, stretch} = await cameraOf(page);
    const kinds = evaluated(network, points.flatMap(
        point => around(point, 2 / scale, 2 / scale / stretch))).outputs.map(classOf);
    const sure = points.map((point, i) => ({point, kinds: kinds.slice(5 * i, 5 * i + 5)}))
        .filter(({kinds}) => kinds.every(kind => kind === kinds[0]));
    assert.ok(sure.length > 0.6 * points.length, `${sure.length}`);
    const pixels = await pixelsAt(page, sure.map(({point}) => point));
    sure.forEach(({point, kinds}, i) => assert.ok(
        near(pixels[i].slice(0, 3), colourOf(kinds[0]), 6),
        `${pixels[i]} at ${point}, class ${kinds[0]}`));
    await page.check('#walls');
    await page.check('#boundary');
  });

  test('outputs have their colours', async () => {
    await page.selectOption('#colouring', {label: 'value of output 0'});
    await page.uncheck('#walls');
    await page.uncheck('#boundary');
    const values = evaluated(network, points).outputs.map(([value]) => value);
    const wanted = await page.evaluate(values => values.map(value =>
        colourOfShare(shareOf(explorer.colours.range, value)).map(x => 255 * x)), values);
    const pixels = await pixelsAt(page, points);
    const off = points.filter((_, i) => !near(pixels[i].slice(0, 3), wanted[i], 12));
    assert.ok(off.length < 0.05 * points.length, `${off.length} points`);
    await page.check('#walls');
    await page.check('#boundary');
  });

  test('zoom, click, neighbours, search', () => useMouse(page));

  test('colours are switched', () => switchColours(page));

  test('on a phone', async () => {
    const phone = await open(browser, address, PHONE);
    const {cell, middle} = await largest(phone), {scale} = await cameraOf(phone);
    await touch(phone, 'touchStart', [[180, 250], [220, 250]]);
    await touch(phone, 'touchMove', [[140, 250], [260, 250]]);
    await touch(phone, 'touchEnd', []);
    assert.ok((await cameraOf(phone)).scale > 2.5 * scale);
    await phone.tap('#home');
    await phone.touchscreen.tap(...await placeOf(phone, middle));
    assert.strictEqual(await phone.textContent('#cell h2'), `Cell ${cell}`);
    const wide = await phone.evaluate(() => document.documentElement.scrollWidth);
    assert.strictEqual(wide, PHONE.viewport.width);
    await phone.selectOption('#colouring', {label: 'norm of the gradient'});
    await settled(phone);
    await closed(phone);
  });
});
