import { readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { type Faults, FEW_FAULTS, MANY_FAULTS } from './faults.ts';
import type { Product } from './product.ts';

/** One text of one file of `lambda/`, and what to put in its place. */
export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly plant: string;
}

/** A bug to plant into a copy of the product. Rules that would hide it are removed by `and`. */
export interface Bug extends Edit {
  readonly name: string;
  readonly and?: readonly Edit[];
  /** The faults under which it shows, if not many of all kinds. */
  readonly faults?: Faults;
  /** The seed of the first world, where few worlds show the bug or another shows it earlier. The others follow. */
  readonly seed?: number;
}

/** Hides a name that two rounds have. */
const DROP_NEWER: Edit = {
  file: 'probe/record-or-rename.ts',
  find: 'if (samples.size === 0) return',
  plant: 'return',
};

/** Greylisting, in a world where little else happens: each outage or lost vantage puts its report off. */
const GREYLISTING: Faults = {
  ...MANY_FAULTS,
  singleOutages: 0.01,
  sharedOutages: 0.01,
  vantageFaults: 0.01,
  greylisting: 1,
};

/** STARTTLS is stripped in a world where little else happens: a change is overdue an hour after the last fault. */
const ONLY_CHANGES: Faults = {
  ...MANY_FAULTS,
  singleOutages: 0.01,
  sharedOutages: 0.01,
  vantageFaults: 0.01,
  hungServers: 0,
  greylisting: 0.01,
};

/** Reads are stale for so long that the judge of a schedule often has a newer state than it reads. */
const STALE_READS: Faults = { ...MANY_FAULTS, staleRead: 30_000 };

