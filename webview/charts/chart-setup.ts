/** The parts of chart.js the dashboard uses, registered one by one so that the rest is left out of the bundle. */
import { Chart, Filler, LineController, LineElement, LinearScale, PointElement, Tooltip } from 'chart.js';
import annotationPlugin from 'chartjs-plugin-annotation';

Chart.register(LineController, LineElement, PointElement, LinearScale, Filler, Tooltip, annotationPlugin);

export { Chart };
export type { ChartConfiguration, ChartDataset, ChartOptions } from 'chart.js';
export type { AnnotationOptions } from 'chartjs-plugin-annotation';
