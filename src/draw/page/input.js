'use strict';
// What wheel, pointers and keys do to the view.

const PAN_STEP = 0.1;         // of the view
const ZOOM_STEP = 1.3;

View.prototype.listen = function () {
  const {canvas} = this;
  canvas.addEventListener('wheel', event => this.wheel(event), {passive: false});
  canvas.addEventListener('pointerdown', event => this.pointerDown(event));
  canvas.addEventListener('pointermove', event => this.pointerMove(event));
  canvas.addEventListener('pointerup', event => this.pointerUp(event));
  canvas.addEventListener('pointercancel', event => this.pointers.delete(event.pointerId));
  canvas.addEventListener('pointerleave', () => this.hover(-1));
  canvas.addEventListener('keydown', event => this.key(event));
  canvas.addEventListener('blur', () => this.setCrosshair(false));
};

View.prototype.placeOf = function (event) {
  const box = this.canvas.getBoundingClientRect(), {ratio} = this.camera;
  return [(event.clientX - box.left) * ratio, (event.clientY - box.top) * ratio];
};

View.prototype.wheel = function (event) {
  event.preventDefault();
  const lines = event.deltaMode === 1 ? 20 : 1;
  const delta = Math.max(-300, Math.min(300, lines * event.deltaY));
  this.zoom(Math.exp(-0.002 * delta), ...this.placeOf(event));
};

View.prototype.pointerDown = function (event) {
  this.canvas.setPointerCapture(event.pointerId);
  const place = this.placeOf(event);
  this.pointers.set(event.pointerId, place);
  this.tap = this.pointers.size === 1 ? place : null;
  this.setCrosshair(false);
};

View.prototype.pointerMove = function (event) {
  const place = this.placeOf(event);
  const before = this.pointers.get(event.pointerId);
  if (!before) {
    if (event.pointerType === 'mouse') this.hover(this.cellUnder(...place));
    return;
  }
  if (this.tap && Math.hypot(place[0] - this.tap[0], place[1] - this.tap[1]) <
                  TAP * this.camera.ratio) return;
  this.tap = null;
  this.hover(-1);
  if (this.pointers.size === 2) this.pinch(event.pointerId, before, place);
  else if (this.pointers.size === 1) this.pan(place[0] - before[0], place[1] - before[1]);
  this.pointers.set(event.pointerId, place);
};

View.prototype.pinch = function (id, before, place) {
  const [, still] = [...this.pointers].find(([other]) => other !== id);
  const far = p => Math.max(1, Math.hypot(p[0] - still[0], p[1] - still[1]));
  this.pan((place[0] - before[0]) / 2, (place[1] - before[1]) / 2);
  this.zoom(far(place) / far(before), (place[0] + still[0]) / 2,
            (place[1] + still[1]) / 2);
};

View.prototype.pointerUp = function (event) {
  this.pointers.delete(event.pointerId);
  if (!this.tap) return;
  this.tap = null;
  const cell = this.cellUnder(...this.placeOf(event));
  this.select(cell === this.selected ? -1 : cell);
};

View.prototype.setCrosshair = function (on) {
  if (this.crosshair === on) return;
  this.crosshair = on;
  this.ask();
};

View.prototype.key = function (event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const {width, height} = this.camera;
  const x = PAN_STEP * width, y = PAN_STEP * height;
  const middle = () => this.cellUnder(width / 2, height / 2);
  const actions = {
    ArrowLeft: () => this.pan(x, 0), ArrowRight: () => this.pan(-x, 0),
    ArrowUp: () => this.pan(0, y), ArrowDown: () => this.pan(0, -y),
    '+': () => this.zoom(ZOOM_STEP), '=': () => this.zoom(ZOOM_STEP),
    '-': () => this.zoom(1 / ZOOM_STEP), Home: () => this.home(),
    Enter: () => this.select(middle()), ' ': () => this.select(middle()),
    n: () => this.nextNeighbour(), Escape: () => this.select(-1),
  };
  const action = actions[event.key];
  if (!action) return;
  event.preventDefault();
  this.setCrosshair(true);
  action();
};

// Visits the neighbours of the cell that was selected last by other means, one
// after the other.
View.prototype.nextNeighbour = function () {
  const {ring} = this;
  if (!ring || !ring.cells.length) return;
  const cell = ring.cells[ring.next++ % ring.cells.length];
  this.goTo(cell);
  this.select(cell);
  this.ring = ring;
};
