/** The latency over a time that the reader chooses, by vantage or by phase. */
import { useMemo, useState } from 'preact/hooks';
import type { HistoryShard, RoundShard, SummaryShard } from '../../../lambda/reports/history-shards/shard.ts';
import { type ChartLines, hourOrDayLines, roundLines } from '../../history/chart-lines.ts';
import { CHART_RANGES, type ChartRange, shardsOfRange } from '../../history/ranges.ts';
import { sessionsInShards } from '../../history/sessions.ts';
import { shadedTimes } from '../../history/shaded-times.ts';
import { ChartFigures, ChartLegend } from './chart-legend.tsx';
import { Choices } from './choices.tsx';
import { LatencyPlot } from './latency-plot.tsx';
import { ShadedList } from './shaded-list.tsx';
import type { ShardStore } from './shard-store.ts';
import { minuteInWords } from './time-words.ts';
import { useShards } from './use-shards.ts';

interface Charts {
  readonly store: ShardStore;
  readonly version: number;
  readonly recent: RoundShard | null;
  readonly vantages: readonly string[];
  readonly now: () => number;
}

const KINDS = [
  { id: 'vantage', label: 'by vantage' },
  { id: 'phase', label: 'by phase' },
] as const;

const GRAINS = { round: 'each round', hour: 'median of each hour', day: 'median of each day, in UTC' } as const;

const NO_SESSION = 'The history has no session of this time that passed.';
const NO_DAY = 'The history has no day of this time that is over, and on which a session passed.';
const EMPTY = { round: NO_SESSION, hour: NO_SESSION, day: NO_DAY } as const;

export function LatencyCharts({ store, version, recent, vantages, now }: Charts) {
  const [rangeId, setRange] = useState(CHART_RANGES[0]?.id ?? '');
  const [kind, setKind] = useState('vantage');
  const [vantage, setVantage] = useState(vantages[0] ?? '');
  const [row, setRow] = useState<number | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const range = CHART_RANGES.find(({ id }) => id === rangeId) ?? CHART_RANGES[0];
  const to = useMemo(now, [range, version]);
  const from = to - (range?.length ?? 0);
  const recentFrom = recent === null ? to : Date.parse(recent.from);
  const keys = useMemo(
    () => (range === undefined ? [] : shardsOfRange(range, to, recentFrom)),
    [range, to, recentFrom],
  );
  const { shards, state } = useShards(store, keys, version);
  const all = useMemo(() => [...shards, ...(recent === null ? [] : [recent])], [shards, recent]);
  const of = kind === 'phase' ? vantage : null;
  const lines = useMemo(() => linesOf(range, all, of, from, vantages), [range, all, of, from, vantages]);
  const shades = useMemo(() => shadedTimes(all, from, to), [all, from, to]);
  if (range === undefined) return null;
  return (
    <>
      <div class="controls">
        <Choices label="Time" all={CHART_RANGES} chosen={rangeId} onChoose={setRange} />
        <Choices label="Lines" all={KINDS} chosen={kind} onChoose={setKind} />
        {kind === 'phase' && vantages.length > 1 ? (
          <label>
            at{' '}
            <select value={vantage} onChange={(event) => setVantage(event.currentTarget.value)}>
              {vantages.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </label>
        ) : null}
        <span class="note" role="status">
          {STATES[state]}
        </span>
      </div>
      {lines.lines.length === 0 ? (
        <p class="empty">{state === 'reading' ? 'Reading…' : EMPTY[range.grain]}</p>
      ) : (
        <>
          <LatencyPlot
            lines={lines}
            span={[from / 1000, to / 1000]}
            shades={shades}
            chosen={chosen}
            label={`Session time, ${kind === 'phase' ? `by phase at ${vantage}` : 'by vantage'}, ${GRAINS[range.grain]}`}
            onRow={setRow}
          />
          <ChartLegend lines={lines} row={row} />
        </>
      )}
      {range.grain === 'round' && isLateRecent(to, recentFrom) ? (
        <p class="note">Sessions before {minuteInWords(recentFrom)} are added each hour.</p>
      ) : null}
      <ShadedList shades={shades} onChoose={setChosen} />
      <ChartFigures lines={lines} />
    </>
  );
}

/** Whether the page has less than three hours itself. */
function isLateRecent(now: number, recentFrom: number): boolean {
  const [shortest] = CHART_RANGES;
  return shortest !== undefined && shardsOfRange(shortest, now, recentFrom).length > 0;
}

const STATES = { reading: 'Reading…', read: '', missing: 'Not all of this time could be read.' } as const;

function linesOf(
  range: ChartRange | undefined,
  shards: readonly HistoryShard[],
  of: string | null,
  from: number,
  vantages: readonly string[],
): ChartLines {
  const rounds = shards.filter((shard): shard is RoundShard => shard.grain === 'round');
  const sessions = range?.grain === 'day' ? [] : sessionsInShards(rounds).filter(({ at }) => at >= from);
  if (range === undefined || range.grain === 'round') return roundLines(sessions, of, vantages);
  const summaries = shards.filter((shard): shard is SummaryShard => shard.grain === range.grain);
  return hourOrDayLines(summaries, sessions, of, from, vantages);
}
