'use strict';
// Builds pages out of scenes and opens them in Debian's chromium.
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const {pathToFileURL} = require('node:url');
const {chromium} = require('playwright-core');

const BUNDLE = path.join(__dirname, '../../src/draw/page/bundle.cmake');
const MAKER = path.join(__dirname, 'make_scene.py');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'pleats-page-'));
let halves = null;

function pageHalves() {
  if (!halves) {
    execFileSync('cmake', [`-DOUT=${folder}`, '-P', BUNDLE]);
    halves = ['head', 'tail'].map(
        half => fs.readFileSync(path.join(folder, `page_${half}.html`)));
  }
  return halves;
}

// ---- plain arrays as they are in a page

function base64Of(values, Kind) {
  return Buffer.from(new Kind(values).buffer).toString('base64');
}

// [cells x units] as bits, every cell's from a new byte on.
function packed(values, layers) {
  const units = layers.reduce((sum, layer) => sum + layer.units, 0), bytes = [];
  for (let first = 0; first < values.length; first += units) {
    let text = '';
    for (const layer of layers) {
      for (const piece of values.slice(first + layer.first,
                                       first + layer.first + layer.units)) {
        text += [...piece.toString(2).padStart(layer.bits, '0')].reverse().join('');
      }
    }
    for (let i = 0; i < text.length; i += 8) {
      bytes.push(parseInt([...text.slice(i, i + 8)].reverse().join(''), 2));
    }
  }
  return Buffer.from(bytes).toString('base64');
}

function integers(values) {
  const kinds = {1: Int8Array, 2: Int16Array, 4: Int32Array};
  const width = [1, 2, 4].find(w => values.every(
      x => x >= -(2 ** (8 * w - 1)) && x < 2 ** (8 * w - 1)));
  return width + base64Of(values, kinds[width]);
}

function lengths(start) {
  return integers(start.slice(1).map((end, i) => end - start[i]));
}

function encoded(scene, layers) {
  const {name, regions, complete, model} = scene;
  return {name, regions, complete, model, cells: scene.active.length,
    corner: base64Of(scene.corner, Float64Array),
    sides: lengths(scene.start), side: integers(scene.side), wall: integers(scene.wall),
    active: integers(scene.active), class: integers(scene.class),
    pieces: packed(scene.pieces, layers),
    map: base64Of(scene.map, Float32Array),
    area: base64Of(scene.area, Float32Array),
    boundary: base64Of(scene.boundary, Float64Array),
    parts: {cell: integers(scene.parts.cell), class: integers(scene.parts.class),
            sides: lengths(scene.parts.start),
            corner: base64Of(scene.parts.corner, Float64Array)}};
}

// The address of a page with this object.
function pageOf(name, plain) {
  const object = {...plain,
    scenes: plain.scenes.map(scene => encoded(scene, plain.layers))};
  const [head, tail] = pageHalves();
  const file = path.join(folder, `${name}.html`);
  const json = JSON.stringify(object).replaceAll('<', '\\u003c');
  fs.writeFileSync(file, Buffer.concat([head, Buffer.from(json), tail]));
  return pathToFileURL(file).href;
}

function randomScene(name, ...options) {
  const file = path.join(folder, `${name}.json`);
  execFileSync('python3', [MAKER, file, ...options]);
  return JSON.parse(fs.readFileSync(file));
}

async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic',
           '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync']});
}

function settled(page) {
  return page.waitForFunction(() => explorer.view.isSettled());
}

// A page whose errors fail the test, and which may ask for nothing but its file.
async function open(browser, address, options = {}) {
  const context = await browser.newContext(
      {viewport: {width: 1280, height: 800}, ...options});
  const page = await context.newPage();
  page.setDefaultTimeout(20000);
  page.trouble = [];
  page.on('pageerror', error => page.trouble.push(error.message));
  page.on('console', message => {
    if (message.type() === 'error') page.trouble.push(message.text());
  });
  page.on('request', request => {
    if (!/^(file|blob):/.test(request.url())) page.trouble.push(request.url());
  });
  await page.goto(address);
  await settled(page);
  return page;
}

function removeFolder() {
  fs.rmSync(folder, {recursive: true});
}

module.exports = {folder, launch, open, pageOf, randomScene, removeFolder, settled};
