/** A latency chart: lines, a band of percentiles, and what is shaded behind them. */
import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { ChartLines } from '../../history/chart-lines.ts';
import { latencyText } from '../../history/latency-text.ts';
import type { ShadedTime } from '../../history/shaded-times.ts';
import { drawShades } from './draw-shades.ts';
import { LINE_DASHES, lineColour, readColour } from './line-style.ts';
import { axisWords } from './time-words.ts';

interface Plot {
  readonly lines: ChartLines;
  /** Epoch seconds. */
  readonly span: readonly [from: number, to: number];
  readonly shades: readonly ShadedTime[];
  /** The one that is shown stronger; null for none. */
  readonly chosen: string | null;
  readonly label: string;
  /** The row under the pointer, or that the arrow keys chose. */
  readonly onRow: (row: number | null) => void;
}

const HEIGHT = 260;

export function LatencyPlot(plot: Plot) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef(plot);
  latest.current = plot;
  const { lines, span } = plot;
  useEffect(() => {
    const element = place.current;
    if (element === null) return undefined;
    const draw = () => {
      chart.current?.destroy();
      chart.current = new uPlot(optionsOf(latest, element.clientWidth), dataOf(latest.current.lines), element);
    };
    draw();
    const resized = new ResizeObserver(() => chart.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', draw);
    return () => {
      dark.removeEventListener('change', draw);
      resized.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [lines, span[0], span[1]]);
  useEffect(() => chart.current?.redraw(false), [plot.chosen, plot.shades]);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is drawn; its figures are in the table below
    <div
      class="plot"
      ref={place}
      role="group"
      aria-label={`${plot.label}. Left and right arrow keys read the values.`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the values
      tabIndex={0}
      onKeyDown={(event) => {
        if (chart.current !== null && moveCursor(chart.current, event.key)) event.preventDefault();
      }}
    />
  );
}

/** The lowest and highest line of the band come first, so that it is behind the lines. */
function dataOf({ times, lines, band }: ChartLines): uPlot.AlignedData {
  const bands = band === null ? [] : [band.high, band.low];
  return [times, ...bands, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;
}

function optionsOf(latest: { readonly current: Plot }, width: number): uPlot.Options {
  const { lines, span } = latest.current;
  const ink = readColour('--soft');
  const axis = { stroke: ink, font: '12px system-ui, sans-serif', grid: { stroke: readColour('--line'), width: 1 } };
  const edge = { stroke: 'transparent', width: 0, points: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 7 } },
    scales: {
      x: { time: true, range: () => [span[0], span[1]] },
      y: { range: (_, __, high) => [0, (high || 1) * 1.1] },
    },
    axes: [
      {
        ...axis,
        ticks: { stroke: readColour('--line') },
        values: (_, times, __, ___, step) => [...axisWords(times, step)],
      },
      {
        ...axis,
        ticks: { show: false },
        size: 56,
        values: (_, all) => all.map((value) => (value === 0 ? '0' : latencyText(value))),
      },
    ],
    series: [
      {},
      ...(lines.band === null ? [] : [edge, edge]),
      ...lines.lines.map((_, nth) => ({
        stroke: lineColour(nth),
        width: 1.75,
        dash: [...(LINE_DASHES[nth % LINE_DASHES.length] ?? [])],
        spanGaps: false,
        points: { show: lines.times.length < 40, size: 4 },
      })),
    ],
    bands: lines.band === null ? [] : [{ series: [1, 2], fill: `${lineColour(0)}26` }],
    hooks: {
      drawClear: [(u) => drawShades(u, latest.current.shades, latest.current.chosen)],
      setCursor: [(u) => latest.current.onRow(u.cursor.idx ?? null)],
    },
  };
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  Home: Number.NEGATIVE_INFINITY,
  End: Number.POSITIVE_INFINITY,
};

function moveCursor(u: uPlot, key: string): boolean {
  const step = STEPS[key];
  const last = u.data[0].length - 1;
  if (step === undefined || last < 0) return false;
  const row = Math.min(last, Math.max(0, (u.cursor.idx ?? last) + step));
  u.setCursor({ left: u.valToPos(u.data[0][row] ?? 0, 'x'), top: HEIGHT / 3 });
  return true;
}
