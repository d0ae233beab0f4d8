import { replyText, safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-sample.ts';
import { sessionOrder } from '../../../lambda/history/packing/round-packing.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { Clock } from '../../arguments/clock.ts';
import { highest } from '../layout/extremes.ts';
import { type Cell, grid } from '../layout/grid.ts';
import { colourText, OUTCOMES } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { rangeText, timeText } from '../layout/times.ts';

/** A line per sample, and the number of samples per outcome. */
export function sampleLines(
  target: string,
  samples: readonly VantageSample[],
  since: string,
  until: string,
  clock: Clock,
  screen: Screen,
): readonly string[] {
  const range = rangeText(since, until, clock, 'to');
  if (samples.length === 0) return [`no sample of ${safeText(target)} from ${range}`];
  const columns = [
    { title: 'ROUND' },
    { title: 'VANTAGE' },
    { title: 'OUTCOME' },
    { title: 'MS', align: 'right' as const },
    ...sessionOrder.map((phase) => ({ title: phase, align: 'right' as const })),
    { title: 'FAILURE', shrinks: true as const },
  ];
  const mark = markerOf(samples);
  const rows = samples.map((one) => sampleCells(one, mark(one), clock, screen));
  const notes = [`${tally(samples)}, from ${range}`, ...lagNotes(samples)];
  return [...grid(columns, rows, screen), '', ...notes.map(screen.paint.dim)];
}

/** Marks the total of a sample in a round in which the event loop of the probe was late. */
const LAG_MARK = '*';

/** Reserves a column for marks only if a sample has one. */
function markerOf(samples: readonly VantageSample[]): (one: VantageSample) => string {
  const unmarked = samples.some(({ lag }) => lag !== undefined) ? ' ' : '';
  return ({ lag }) => (lag === undefined ? unmarked : LAG_MARK);
}

function lagNotes(samples: readonly VantageSample[]): readonly string[] {
  const lags = samples.flatMap(({ lag }) => lag ?? []);
  if (lags.length === 0) return [];
  return [
    `${LAG_MARK} the probe process was late by up to ${highest(lags, 0)} ms in this round: times can be too long by that much`,
  ];
}

function sampleCells(
  { vantage, round, sample }: VantageSample,
  mark: string,
  clock: Clock,
  { paint }: Screen,
): readonly Cell[] {
  return [
    { text: timeText(round, clock) },
    { text: safeText(vantage, 40) },
    { text: sample.outcome, paint: (padded) => colourText(sample.outcome, padded, paint) },
    { text: figure(sample.total) + mark },
    ...sessionOrder.map((phase) => ({ text: figure(sample.timings[phase]), paint: paint.dim })),
    { text: failureText(sample) },
  ];
}

/** Milliseconds, with tenths below 10. */
function figure(length: number | undefined): string {
  if (length === undefined) return '';
  return length < 10 ? length.toFixed(1) : String(Math.round(length));
}

/** `starttls starttls-not-offered: 502 5.5.1 …`. */
function failureText({ phase, code, reply }: VantageSample['sample']): string {
  if (code === null) return '';
  return `${phase ?? ''} ${safeText(code, 48)}${reply === null ? '' : `: ${replyText(reply, 120)}`}`.trimStart();
}

function tally(samples: readonly VantageSample[]): string {
  const count = (outcome: Outcome) => samples.filter(({ sample }) => sample.outcome === outcome).length;
  const counted = OUTCOMES.filter((outcome) => count(outcome) > 0).map((outcome) => `${count(outcome)} ${outcome}`);
  return `${samples.length} ${samples.length === 1 ? 'sample' : 'samples'}: ${counted.join(', ')}`;
}
