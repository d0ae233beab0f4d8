/** The history of a target: charts of its latency, a heat map of its sessions, and the session that is open. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { HistoryShard, RoundShard } from '../../../lambda/reports/history-shards/shard.ts';
import { type ShardKey, shardKeyAt, shardKeysBetween } from '../../../lambda/reports/history-shards/shard-keys.ts';
import { heatRounds } from '../../history/heat-rounds.ts';
import { othersToCompare } from '../../history/others-to-compare.ts';
import { CHART_RANGES, shardsOfRange } from '../../history/ranges.ts';
import type { SessionName } from '../../history/session-link.ts';
import { type Session, sessionsInShards } from '../../history/sessions.ts';
import { shadedTimes } from '../../history/shaded-times.ts';
import { HeatMap } from './heat-map.tsx';
import { LatencyCharts } from './latency-charts.tsx';
import { SessionPanel } from './session-panel.tsx';
import type { ShardStore } from './shard-store.ts';
import { epochOfRound } from './time-words.ts';
import { useSessionLink } from './use-session-link.ts';
import { useShards } from './use-shards.ts';

interface History {
  readonly store: ShardStore;
  /** Of the page, in their order. */
  readonly vantages: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Calls back when the page was updated; returns what ends that. */
  readonly onUpdate: (changed: () => void) => () => void;
}

const DAY = 86_400_000;
const THREE_HOURS = 3 * 3_600_000;

export function HistoryView({ store, vantages, now, onUpdate }: History) {
  const [version, setVersion] = useState(0);
  const [days, setDays] = useState<readonly string[]>([]);
  const [until, setUntil] = useState<number | null>(null);
  const [link, setLink] = useSessionLink();
  const [isDayBeforeWanted, wantDayBefore] = useState(false);
  useEffect(
    () =>
      onUpdate(() => {
        store.forget();
        setVersion((before) => before + 1);
      }),
    [store, onUpdate],
  );
  const recent = useMemo(() => store.recent(), [store, version]);
  const wanted = useMemo(() => withDays(days, link, lastHours(recent, now())), [days, link, recent]);
  const read = useShards(store, wanted, version);
  const rounds = useMemo(() => roundShards([...read.shards, recent]), [read.shards, recent]);
  const sessions = useMemo(() => sessionsInShards(rounds), [rounds]);
  const heat = useMemo(
    () => heatRounds(sessions, until ?? Number.POSITIVE_INFINITY, vantages),
    [sessions, until, vantages],
  );
  const find = (name: SessionName | null) => (name === null ? null : findSession(sessions, name));
  const [opened, other] = [find(link?.session ?? null), find(link?.other ?? null)];
  const incidents = shadedTimes(rounds, 0, Number.POSITIVE_INFINITY).filter(({ kind }) => kind === 'incident');

  const omitted = rounds.reduce((sum, shard) => sum + shard.omitted, 0);

  const addDays = (keys: readonly ShardKey[]) =>
    setDays((before) => [...new Set([...before, ...keys.map(({ first }) => first)])]);
  const open = (session: Session) => {
    wantDayBefore(false);
    setLink({ session, other: null });
  };
  const close = () => {
    setLink(null);
    document.querySelector<HTMLElement>('.heat-cells button[tabindex="0"]')?.focus();
  };
  const first = heat.rounds[0];
  const earlier = () => {
    if (first === undefined) return;
    const keys = shardKeysBetween('round', { from: first - THREE_HOURS, to: first });
    addDays([store.before(shardKeyAt('round', first - THREE_HOURS)) ?? [], keys].flat());
    setUntil(first - 1);
  };
  const compareDayBefore = (session: Session) => {
    addDays([shardKeyAt('round', session.at - DAY)]);
    wantDayBefore(true);
  };
  const dayBefore = opened === null ? undefined : othersToCompare(opened, sessions).find((one) => one.isDayBefore);
  useEffect(() => {
    if (!isDayBeforeWanted || link === null || dayBefore === undefined) return;
    wantDayBefore(false);
    setLink({ session: link.session, other: dayBefore.session });
  }, [isDayBeforeWanted, dayBefore]);
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && link !== null) close();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  });
  return (
    <>
      <LatencyCharts store={store} version={version} recent={recent} vantages={vantages} now={now} />
      <h3>Sessions</h3>
      {until !== null && first === undefined ? <p role="status">{emptyWords(read.state)}</p> : null}
      <HeatMap
        heat={heat}
        opened={[opened, other].filter((session) => session !== null)}
        onOpen={open}
        onEarlier={first === undefined ? null : earlier}
        onLater={until === null ? null : () => setUntil(laterThan(until, sessions))}
      />
      {omitted === 0 ? null : <p class="note">{omitted} earlier sessions had no place on this page.</p>}
      {link === null ? null : (
        <SessionPanel
          session={opened}
          other={other}
          words={
            opened === null || isDayBeforeWanted || (link.other !== null && other === null) ? MISSING[read.state] : ''
          }
          sessions={sessions}
          incidents={incidents}
          transcriptsFrom={recent === null ? null : Date.parse(recent.from)}
          onCompare={(session) => setLink({ session: link.session, other: session })}
          onDayBefore={compareDayBefore}
          onOpen={open}
          onClose={close}
        />
      )}
    </>
  );
}

/** Shards of the last three hours that the page does not have itself. */
function lastHours(recent: RoundShard | null, now: number): readonly ShardKey[] {
  const [shortest] = CHART_RANGES;
  return shortest === undefined || recent === null ? [] : shardsOfRange(shortest, now, Date.parse(recent.from));
}

/** With the days of the sessions in a link. */
function withDays(
  days: readonly string[],
  link: ReturnType<typeof useSessionLink>[0],
  last: readonly ShardKey[],
): readonly ShardKey[] {
  const named = [link?.session, link?.other].flatMap((name) => (name == null ? [] : [epochOfRound(name.round)]));
  const keys = [...last, ...named.map((at) => shardKeyAt('round', at))];
  const all = new Set([...days, ...keys.map(({ first }) => first)]);
  return [...all].map((first) => ({ grain: 'round', first }));
}

function roundShards(shards: readonly (HistoryShard | null)[]): readonly RoundShard[] {
  return shards.filter((shard): shard is RoundShard => shard?.grain === 'round');
}

function findSession(sessions: readonly Session[], { round, vantage }: SessionName): Session | null {
  return sessions.find((one) => one.round === round && one.vantage === vantage) ?? null;
}

/** The end of the next rounds; null for the newest. */
function laterThan(until: number, sessions: readonly Session[]): number | null {
  const next = until + THREE_HOURS;
  return next >= (sessions.at(-1)?.at ?? 0) ? null : next;
}

const MISSING = {
  reading: 'Reading…',
  read: 'The history of this page does not have that session.',
  missing: 'That could not be read. A saved page has what it showed alone.',
} as const;

function emptyWords(state: keyof typeof MISSING): string {
  return state === 'read' ? 'There are no earlier sessions on this page.' : MISSING[state];
}
