/** Script of report.html: draws the charts from the data the page carries. Everything else on the page stands without it. */
import './report/report.css';
import { BarController, BarElement } from 'chart.js';
import { REPORT_DATA_ELEMENT, type ReportPageData } from '../src/contract/report-page.ts';
import { datasetsOf, optionsOf } from './charts/chart-options.ts';
import type { ChartModel } from './charts/chart-model.ts';
import { Chart, type ChartConfiguration } from './charts/chart-setup.ts';
import type { Theme } from './charts/theme.ts';
import { ChartFigure, type FigureContent } from './report/chart-figure.ts';
import { readPageTheme, watchPageTheme } from './report/page-theme.ts';
import { spreadConfiguration, spreadModels, type SpreadModel } from './report/spread-charts.ts';
import { timeCharts } from './report/time-charts.ts';

Chart.register(BarController, BarElement);

function timeContent(model: ChartModel, theme: Theme): FigureContent {
  const legend = model.lines.map(({ label, color, isReference }) => ({
    label,
    color: theme.colors[color],
    ...(isReference === undefined ? {} : { isDashed: isReference }),
  }));
  const { id, title, doc } = model;
  const options = optionsOf(model, theme);
  spreadLimitLabels(options);
  const configuration = { type: 'line', data: { datasets: datasetsOf(model, theme) }, options };
  return { id, title, doc, legend, configuration: configuration as ChartConfiguration<'bar' | 'line'> };
}

/** Two limits of one metric may lie close together: their labels stand at different places of their lines. */
function spreadLimitLabels({ plugins }: ReturnType<typeof optionsOf>): void {
  const places = ['end', 'start', 'center'] as const;
  Object.entries(plugins?.annotation?.annotations ?? {})
    .filter(([key]) => key.startsWith('limit'))
    .forEach(([, annotation], index) => {
      const { label } = annotation as { label?: { position?: string } };
      if (label !== undefined) label.position = places[index % places.length] ?? 'end';
    });
}

function spreadContent(model: SpreadModel, theme: Theme): FigureContent {
  const { id, title, doc } = model;
  const legend = [
    { label: 'share up to', color: theme.colors.orange },
    { label: 'values', color: theme.colors.blue },
  ];
  return { id: `spread-${id}`, title, doc, legend, configuration: spreadConfiguration(model, theme) };
}

function start(data: ReportPageData): void {
  const parts: readonly (readonly [string, readonly ((theme: Theme) => FigureContent)[]])[] = [
    ['time-charts', timeCharts(data).map((model) => (theme: Theme) => timeContent(model, theme))],
    ['spread-charts', spreadModels(data).map((model) => (theme: Theme) => spreadContent(model, theme))],
  ];
  const drawn: { readonly figure: ChartFigure; readonly contentFor: (theme: Theme) => FigureContent }[] = [];
  watchPageTheme(() => {
    const changed = readPageTheme();
    for (const { figure, contentFor } of drawn) figure.draw(contentFor(changed));
  });
  const theme = readPageTheme();
  for (const [id, contents] of parts) {
    const place = document.getElementById(id);
    for (const contentFor of contents) {
      const content = contentFor(theme);
      const figure = new ChartFigure(content);
      place?.append(figure.element);
      figure.draw(content);
      drawn.push({ figure, contentFor });
    }
  }
  document.documentElement.dataset['ready'] = 'true';
}

const element = document.getElementById(REPORT_DATA_ELEMENT);
if (element !== null) start(JSON.parse(element.textContent ?? '') as ReportPageData);
