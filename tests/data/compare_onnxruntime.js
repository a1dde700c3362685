// Evaluates FOLDER/*.onnx on the row in NAME.json with onnxruntime and writes
// NAME.out.json: {"y": [...]} or {"error": "..."}.
// Usage: node compare_onnxruntime.js ONNXRUNTIME_NODE FOLDER
'use strict';
const fs = require('fs');
const path = require('path');
const [, , module_path, folder] = process.argv;
const ort = require(module_path);

async function evaluate(stem) {
  const row = JSON.parse(fs.readFileSync(stem + '.json'));
  const options = {
    graphOptimizationLevel: 'disabled', logSeverityLevel: 4, intraOpNumThreads: 1
  };
  const session = await ort.InferenceSession.create(stem + '.onnx', options);
  const input =
      new ort.Tensor('float32', Float32Array.from(row.x[0]), row.shape);
  const result = await session.run({x: input});
  const y = [];
  for (const name of session.outputNames) y.push(...result[name].data);
  return y.map(Number);
}

async function main() {
  for (const file of fs.readdirSync(folder).sort()) {
    if (!file.endsWith('.onnx')) continue;
    const stem = path.join(folder, file.slice(0, -5));
    let answer;
    try {
      answer = {y: await evaluate(stem)};
    } catch (error) {
      answer = {error: String(error.message || error).slice(0, 300)};
    }
    fs.writeFileSync(stem + '.out.json', JSON.stringify(answer));
  }
}

main();
