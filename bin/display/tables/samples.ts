import { replyText, safeText } from '../../../lambda/alert/words/safe-text.ts';
import type { VantageSample } from '../../../lambda/history/packing/recorded-round.ts';
import { sessionOrder } from '../../../lambda/history/packing/round-packing.ts';
import type { Outcome } from '../../../lambda/smtp/sample/sample.ts';
import type { Clock } from '../../arguments/clock-and-time-zone.ts';
import { type Cell, grid } from '../layout/grid.ts';
import { highest } from '../layout/numbers.ts';
import { colourText, OUTCOMES } from '../layout/outcome-colours.ts';
import type { Screen } from '../layout/screen.ts';
import { firstThatFits } from '../layout/text-width.ts';
import { rangeText, timesTogether, timeText } from '../layout/times.ts';
import { type SessionStep, STEPS, stepTime } from '../layout/timing-steps.ts';
import { wrapText } from '../layout/wrap.ts';

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
  const mark = markerOf(samples);
  const linesOf = (layout: Layout, on: Screen) => {
    const times =
      layout.times === 'each'
        ? null
        : timesTogether(
            samples.map(({ round }) => round),
            clock,
          );
    const columns = [
      { title: 'ROUND' },
      { title: 'VANTAGE' },
      { title: 'OUTCOME' },
      { title: 'MS', align: 'right' as const },
      ...layout.figures.map(({ title }) => ({ title, align: 'right' as const })),
      { title: 'FAILURE', below: true as const },
    ];
    const rows = samples.map((one, at) =>
      sampleCells(one, times?.texts[at] ?? timeText(one.round, clock), mark(one), layout, screen),
    );
    const common = times?.common ? [screen.paint.dim(`rounds of ${times.common}`)] : [];
    return [...common, ...grid(columns, rows, on)];
  };
  const notes = [`${tally(samples)}, from ${range}`, ...lagNotes(samples)];
  const lines = firstThatFits(LAYOUTS, linesOf, screen).lines;
  return [...lines, '', ...notes.flatMap((note) => wrapText(note, screen.width)).map(screen.paint.dim)];
}

/** A column of milliseconds. */
interface Figure {
  readonly title: string;
  readonly of: (timings: VantageSample['sample']['timings']) => number | undefined;
}

interface Layout {
  /** The date and zone in each line, or once above them. */
  readonly times: 'each' | 'together';
  readonly figures: readonly Figure[];
}

const PHASES: readonly Figure[] = sessionOrder.map((phase) => ({ title: phase, of: (timings) => timings[phase] }));
const GROUPS: readonly Figure[] = (Object.keys(STEPS) as SessionStep[]).map((step) => ({
  title: step,
  of: (timings) => stepTime(timings, step),
}));

/** From the widest to the narrowest. */
const LAYOUTS: readonly Layout[] = [
  { times: 'each', figures: PHASES },
  { times: 'together', figures: PHASES },
  { times: 'together', figures: GROUPS },
  { times: 'together', figures: [] },
];

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
  { vantage, sample }: VantageSample,
  time: string,
  mark: string,
  { figures }: Layout,
  { paint }: Screen,
): readonly Cell[] {
  return [
    { text: time },
    { text: safeText(vantage, 40) },
    { text: sample.outcome, paint: (padded) => colourText(sample.outcome, padded, paint) },
    { text: figure(sample.total) + mark },
    ...figures.map(({ of }) => ({ text: figure(of(sample.timings)), paint: paint.dim })),
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
