'use strict';
// The canvas: a camera that moves, and a bitmap larger than the view that is
// moved along with it and painted anew, bit by bit, beside the one that is shown.

const MARGIN = 0.3;           // of the view, on each side of it
const SLICE_MOVING = 6;       // milliseconds of painting a frame
const SLICE_STILL = 30;
const STILL_AFTER = 150;      // milliseconds
const TAP = 6;                // pixels: a pointer that moves less has tapped
const DEEPEST = 1e11;         // pixels a frame's width

class View {
  constructor(canvas, on) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
    this.on = on;
    this.camera = {s: 0, t: 0, scale: 1, stretch: 1, width: 1, height: 1, ratio: 1};
    this.shown = null;        // {canvas, camera, version}
    this.spare = null;
    this.job = null;
    this.version = 0;
    this.hovered = -1;
    this.selected = -1;
    this.neighbours = [];
    this.crosshair = false;
    this.moved = -Infinity;   // when
    this.pointers = new Map();
    this.listen();
  }

  show(scene, look) {
    this.scene = scene;
    this.camera.stretch = stretchOf(scene.page);
    this.look = look;
    this.version++;
    this.ask();
  }

  resize() {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const {clientWidth, clientHeight} = this.canvas;
    const {camera} = this;
    const isFirst = camera.width === 1;
    camera.scale *= ratio / camera.ratio;
    Object.assign(camera, {ratio, width: Math.round(clientWidth * ratio),
                           height: Math.round(clientHeight * ratio)});
    this.canvas.width = camera.width;
    this.canvas.height = camera.height;
    this.shown = this.spare = this.job = null;
    if (isFirst) this.home();
    this.ask();
  }

  home() {
    const [s0, s1, t0, t1] = this.scene.page.frame;
    const {camera} = this;
    camera.s = (s0 + s1) / 2;
    camera.t = (t0 + t1) / 2;
    camera.scale = 0.94 * Math.min(camera.width / (s1 - s0),
                                   camera.height / (t1 - t0) / camera.stretch);
    this.ask();
  }

  pan(x, y) {
    this.move();
    const {camera} = this;
    camera.s -= x / camera.scale;
    camera.t += y / (camera.scale * camera.stretch);
    this.keepNear();
    this.ask();
  }

  move() {
    this.moved = performance.now();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), STILL_AFTER + 1);
  }

  isStill() {
    return performance.now() - this.moved > STILL_AFTER;
  }

  // The middle of the view stays inside the frame.
  keepNear() {
    const [s0, s1, t0, t1] = this.scene.page.frame;
    this.camera.s = Math.max(s0, Math.min(s1, this.camera.s));
    this.camera.t = Math.max(t0, Math.min(t1, this.camera.t));
  }

  zoom(factor, x = this.camera.width / 2, y = this.camera.height / 2) {
    this.move();
    const {camera} = this, [s0, s1] = this.scene.page.frame;
    const [s, t] = toPoint(camera, x, y);
    const least = 0.2 * camera.width / (s1 - s0), most = DEEPEST / (s1 - s0);
    camera.scale = Math.max(least, Math.min(most, camera.scale * factor));
    camera.s = s - (x - camera.width / 2) / camera.scale;
    camera.t = t + (y - camera.height / 2) / (camera.scale * camera.stretch);
    this.keepNear();
    this.ask();
  }

  // Brings a cell into view, large enough to be seen.
  goTo(cell) {
    const [s0, t0, s1, t1] = this.scene.box.subarray(4 * cell, 4 * cell + 4);
    const {camera} = this;
    [camera.s, camera.t] = middleOf(this.scene, cell);
    const extent = Math.max(s1 - s0, camera.stretch * (t1 - t0));
    const smaller = Math.min(camera.width, camera.height);
    if (extent * camera.scale < smaller / 12) camera.scale = smaller / 6 / extent;
    if (extent * camera.scale > smaller) camera.scale = smaller / 2 / extent;
    camera.scale = Math.min(camera.scale,
                            DEEPEST / (this.scene.page.frame[1] - this.scene.page.frame[0]));
    this.ask();
  }

  select(cell) {
    this.selected = cell;
    this.neighbours = cell < 0 ? [] : neighboursOf(this.scene, cell);
    this.ring = {cells: this.neighbours, next: 0};
    this.ask();
    this.on.select(cell);
  }

  hover(cell) {
    if (cell === this.hovered) return;
    this.hovered = cell;
    this.ask();
    this.on.hover(cell);
  }

  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.frame();
    });
  }

  frame() {
    if (!this.scene || this.camera.width < 2) return;
    this.draw();
    if (!this.job && this.isStale()) this.startJob();
    if (this.job && this.isJobUseless()) this.startJob();
    if (this.job) this.runJob();
    this.on.frame();
  }

  // The bitmap must be of this scale and reach beyond the view by half its margin.
  isStale() {
    const {shown, camera} = this;
    if (!shown || shown.version !== this.version) return true;
    if (shown.camera.scale !== camera.scale) return true;
    if (shown.isRough && this.isStill()) return true;
    const dx = Math.abs(camera.s - shown.camera.s) * camera.scale;
    const dy = Math.abs(camera.t - shown.camera.t) * camera.scale * camera.stretch;
    return dx > MARGIN / 2 * camera.width || dy > MARGIN / 2 * camera.height;
  }

  // A job goes on while the camera moves on, unless what it paints is far off.
  isJobUseless() {
    const {job, camera} = this;
    const ratio = job.camera.scale / camera.scale;
    if (job.version !== this.version || ratio > 2 || ratio < 0.5) return true;
    const dx = Math.abs(camera.s - job.camera.s) * camera.scale;
    const dy = Math.abs(camera.t - job.camera.t) * camera.scale * camera.stretch;
    return dx > camera.width || dy > camera.height;
  }

  startJob() {
    const camera = {...this.camera,
                    width: Math.round(this.camera.width * (1 + 2 * MARGIN)),
                    height: Math.round(this.camera.height * (1 + 2 * MARGIN))};
    const canvas = this.spare || document.createElement('canvas');
    this.spare = null;
    if (canvas.width !== camera.width || canvas.height !== camera.height) {
      canvas.width = camera.width;
      canvas.height = camera.height;
    }
    const isRough = !this.isStill();
    const steps = paintScene(canvas.getContext('2d', {alpha: false}), this.scene,
                             camera, this.look, isRough);
    this.job = {canvas, camera, steps, isRough, version: this.version};
  }

  runJob() {
    const end = performance.now() + (this.isStill() ? SLICE_STILL : SLICE_MOVING);
    let step;
    do {
      step = this.job.steps.next();
    } while (!step.done && performance.now() < end);
    if (step.done) {
      this.spare = this.shown && this.shown.canvas;
      this.shown = this.job;
      this.job = null;
    }
    this.ask();
  }

  // True when what is shown is what the camera sees, finished.
  isSettled() {
    return !this.job && !this.asked && !this.isStale() && !this.shown.isRough;
  }

  draw() {
    const {context, camera, shown} = this;
    context.fillStyle = this.look.theme.paper;
    context.fillRect(0, 0, camera.width, camera.height);
    if (shown) this.drawBitmap(shown);
    drawMarks(context, this);
  }

  drawBitmap(shown) {
    const {camera} = this, zoom = camera.scale / shown.camera.scale;
    const width = shown.camera.width * zoom, height = shown.camera.height * zoom;
    const x = toX(camera, shown.camera.s) - width / 2;
    const y = toY(camera, shown.camera.t) - height / 2;
    const isWhole = zoom === 1;
    this.context.imageSmoothingEnabled = !isWhole;
    this.context.drawImage(shown.canvas, isWhole ? Math.round(x) : x,
                           isWhole ? Math.round(y) : y, width, height);
  }

  cellUnder(x, y) {
    return cellAt(this.scene, ...toPoint(this.camera, x, y));
  }
}

