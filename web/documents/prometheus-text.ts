/** The text format of Prometheus: https://prometheus.io/docs/instrumenting/exposition_formats/ */

import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';

export type Labels = Readonly<Record<string, string>>;

/** A gauge without times: Prometheus then sees when it stops. */
export interface Gauge {
  readonly name: string;
  readonly help: string;
  readonly values: readonly (readonly [Labels, number])[];
}

export function prometheusText(gauges: readonly Gauge[]): string {
  return gauges.map(gaugeText).join('');
}

/** Nothing if it has no values. */
function gaugeText({ name, help, values }: Gauge): string {
  const finite = values.filter(([, value]) => Number.isFinite(value));
  // Labels that only differ in what is escaped would be one series twice, and Prometheus would take nothing of the page.
  const series = new Map(finite.map(([labels, value]) => [labelText(labels), Number(value.toFixed(6))]));
  if (series.size === 0) return '';
  const lines = [...series].map(([labels, value]) => `${name}${labels} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const texts = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`);
  return texts.length === 0 ? '' : `{${texts.join(',')}}`;
}

/** Control characters and such that reorder text are made visible first. */
function escapeLabel(value: string): string {
  return escapeForDisplay(value).replaceAll('\\', '\\\\').replaceAll('"', '\\"');
}
