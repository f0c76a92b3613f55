/** One chart with its title, its legend and a sentence on what a point is. The legend's buttons hide and show lines. */
import { Chart, type ChartConfiguration } from '../charts/chart-setup.ts';

export interface LegendEntry {
  readonly label: string;
  readonly color: string;
  readonly isDashed?: boolean;
}

export interface FigureContent {
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  /** In the order of the chart's datasets; empty: no legend. */
  readonly legend: readonly LegendEntry[];
  readonly configuration: ChartConfiguration<'bar' | 'line'>;
}

export class ChartFigure {
  readonly element = document.createElement('figure');
  readonly #canvas = document.createElement('canvas');
  readonly #legend = document.createElement('div');
  readonly #hidden = new Set<string>();
  #chart: Chart<'bar' | 'line'> | undefined;

  constructor({ id, title, doc }: FigureContent) {
    this.element.className = 'chart';
    this.element.dataset['chart'] = id;
    const caption = document.createElement('figcaption');
    const heading = document.createElement('h3');
    heading.textContent = title;
    this.#legend.className = 'legend';
    caption.append(heading, this.#legend);
    const frame = document.createElement('div');
    frame.className = 'canvas';
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute('aria-label', `Chart: ${title}. ${doc}`);
    frame.append(this.#canvas);
    const words = document.createElement('p');
    words.className = 'chart-doc';
    words.textContent = doc;
    this.element.append(caption, frame, words);
  }

  draw({ configuration, legend }: FigureContent): void {
    this.#chart?.destroy();
    this.#chart = new Chart(this.#canvas, configuration);
    this.#legend.replaceChildren(...legend.map((entry, index) => this.#button(entry, index)));
    legend.forEach(({ label }, index) => this.#chart?.setDatasetVisibility(index, !this.#hidden.has(label)));
    this.#chart.update('none');
  }

  #button({ label, color, isDashed }: LegendEntry, index: number): HTMLButtonElement {
    const button = document.createElement('button');
    const key = document.createElement('span');
    key.className = isDashed === true ? 'key dashed' : 'key';
    key.style.borderColor = color;
    button.type = 'button';
    button.append(key, label);
    button.setAttribute('aria-pressed', String(!this.#hidden.has(label)));
    button.addEventListener('click', () => {
      const isShown = this.#hidden.delete(label);
      if (!isShown) this.#hidden.add(label);
      button.setAttribute('aria-pressed', String(isShown));
      this.#chart?.setDatasetVisibility(index, isShown);
      this.#chart?.update('none');
    });
    return button;
  }
}
