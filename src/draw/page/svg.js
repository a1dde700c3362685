'use strict';
// The view as an SVG file: the same cells, walls and marks, as shapes.

const SVG_SEAM = 0.3;         // pixels that cells are larger, where no wall is

function escapeXml(text) {
  const names = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};
  return String(text).replace(/[&<>"]/g, c => names[c]);
}

function shortNumber(x) {
  return String(Math.round(100 * x) / 100);
}

function pathOf(points) {
  const pairs = [];
  for (let i = 0; i < points.length; i += 2) {
    pairs.push(`${shortNumber(points[i])} ${shortNumber(points[i + 1])}`);
  }
  return pairs.length ? `M${pairs.join('L')}Z` : '';
}

function svgCells(scene, camera, look, cells) {
  const {flat, shaded} = sortByColour(scene, look, camera, cells);
  const isWider = hasSeams(look, camera, cells.length);
  const edge = colour => !isWider ? '' :
      ` stroke="${colour}" stroke-width="${SVG_SEAM}" stroke-linejoin="round"`;
  const out = [];
  for (const [colour, list] of flat) {
    const path = list.map(cell => pathOf(pixelsOf(scene, cell, camera))).join('');
    out.push(`<path fill="${colour}"${edge(colour)} d="${path}"/>`);
  }
  for (const [cell, shade] of shaded) {
    out.push(svgShaded(scene, camera, cell, shade, edge(`url(#ramp${cell})`)));
  }
  for (const [colour, points] of colouredParts(scene, camera, cells, look)) {
    out.push(`<path fill="${colour}"${edge(colour)} d="${pathOf(points)}"/>`);
  }
  return out.join('\n');
}

function svgShaded(scene, camera, cell, shade, edge) {
  const [x1, y1, x2, y2] = rampOf(shade, camera).map(shortNumber);
  const stops = shade.stops.map(([place, colour]) =>
      `<stop offset="${place.toFixed(4)}" stop-color="${colour}"/>`).join('');
  return `<linearGradient id="ramp${cell}" gradientUnits="userSpaceOnUse" x1="${x1}" ` +
      `y1="${y1}" x2="${x2}" y2="${y2}">${stops}</linearGradient>` +
      `<path fill="url(#ramp${cell})"${edge} d="${pathOf(pixelsOf(scene, cell, camera))}"/>`;
}

function svgVeil(scene, camera, look, cells) {
  const path = cells.filter(cell => !look.matches.has(cell))
      .map(cell => pathOf(pixelsOf(scene, cell, camera))).join('');
  return `<path fill="${look.theme.paper}" fill-opacity="0.78" d="${path}"/>`;
}

function svgSegments(camera, segments, colour, width) {
  const box = boxOf(camera, 4), parts = [];
  for (const segment of segments) {
    const line = segmentOf(camera, box, ...segment);
    if (!line) continue;
    const [x0, y0, x1, y1] = line.map(shortNumber);
    parts.push(`M${x0} ${y0}L${x1} ${y1}`);
  }
  return `<path fill="none" stroke="${colour}" stroke-width="${shortNumber(width)}" ` +
      `stroke-linecap="round" d="${parts.join('')}"/>`;
}

function svgRow(camera, row, theme) {
  const x = toX(camera, row.at[0]), y = toY(camera, row.at[1]);
  return `<circle cx="${shortNumber(x)}" cy="${shortNumber(y)}" r="5" ` +
      `fill="${theme.ink}" stroke="${theme.paper}" stroke-width="2"/>` +
      `<text x="${shortNumber(x + 9)}" y="${shortNumber(y - 7)}" ` +
      `fill="${theme.ink}">${escapeXml(row.name)}</text>`;
}

function svgLines(scene, camera, look, cells) {
  const out = [];
  if (look.walls) {
    scene.wallSides.forEach((_, layer) => out.push(svgSegments(
        camera, wallSegments(scene, layer), lineColour(scene, layer, look.theme),
        wallWidth(camera, cells.length))));
  }
  if (look.boundary) {
    for (const [colour, width] of [[look.theme.paper, 5], [look.theme.ink, 2.5]]) {
      out.push(svgSegments(camera, boundarySegments(scene), colour, width));
    }
  }
  return out.join('\n');
}

function caption(scene) {
  const {page, model} = scene;
  return `${countText(scene)} ${page.definition}; ${page.domain}; ` +
      `${model.path}, SHA-256 ${model.sha256}; pleats ${page.version}`;
}

// The camera of a screen with one pixel a CSS pixel.
function plainCamera(camera) {
  const {ratio} = camera;
  return {...camera, ratio: 1, scale: camera.scale / ratio,
          width: Math.round(camera.width / ratio),
          height: Math.round(camera.height / ratio)};
}

function svgOf(scene, camera, look) {
  const cells = visibleCells(scene, camera), {width, height} = camera;
  const marks = scene.page.rows.map(row => svgRow(camera, row, look.theme));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
        `viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="13">`,
    `<title>${escapeXml(scene.page.title)}</title>`,
    `<desc>${escapeXml(caption(scene))}</desc>`,
    `<rect width="${width}" height="${height}" fill="${look.theme.paper}"/>`,
    svgCells(scene, camera, look, cells),
    look.matches ? svgVeil(scene, camera, look, cells) : '',
    svgLines(scene, camera, look, cells),
    ...marks, '</svg>', ''].join('\n');
}

function download(name, type, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
