'use strict';
// Reads the object, joins view and panel, and keeps what the user has chosen.

function themeNow() {
  const style = getComputedStyle(document.documentElement);
  return {paper: style.getPropertyValue('--canvas').trim(),
          ink: style.getPropertyValue('--ink').trim()};
}

class Explorer {
  constructor(page) {
    this.page = page;
    this.decoded = [];
    this.colourings = colourings(page);
    this.matches = null;
    this.choice = {colouring: 0, walls: true, boundary: true};
    this.view = new View(byId('canvas'), {
      select: cell => this.selected(cell), hover: () => this.showCell(),
      frame: () => this.showPlace()});
    this.table = new CellTable(cell => {
      this.go(cell);
      byId('canvas').scrollIntoView({block: 'nearest'});
    });
    this.fillControls();
    this.listen();
    this.showScene(0);
    new ResizeObserver(() => this.view.resize()).observe(byId('canvas'));
  }

  sceneOf(i) {
    if (!this.decoded[i]) this.decoded[i] = decodeScene(this.page, this.page.scenes[i]);
    return this.decoded[i];
  }

  fillControls() {
    byId('colouring').replaceChildren(...this.colourings.map(
        (colouring, i) => make('option', {value: i}, colouring.name)));
    byId('search-help').textContent = SEARCH_HELP;
    byId('boundary-choice').hidden =
        !this.page.scenes.some(scene => scene.boundary.length);
    showWallLegend(this.page);
  }

  listen() {
    const on = (id, event, action) => byId(id).addEventListener(event, action);
    on('colouring', 'change', event => this.choose('colouring', Number(event.target.value)));
    on('walls', 'change', event => this.choose('walls', event.target.checked));
    on('boundary', 'change', event => this.choose('boundary', event.target.checked));
    on('zoom-in', 'click', () => this.view.zoom(ZOOM_STEP));
    on('zoom-out', 'click', () => this.view.zoom(1 / ZOOM_STEP));
    on('home', 'click', () => this.view.home());
    on('theme', 'click', () => this.switchTheme());
    on('export', 'click', () => this.exportSvg());
    on('search-form', 'submit', event => this.search(event));
    on('search', 'input', event => event.target.value || this.clearSearch());
    on('strip-slider', 'input', event => this.showScene(Number(event.target.value)));
    matchMedia('(prefers-color-scheme: dark)')
        .addEventListener('change', () => this.repaint());
  }

  choose(name, value) {
    this.choice[name] = value;
    this.repaint();
  }

  showScene(i) {
    this.scene = this.sceneOf(i);
    this.index = i;
    showHead(this.scene);
    showStrip(this.page, i);
    this.clearSearch();
    this.view.hovered = -1;
    this.repaint();
    this.view.select(-1);
    const canvas = byId('canvas');
    canvas.setAttribute('aria-label', `${this.page.title}: ${countText(this.scene)} ` +
        `cells in the plane of ${this.page.axes.join(' and ')}`);
  }

  look() {
    const {walls, boundary} = this.choice;
    return {colours: this.colours, walls, boundary, theme: themeNow(),
            matches: this.matches && new Set(this.matches)};
  }

  repaint() {
    this.colours = this.colourings[this.choice.colouring].make(this.scene);
    showColourLegend(this.colours);
    this.view.show(this.scene, this.look());
  }

  go(cell) {
    this.view.goTo(cell);
    this.view.select(cell);
  }

  selected(cell) {
    this.showCell();
    byId('said').textContent = cell < 0 ? '' :
        `${cellLine(this.scene, cell)}, ${this.view.neighbours.length} neighbours`;
  }

  // The cell under the pointer comes before the selected one.
  showCell() {
    const {hovered, selected} = this.view;
    const cell = hovered >= 0 ? hovered : selected;
    const neighbours = cell < 0 ? [] : neighboursOf(this.scene, cell);
    showCell(this.scene, cell, neighbours, other => this.go(other));
  }

  showPlace() {
    const [s0, t0, s1, t1] = boxOf(this.view.camera, 0), {axes} = this.page;
    const span = (name, a, b) => {
      const digits = Math.max(0, Math.min(15, Math.ceil(2 - Math.log10(b - a))));
      return `${name} ${a.toFixed(digits)} to ${b.toFixed(digits)}`;
    };
    byId('place').textContent = `${span(axes[0], s0, s1)}, ${span(axes[1], t0, t1)}`;
  }

  search(event) {
    event.preventDefault();
    const text = byId('search').value;
    if (!text.trim()) return this.clearSearch();
    if (this.matches && text === this.searched) return this.goToMatch(this.match + 1);
    const {test, error} = parseSearch(this.scene, text);
    byId('search').setAttribute('aria-invalid', Boolean(error));
    if (error) {
      byId('found').textContent = error;
      return;
    }
    this.searched = text;
    this.showMatches(cellsThat(this.scene, test));
  }

  showMatches(cells) {
    this.matches = cells;
    this.table.show(this.scene, cells);
    this.repaint();
    if (cells.length) this.goToMatch(0);
    else byId('found').textContent = 'No cell has this pattern';
  }

  goToMatch(i) {
    if (!this.matches.length) return;
    this.match = i % this.matches.length;
    this.go(this.matches[this.match]);
    byId('found').textContent = `${this.match + 1} of ${this.matches.length} cells` +
        (this.matches.length > 1 ? ' (Enter for the next)' : '');
  }

  clearSearch() {
    const had = this.matches !== null;
    this.matches = null;
    byId('search').removeAttribute('aria-invalid');
    byId('found').textContent = '';
    this.table.show(this.scene, Array.from({length: this.scene.count}, (_, i) => i));
    if (had) this.repaint();
  }

  switchTheme() {
    const root = document.documentElement;
    const isDark = root.dataset.theme ? root.dataset.theme === 'dark'
        : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
    byId('theme').setAttribute('aria-pressed', !isDark);
    this.repaint();
  }

  exportSvg() {
    download('pleats.svg', 'image/svg+xml',
             svgOf(this.scene, plainCamera(this.view.camera), this.look()));
  }
}

const explorer = new Explorer(JSON.parse(byId('scene').textContent));