/** Each bug breaks a promise. The simulation must detect each. */
export const BUGS: readonly Bug[] = [
  {
    name: 'a tie counts as a quorum',
    file: 'consensus/quorum/decide-verdict.ts',
    find: 'Math.floor(entitled / 2) + 1',
    plant: 'Math.ceil(entitled / 2)',
  },
  {
    name: 'a single vantage decides',
    file: 'consensus/quorum/decide-verdict.ts',
    find: 'return down.length >= votesNeeded(',
    plant: 'return down.length >= 1 || down.length >= votesNeeded(',
  },
  {
    name: 'stale votes count',
    file: 'consensus/vote/cast-vote.ts',
    find: 'age > policy.freshness * policy.every',
    plant: 'age > 1000 * policy.every',
    and: [{ file: 'consensus/vote/blind-vantages.ts', find: 'own.length === 0)', plant: 'own.length === 0 && false)' }],
    seed: 14,
  },
  {
    name: 'unable counts as a failure',
    file: 'consensus/vote/cast-vote.ts',
    find: 'const newest = recent.at(-1) ?? null;',
    plant:
      "const newest = recent.at(-1)?.outcome === 'unable' ? { ...recent.at(-1), outcome: 'fail' } : (recent.at(-1) ?? null);",
    and: [
      { file: 'consensus/judge-all.ts', find: 'abstaining: excluded', plant: 'abstaining: new Map()' },
      {
        file: 'consensus/vote/cast-vote.ts',
        find: "recent.filter(({ outcome }) => outcome !== 'unable')",
        plant: "recent.map((o) => (o.outcome === 'unable' ? { ...o, outcome: 'fail' } : o))",
      },
    ],
  },
  {
    name: 'too few voters decide',
    file: 'consensus/quorum/decide-verdict.ts',
    find: 'entitled.length < policy.minimumVoters',
    plant: 'entitled.length < 1',
    seed: 12,
  },
  {
    name: 'one lost probe is a vote',
    file: 'consensus/judgement/policy.ts',
    find: 'return policy.confirm + (policy.secondOpinion ? 1 : 0)',
    plant: 'return 1',
  },
  {
    name: 'blind vantages vote',
    file: 'consensus/judge-all.ts',
    find: 'abstaining: excluded',
    plant: 'abstaining: new Map()',
  },
  {
    name: 'a steady outage after flapping is not paged',
    file: 'consensus/incident/due-alerts.ts',
    find: "return verdict === 'down' && steady >= STEADY_DOWN",
    plant: 'return false',
    seed: 27,
  },
  {
    name: 'an outage is not reported',
    file: 'consensus/incident/due-alerts.ts',
    find: "down: 'down', unknown: 'unknown' },\n  degraded",
    plant: "down: null, unknown: 'unknown' },\n  degraded",
  },
  {
    name: 'a recovery is not reported',
    file: 'consensus/incident/due-alerts.ts',
    find: "down: { up: 'recovered'",
    plant: 'down: { up: null',
    seed: 14,
  },
  {
    name: 'a change is recorded as reported, but its alert is not added',
    file: 'consensus/incident/due-alerts.ts',
    find: 'const owed = [...draft.owed, alertOf(draft, inputs, due.kind, at)]',
    plant: 'const owed = draft.owed',
  },
  {
    name: 'a second incident opens while one is open',
    file: 'consensus/incident/next-incident.ts',
    find: 'if (isOpen(incident)) return { ...draft, incident: updateIncident',
    plant: 'if (isOpen(incident) && false) return { ...draft, incident: updateIncident',
  },
  {
    name: 'a chapter that ended is not stored',
    file: 'judge/judge.ts',
    find: 'await storeEndedChapter(ports, pass)',
    plant: 'void storeEndedChapter',
  },
  {
    name: 'a chapter goes on over a recovery',
    file: 'consensus/incident/next-incident.ts',
    find: 'addTimelineLine(endChapter(incident, ballots, at), at,',
    plant: 'addTimelineLine({ ...incident, chapter: incident.chapter && { ...incident.chapter, from: at } }, at,',
    seed: 21,
  },
  {
    name: 'the number of an alert is not counted',
    file: 'consensus/incident/due-alerts.ts',
    find: 'alerts: memory.alerts + 1,',
    plant: 'alerts: memory.alerts,',
  },
  {
    name: 'the version check is missing',
    file: 'history/table/write-version.ts',
    find: 'table.put(item, expected === 0 ? { absent: true } : { version: expected })',
    plant: 'table.put(item)',
  },
  {
    name: 'a round is overwritten',
    file: 'history/record-round.ts',
    find: 'table.put(head, { absent: true })',
    plant: 'table.put(head)',
  },
  {
    name: 'a sample that ended late is not added to its round',
    file: 'history/packing/late-samples.ts',
    find: "if (head === null || typeof head.version !== 'number') return false",
    plant: 'if (head !== null) return false',
  },
  {
    name: 'a sample that ended late replaces one that was added before it',
    file: 'history/packing/late-samples.ts',
    find: 'parts: [...before, ...parts.map(({ sk }) => sk)]',
    plant: 'parts: parts.map(({ sk }) => sk)',
  },
  {
    name: 'a sample that ended late is acknowledged before it is written',
    file: 'history/packing/late-samples.ts',
    find: 'if (await table.put(next, { version: head.version })) return true;',
    plant: 'void table.put(next, { version: head.version }).catch(() => {}); return true;',
  },
  {
    name: 'an alert is removed before its deliveries are made',
    file: 'judge/hand-over-alerts.ts',
    find: 'const ready = await markChannels(ports, wanted, failed);',
    plant:
      'for (const { outbox, routed } of outboxes) await clearMessages(ports, routed).then(() => outbox.remove(() => true)).catch(() => {}); const ready = await markChannels(ports, wanted, failed);',
  },
  {
    name: 'the newest alert is sent first',
    file: 'alert/delivery/next-message.ts',
    find: "if (room.kind === 'free') return ready[0];",
    plant: "if (room.kind === 'free') return ready.at(-1);",
    seed: 19,
  },
  {
    name: 'the lease of a channel is ignored',
    file: 'deliver/deliver-channel.ts',
    find: 'if (stored.oldest === null || isHeld) return null;',
    plant: 'if (stored.oldest === null) return null;',
    and: [
      {
        file: 'deliver/deliver-channel.ts',
        find: 'stored.lease?.by === by ? change(stored) : null',
        plant: 'change(stored)',
      },
    ],
    seed: 13,
  },
  {
    name: 'a channel that fails blocks another',
    file: 'judge/hand-over-alerts.ts',
    find: 'await ports.deliveries.mark(channel, key);',
    plant:
      "if ((await ports.deliveries.channels()).some((one) => one.channel !== channel && one.attempts > 2)) throw new Error('blocked'); await ports.deliveries.mark(channel, key);",
    seed: 16,
  },
  {
    name: 'a recovery overtakes its DOWN, which is sent afterwards',
    file: 'alert/delivery/fold-incidents.ts',
    find: '[first, ...others.slice(0, others.indexOf(end) + 1).filter(isOf(end))]',
    plant: '[end]',
  },
  {
    name: 'a delivery is given up after its first refusal',
    file: 'alert/delivery/after-send.ts',
    find: 'failedFor(before, now) < DAY ? [] : pending.filter(({ made }) => now - made >= DAY)',
    plant: 'pending',
  },
  {
    name: 'a taken delivery stays pending',
    file: 'deliver/deliver-channel.ts',
    find: "taken.map((delivery) => ports.deliveries.end(id, delivery, 'taken'))",
    plant: '[]',
  },
  {
    name: 'a new delivery does not mark its channel',
    file: 'deliver/delivery-table.ts',
    find: 'oldest: stored.oldest !== null && stored.oldest < key ? stored.oldest : key',
    plant: 'oldest: stored.oldest',
  },
  {
    name: 'a repeated delivery is made anew',
    file: 'deliver/delivery-table.ts',
    find: 'version: 1, ttl }, { absent: true }',
    plant: 'version: 1, ttl }',
  },
  {
    name: 'alerts of a killed judge are never sent',
    file: 'judge/judgement-outbox.ts',
    find: 'if (judgement.owed.length === 0 ||',
    plant: 'if (judgement.owed.length >= 0 ||',
    seed: 16,
  },
  {
    name: 'a scheduled judge writes a decision based on a stale read',
    file: 'judge/judge.ts',
    find: 'fresh || passes.every(',
    plant: 'true || passes.every(',
    faults: STALE_READS,
    seed: 15,
  },
  {
    name: 'a changed fact is stored, but not reported',
    file: 'consensus/facts/fact-changes.ts',
    find: 'unreported.length === 0 ? draft.owed :',
    plant: 'unreported.length >= 0 ? draft.owed :',
    faults: ONLY_CHANGES,
  },
  {
    name: 'a changed fact is reported, but not stored',
    file: 'consensus/facts/fact-changes.ts',
    find: 'memory: { ...draft.memory, facts: known, seen }',
    plant: 'memory: { ...draft.memory, seen: [], facts: { ...known, ...draft.memory.facts } }',
  },
  {
    name: 'second opinions of one second have one name',
    file: 'judge/judge.ts',
    find: 'distinctRoundName(now, policy.every)',
    plant: 'isoSeconds(Math.ceil(now / 1000) * 1000)',
    and: [
      {
        file: 'consensus/quorum/second-opinion.ts',
        find: 'const key = `${round} ${vantage}`;',
        plant: 'const key = `${round} ${vantage} ${Object.keys(next.memory?.asked ?? {})}`;',
      },
      DROP_NEWER,
    ],
    faults: FEW_FAULTS,
  },
  {
    name: 'second opinions of two passes in one second have one name',
    file: 'judge/judge.ts',
    find: 'distinctRoundName(now, policy.every)',
    plant: 'isoSeconds(Math.ceil(now / 1000) * 1000)',
    and: [DROP_NEWER],
    faults: FEW_FAULTS,
    seed: 8,
  },
  {
    name: 'a judge whose clock is behind judges the past',
    file: 'consensus/judgement/judgement-time.ts',
    find: 'isConfirmed && named > latest ? named : latest',
    plant: 'latest',
    faults: { ...MANY_FAULTS, clockStep: 0.05 },
  },
  {
    name: 'greylisting that lasts is a warning',
    file: 'consensus/vote/deferrals.ts',
    find: 'if (!lasts) return observation;',
    plant: 'return observation;',
    faults: GREYLISTING,
  },
  {
    name: 'greylisting is a failure after minutes',
    file: 'consensus/vote/deferrals.ts',
    find: "now - Date.parse(first.split(' ')[0] ?? '') > LONGEST",
    plant: 'true',
    faults: GREYLISTING,
  },
  {
    name: 'mail that was accepted does not end a deferral',
    file: 'consensus/vote/deferrals.ts',
    find: 'filter((name) => name > lastPass)',
    plant: 'filter(() => true)',
    faults: GREYLISTING,
  },
  {
    name: 'the first page waits for others of its cause',
    file: 'alert/delivery/group-by-cause.ts',
    find: 'ready: 0,',
    plant: 'ready: decidedAt(alert.at) + GROUP_TIME,',
    faults: FEW_FAULTS,
  },
  {
    name: 'what joins a group ends with its first message, which does not name it',
    file: 'alert/delivery/next-message.ts',
    find: 'if (first !== null && first.covers.length > 1) return first;',
    plant: 'if (first !== null && first.covers.length > 1) return { ...lead.message, covers: first.covers };',
    faults: FEW_FAULTS,
  },
];

