/** The history of a target for some days, recorded and rolled up as the monitor does it, and its shards as files of the page. */
import { roundOf, seeded } from '../../bench/history/fleet.ts';
import { openHistory } from '../../lambda/history/history.ts';
import type { RecordedSample } from '../../lambda/history/packing/recorded-round.ts';
import { recentShard, type ShardTarget } from '../../lambda/reports/history-shards/read-shards.ts';
import type { RoundShard } from '../../lambda/reports/history-shards/shard.ts';
import type { IncidentSnapshot } from '../../lambda/reports/snapshot/snapshot.ts';
import { openReportSource } from '../../lambda/reports/source/report-source.ts';
import { samplesOfTarget } from '../../lambda/reports/source/rounds.ts';
import { openShardFiles } from '../../local/web/history-files.ts';
import type { SiteFile } from '../../web/site-file.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { REFUSAL, VANTAGES } from './example-snapshots.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

interface RecordedHistory {
  /** The last rounds, which the page has itself. */
  readonly recent: RoundShard;
  readonly files: ReadonlyMap<string, SiteFile>;
}

interface Recorded {
  readonly target: string;
  readonly days: number;
  readonly incidents: readonly IncidentSnapshot[];
  /** Since then the server refuses; null if it does not. Epoch milliseconds. */
  readonly downSince: number | null;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Of the rounds that the page has itself. */
  readonly recentMinutes: number;
}

/** A round each minute of the last day, and four an hour before. */
export async function recordHistory({
  target,
  days,
  incidents,
  downSince,
  now,
  recentMinutes,
}: Recorded): Promise<RecordedHistory> {
  const end = now - (now % MINUTE);
  const clock = { now: end };
  const table = openInMemoryTable(() => clock.now);
  const history = openHistory(table, { now: () => clock.now });
  const random = seeded(days);
  const start = end - (end % HOUR) - days * DAY;
  for (let at = start; at <= end; at += at >= end - DAY ? MINUTE : 15 * MINUTE) {
    clock.now = at;
    for (const vantage of VANTAGES) {
      const { round, samples } = roundOf(vantage, at, 1, random);
      const [sample] = samples.values();
      if (sample === undefined) throw new Error('a round of the fleet has a sample');
      const seen = downSince !== null && at >= downSince ? refused(sample) : sample;
      await history.recordRound({ vantage, round, samples: new Map([[target, seen]]) });
    }
  }
  await history.rollUp({ vantages: VANTAGES, by: 'test', deadline: Number.POSITIVE_INFINITY });
  const shown: ShardTarget = { id: target, detail: 'full', incidents, planned: [] };
  const shards = openShardFiles();
  await shards.refresh(await openReportSource(table, null), [shown], end, Number.POSITIVE_INFINITY);
  const from = end - recentMinutes * MINUTE;
  const name = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`;
  // Of rounds, as the page has them: an hour that was rolled up has no transcripts.
  const rounds = await Promise.all(VANTAGES.map((vantage) => history.rounds(vantage, name(from), name(end))));
  const samples = samplesOfTarget(rounds.flat(), target);
  return { recent: recentShard(shown, samples, { from, to: end }), files: shards.files };
}

function refused({ address, timings: { dns = 0, connect = 0, greeting = 0 } }: RecordedSample): RecordedSample {
  return {
    ...{ outcome: 'fail', phase: 'greeting', code: 'storage-insufficient', reply: REFUSAL, detail: 'refused with 554' },
    ...{ timings: { dns, connect, greeting }, total: dns + connect + greeting, address },
    transcript: ['* 192.0.2.25, port 25', `S: ${REFUSAL}`, 'C: QUIT'],
  };
}
