'use strict';
// What the page works out of a scene, without a browser.
const {test} = require('node:test');
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');

const SOURCE = path.join(__dirname, '../../src/draw/page/scene.js');
const {othersOf, neighboursOf} = new Function(
    `${fs.readFileSync(SOURCE)}; return {othersOf, neighboursOf};`)();

const SPLITS = [0.3, 0.7];

// Rows of two bricks each, split here and there in turn: no brick's lower or upper
// side is a whole side of another one. Turned by an angle, so that lines are not
// along an axis.
function bricks(rows, angle) {
  const scene = {corner: [], start: [0], side: [], wall: [], count: 2 * rows};
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  for (let row = 0; row <= rows; row++) {
    for (const x of [0, ...SPLITS, 1]) {
      const y = row / rows;
      scene.corner.push(c * x - s * y, s * x + c * y);
    }
  }
  for (let row = 0; row < rows; row++) {
    const split = 1 + row % 2, low = 4 * row, high = low + 4;
    scene.side.push(low, low + split, high + split, high);
    scene.side.push(low + split, low + 3, high + 3, high + split);
    scene.wall.push(0, 1, 0, -1, 0, -1, 0, 1);
    scene.start.push(8 * row + 4, 8 * row + 8);
  }
  return scene;
}

// Of a brick: the other one of its row, and those of the rows below and above that
// overlap it.
function brickNeighbours(rows, brick) {
  const reach = i => i % 2 ? [SPLITS[(i >> 1) % 2], 1] : [0, SPLITS[(i >> 1) % 2]];
  const row = brick >> 1, [from, to] = reach(brick);
  const near = [row - 1, row + 1].filter(r => r >= 0 && r < rows)
      .flatMap(r => [2 * r, 2 * r + 1])
      .filter(i => Math.min(to, reach(i)[1]) > Math.max(from, reach(i)[0]));
  return [brick ^ 1, ...near].sort((a, b) => a - b);
}

for (const angle of [0, 0.4, Math.PI / 2]) {
  test(`20,000 sides that meet in part, at ${angle.toFixed(1)}`, t => {
    const rows = 5000, scene = bricks(rows, angle), begin = process.hrtime.bigint();
    scene.other = othersOf(scene);
    const spent = Number(process.hrtime.bigint() - begin) / 1e6;
    t.diagnostic(`${spent.toFixed(0)} ms`);
    for (let brick = 0; brick < scene.count; brick++) {
      assert.deepStrictEqual([...neighboursOf(scene, brick)].sort((a, b) => a - b),
                             brickNeighbours(rows, brick));
    }
    assert.ok(spent < 1500, `${spent} ms`);
  });
}

// One long side, and short ones that are shorter and shorter.
test('a side that meets 10,000 others', () => {
  const n = 10000, scene = {corner: [-1, 0, -1, 1], start: [0, 4],
                            side: [0, 2, 3, 1], wall: [-1, 0, -1, -1], count: n + 1};
  scene.corner.push(0, 0, 0, 1);
  const at = i => i === 0 ? 2 : i === n ? 3 : 2 * i + 2;
  for (let i = 1; i < n; i++) scene.corner.push(0, (i / n) ** 2, 1, (i / n) ** 2);
  const right = scene.corner.length / 2;
  scene.corner.push(1, 0, 1, 1);
  const over = i => i === 0 ? right : i === n ? right + 1 : 2 * i + 3;
  for (let i = 0; i < n; i++) {
    scene.side.push(at(i), over(i), over(i + 1), at(i + 1));
    scene.wall.push(0, -1, 0, 0);
    scene.start.push(scene.side.length);
  }
  scene.other = othersOf(scene);
  assert.strictEqual(neighboursOf(scene, 0).length, n);
});