const lambda = resolve(import.meta.dirname, '../../lambda');

const ENTRY = `
    export { judge } from './judge/judge.ts';
    export { deliverChannel } from './deliver/deliver-channel.ts';
    export { openDeliveries } from './deliver/delivery-table.ts';
    export { openNotifications } from './history/notifications/notification-store.ts';
    export { openHistory } from './history/history.ts';
    export { recordOrRename } from './probe/record-or-rename.ts';`;

/** The product with the bug. Throws unless the text to replace occurs exactly once. */
export function withBug(bug: Bug): Promise<Product> {
  return withPlanted<Product>(bug, ENTRY);
}

/** @param entry exports of files of `lambda/` */
export async function withPlanted<Planted>(bug: Bug, entry: string): Promise<Planted> {
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: lambda, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
    plugins: [planting(bug)],
  });
  const file = join(tmpdir(), `smtp-quorum-planted-${process.pid}-${basename(bug.file)}-${Date.now()}.mjs`);
  await writeFile(file, outputFiles[0]?.contents ?? '');
  try {
    return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as Planted;
  } finally {
    await rm(file);
  }
}

function planting({ name, and = [], ...first }: Bug): Plugin {
  const edits = [first, ...and];
  const sourceOf = async (path: string) => {
    const own = edits.filter(({ file }) => path === join(lambda, file));
    return own.length === 0
      ? null
      : own.reduce((source, edit) => edited(source, edit, name), await readFile(path, 'utf8'));
  };
  return {
    name: 'planting',
    setup(bundle) {
      bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        const contents = await sourceOf(path);
        return contents === null ? null : { contents, loader: 'ts' };
      });
    },
  };
}

function edited(source: string, { file, find, plant }: Edit, name: string): string {
  if (source.split(find).length !== 2) throw new Error(`"${name}" cannot be planted: ${file} has not one "${find}"`);
  return source.replace(find, () => plant);
}
