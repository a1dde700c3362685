'use strict';
// What is on the screen, and fingers on it.
const assert = require('node:assert');
const {settled} = require('./browser.js');

const PHONE = {viewport: {width: 390, height: 844}, deviceScaleFactor: 2,
               hasTouch: true, isMobile: true};

// The place of a point of the plane in the window.
async function placeOf(page, point) {
  return page.evaluate(([s, t]) => {
    const {camera, canvas} = explorer.view, box = canvas.getBoundingClientRect();
    return [box.left + toX(camera, s) / camera.ratio,
            box.top + toY(camera, t) / camera.ratio];
  }, point);
}

async function pixelsAt(page, points) {
  await settled(page);
  return page.evaluate(points => points.map(([s, t]) => {
    const {camera, context} = explorer.view;
    return [...context.getImageData(toX(camera, s), toY(camera, t), 1, 1).data];
  }), points);
}

async function pixelAt(page, point) {
  return (await pixelsAt(page, [point]))[0];
}

async function planeAt(page, x, y) {
  return page.evaluate(([x, y]) => {
    const {camera, canvas} = explorer.view, box = canvas.getBoundingClientRect();
    return toPoint(camera, (x - box.left) * camera.ratio, (y - box.top) * camera.ratio);
  }, [x, y]);
}

function near(a, b, most) {
  return a.every((x, i) => Math.abs(x - b[i]) <= most);
}

function closed(page) {
  assert.deepStrictEqual(page.trouble, []);
  return page.context().close();
}

async function touch(page, type, points) {
  page.cdp ||= await page.context().newCDPSession(page);
  await page.cdp.send('Input.dispatchTouchEvent', {type, touchPoints:
      points.map(([x, y], id) => ({x, y, id}))});
}

module.exports = {PHONE, closed, near, pixelAt, pixelsAt, placeOf, planeAt, touch};
