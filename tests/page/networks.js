'use strict';
// Networks on planes: the pages that the program writes for them, and what it
// says of single points.
const {execFileSync} = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const {pathToFileURL} = require('node:url');
const {folder} = require('./browser.js');

const ROOT = path.join(__dirname, '../..');
const PLEATS = process.env.PLEATS || path.join(ROOT, 'build/pleats');
const MODELS = process.env.MODELS || path.join(ROOT, 'tests/data/models');
const EXT = process.env.EXT_MODELS || path.join(ROOT, '../shared/models/ext');
const ACAS = 'ext/ACASXU_run2a_1_1_batch_2000.onnx';
const ROWS = 'import json, sys, numpy; ' +
    'x = numpy.load(sys.argv[1])["x"][:3].astype(float); ' +
    'print(json.dumps(x.reshape(3, -1).tolist()))';

// The input at a point of origin + s u + t v.
function inputOn({origin, u, v}) {
  return ([s, t]) => origin.map((x, i) => x + s * u[i] + t * v[i]);
}

const example = {
  name: 'example', model: path.join(ROOT, 'examples/moons.onnx'),
  flags: ['--box', '-1,1'], regions: 185, box: [-1, 1, -1, 1], inputOf: point => point};

// The same on a plane whose axes are not alike.
function longPlane() {
  const file = path.join(folder, 'long.plane.json');
  const plane = {origin: [0, 0], u: [1, 0], v: [0, 1], box: [-1, 1, -40, 40]};
  fs.writeFileSync(file, JSON.stringify(plane));
  const flags = ['--plane', file];
  return {...example, name: 'long', flags, box: plane.box,
          regions: Number(answer('count', example.model, ...flags).regions)};
}

function pathOf(model) {
  return model === ACAS ? path.join(EXT, path.basename(model)) : path.join(MODELS, model);
}

function planeCase(name, model) {
  const plane = JSON.parse(fs.readFileSync(path.join(MODELS, 'ground_truth_2d.json')))
      .find(row => row.model === model);
  const file = path.join(folder, `${name}.plane.json`);
  const {origin, u, v, box} = plane;
  fs.writeFileSync(file, JSON.stringify({origin, u, v, box}));
  return {name, model: pathOf(model), flags: ['--plane', file],
          regions: plane.cells, box, inputOf: inputOn(plane)};
}

// The plane through three rows, which lie at (0, 0), (1, 0) and (0, 1). The number
// of regions is that of `count`, which the planes above compare with known numbers.
function rowsCase(name, model) {
  const file = path.join(MODELS, model), data = file.replace(/onnx$/, 'npz');
  const flags = ['--rows', `${data}:0,1,2`];
  const [origin, a, b] = JSON.parse(execFileSync('/usr/bin/python3', ['-c', ROWS, data]));
  const minus = row => row.map((x, i) => x - origin[i]);
  return {name, model: file, flags, box: [-0.5, 1.5, -0.5, 1.5],
          regions: Number(answer('count', file, ...flags).regions),
          inputOf: inputOn({origin, u: minus(a), v: minus(b)})};
}

// Other people's networks are in a folder beside the checkout, and may be missing.
function cases() {
  const own = [example, longPlane(), planeCase('moons', 'moons_mlp_32x3.onnx'),
               rowsCase('digits', 'digits_lenet.onnx')];
  return fs.existsSync(EXT) ? [...own, planeCase('acas', ACAS)] : own;
}

function answer(...call) {
  return JSON.parse(execFileSync(PLEATS, [...call, '--json'], {maxBuffer: 1 << 28}));
}

// The page of a network on its plane: {address, bytes}.
function drawn({name, model, flags}, ...more) {
  const file = path.join(folder, `${name}.html`);
  execFileSync(PLEATS, ['draw', model, ...flags, ...more, '-o', file]);
  return {address: pathToFileURL(file).href, bytes: fs.statSync(file).size};
}

// What `eval` says at points: {outputs, pieces}, a row a point.
function evaluated({name, model, inputOf}, points) {
  const file = path.join(folder, `${name}.rows.json`);
  fs.writeFileSync(file, JSON.stringify(points.map(inputOf)));
  return answer('eval', model, '--input', file, '--pieces');
}

module.exports = {cases, drawn, evaluated};