// What lies on top of the bitmap and changes with every frame.
function drawMarks(context, view) {
  const {scene, camera, look} = view;
  context.lineJoin = 'round';
  if (view.selected >= 0) {
    for (const cell of view.neighbours) outline(context, view, cell, '#0072b2', 2, 0.35);
    outline(context, view, view.selected, '#d55e00', 3, 0.45);
  }
  if (view.hovered >= 0) outline(context, view, view.hovered, look.theme.ink, 2, 0);
  for (const row of scene.page.rows) drawRow(context, camera, row, look.theme);
  if (view.crosshair) drawCrosshair(context, camera, look.theme);
}

function outline(context, view, cell, colour, width, fill) {
  const {camera, look} = view;
  context.beginPath();
  tracePolygon(context, pixelsOf(view.scene, cell, camera));
  context.globalAlpha = fill;
  context.fillStyle = colour;
  if (fill) context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = look.theme.paper;
  context.lineWidth = (width + 2) * camera.ratio;
  context.stroke();
  context.strokeStyle = colour;
  context.lineWidth = width * camera.ratio;
  context.stroke();
}

function drawRow(context, camera, row, theme) {
  const x = toX(camera, row.at[0]), y = toY(camera, row.at[1]), {ratio} = camera;
  context.beginPath();
  context.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
  context.fillStyle = theme.ink;
  context.strokeStyle = theme.paper;
  context.lineWidth = 2 * ratio;
  context.fill();
  context.stroke();
  context.font = `600 ${13 * ratio}px system-ui, sans-serif`;
  context.lineWidth = 4 * ratio;
  context.strokeText(row.name, x + 9 * ratio, y - 7 * ratio);
  context.fillText(row.name, x + 9 * ratio, y - 7 * ratio);
}

function drawCrosshair(context, camera, theme) {
  const x = camera.width / 2, y = camera.height / 2, r = 10 * camera.ratio;
  for (const [colour, width] of [[theme.paper, 4], [theme.ink, 1.5]]) {
    context.beginPath();
    context.moveTo(x - r, y);
    context.lineTo(x + r, y);
    context.moveTo(x, y - r);
    context.lineTo(x, y + r);
    context.strokeStyle = colour;
    context.lineWidth = width * camera.ratio;
    context.stroke();
  }
}
