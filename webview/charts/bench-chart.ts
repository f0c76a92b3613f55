/** `<bench-chart>`: one canvas kept in step with a ChartModel. Knows nothing of runs. */
import { Chart } from './chart-setup.ts';
import { describeChart, type ChartModel } from './chart-model.ts';
import { datasetsOf, optionsOf } from './chart-options.ts';
import type { Theme } from './theme.ts';

export class BenchChart extends HTMLElement {
  #chart: Chart<'line'> | undefined;
  #model: ChartModel | undefined;
  #theme: Theme | undefined;
  #drawnKey = '';

  set model(model: ChartModel) {
    this.#model = model;
    this.#draw();
  }

  set theme(theme: Theme) {
    if (this.#theme === theme) return;
    this.#theme = theme;
    this.#drawnKey = '';
    this.#draw();
  }

  connectedCallback(): void {
    this.#drawnKey = '';
    this.#draw();
  }

  disconnectedCallback(): void {
    this.#chart?.destroy();
    this.#chart = undefined;
    this.replaceChildren();
  }

  #draw(): void {
    const [model, theme] = [this.#model, this.#theme];
    if (model === undefined || theme === undefined || !this.isConnected) return;
    // A new point is a second away, a new snapshot a quarter: nothing to draw in between.
    const key = `${model.atSeconds.length}:${model.atSeconds[0]}:${model.atSeconds.at(-1)}:${model.spans.length}:${model.lines.length}`;
    if (key === this.#drawnKey) return;
    this.#drawnKey = key;
    const chart = (this.#chart ??= this.#create());
    chart.data.datasets = datasetsOf(model, theme);
    chart.options = optionsOf(model, theme);
    chart.update('none');
    chart.canvas.setAttribute('aria-label', describeChart(model));
  }

  #create(): Chart<'line'> {
    const canvas = document.createElement('canvas');
    canvas.setAttribute('role', 'img');
    this.replaceChildren(canvas);
    return new Chart(canvas, { type: 'line', data: { datasets: [] }, options: { animation: false } });
  }
}

customElements.define('bench-chart', BenchChart);
