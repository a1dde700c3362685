'use strict';
const {after, before, test} = require('node:test');
const assert = require('node:assert');
const {launch, open, pageOf, randomScene, removeFolder, settled} =
    require('./browser.js');
const {cases, drawn} = require('./networks.js');
const {closed} = require('./screen.js');

const FIRST_PICTURE = 6000;  // milliseconds, for a page of 36,000 cells
let browser;

before(async () => { browser = await launch(); });

after(async () => {
  await browser.close();
  removeFolder();
});

// Frame times while the picture is moved by a step each frame.
async function frameTimes(page) {
  return page.evaluate(async () => {
    const times = [];
    let last = await new Promise(requestAnimationFrame);
    for (let i = 0; i < 120; i++) {
      explorer.view.pan(12 * Math.sign(Math.sin(i / 25)), 5);
      const now = await new Promise(requestAnimationFrame);
      times.push(now - last);
      last = now;
    }
    return times;
  });
}

// The real plane where it is, else one that is made up.
function largePage() {
  const real = cases().find(network => network.name === 'acas');
  if (real) return drawn(real).address;
  return pageOf('large', randomScene('large', '--units', '180', '180'));
}

test('36,000 cells move at 30 frames a second', async t => {
  const address = largePage(), begin = Date.now();
  const page = await open(browser, address), first = Date.now() - begin;
  t.diagnostic(`first picture after ${first} ms`);
  assert.ok(await page.evaluate(() => explorer.scene.count) > 36000);
  assert.ok(first < FIRST_PICTURE, `first picture after ${first} ms`);
  for (const label of ['activation pattern', 'value of output 0']) {
    await page.selectOption('#colouring', {label});
    for (const zoom of [1, 4]) {
      await page.evaluate(zoom => {
        explorer.view.home();
        explorer.view.zoom(zoom);
      }, zoom);
      await settled(page);
      const times = await frameTimes(page);
      const mean = times.reduce((sum, x) => sum + x) / times.length;
      t.diagnostic(`${label}, zoom ${zoom}: mean ${mean.toFixed(1)} ms, longest ` +
                   `${Math.max(...times).toFixed(1)} ms`);
      assert.ok(mean < 1000 / 30, `${mean} ms a frame`);
    }
  }
  await closed(page);
});
