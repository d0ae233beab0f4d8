/** A run of posture over fixed answers and a table in memory. */
import type { Config } from '../../lambda/config/config.ts';
import type { PostureDomain } from '../../lambda/config/posture-domain.ts';
import { policyDefaults } from '../../lambda/consensus/judgement/policy.ts';
import type { RecordLookup } from '../../lambda/dns/records/records.ts';
import type { Item, Table } from '../../lambda/history/table/table.ts';
import type { BusEvent, LogEntry } from '../../lambda/ports.ts';
import type { PosturePorts } from '../../lambda/posture-watch/posture-ports.ts';
import { openPostureStore } from '../../lambda/posture-watch/posture-store.ts';
import { watchPosture } from '../../lambda/posture-watch/watch-posture.ts';
import { openInMemoryTable } from '../history/table/in-memory-table.ts';
import { HEALTHY, policy, policyText } from '../posture/cases.ts';
import { type Answers, lookupOf } from '../standards/answers.ts';

export const start = Date.parse('2026-11-26T13:02:00Z');

export function postureDomain(domain: string, extra: Partial<PostureDomain> = {}): PostureDomain {
  return { domain, selectors: ['s1'], senders: [], lists: [], hosts: [], ignore: [], ...extra };
}

export interface World {
  readonly ports: PosturePorts;
  readonly table: Table;
  readonly writes: Item[];
  readonly events: BusEvent[];
  readonly logged: LogEntry[];
  /** `TXT example.com`, in the order of the questions. */
  readonly questions: string[];
  /** Sets the clock, and runs. */
  run(at: number, timeLeft?: number): ReturnType<typeof watchPosture>;
}

export interface WorldOptions {
  readonly config?: Partial<Config>;
  /** Entries that replace those of a healthy domain. */
  readonly dns?: () => Answers;
  /** Instead of fixed answers. */
  readonly lookup?: RecordLookup;
  readonly vantage?: string;
}

export function openWorld({ config = {}, dns = () => ({}), lookup, vantage = 'us-east-1' }: WorldOptions = {}): World {
  let clock = start;
  const [writes, events, logged, questions]: [Item[], BusEvent[], LogEntry[], string[]] = [[], [], [], []];
  const inMemory = openInMemoryTable(() => clock);
  const table = {
    ...inMemory,
    put: async (item: Item, ...condition: []) => {
      writes.push(item);
      return inMemory.put(item, ...condition);
    },
  };
  const ports: PosturePorts = {
    config: {
      version: 1,
      name: 'test',
      home: 'us-east-1',
      ehloName: 'probe.example.com',
      control: null,
      policy: { ...policyDefaults(2), vantages: ['us-east-1', 'eu-west-1'], every: 60_000 },
      notify: [],
      targets: [],
      posture: [postureDomain('example.com')],
      ...config,
    },
    vantage,
    history: openPostureStore(table, { now: () => clock, reportUnreadable: () => {} }),
    publishEvents: async (published) => void events.push(...published),
    secret: async () => {
      throw new Error('AccessDeniedException');
    },
    log: (entry) => void logged.push(entry),
    now: () => clock,
    openDns: () => {
      const fixed = lookupOf({ ...HEALTHY, ...dns() });
      const counted: RecordLookup = (type, name) => {
        questions.push(`${type} ${name}`);
        return (lookup ?? fixed.lookup)(type, name);
      };
      return {
        lookup: counted,
        listLookup: counted,
        askServer: async (address) => ({
          kind: 'failed',
          failure: { kind: 'timeout', detail: `${address}: no answer` },
        }),
        validator: async () => 'no-trusted-path',
        queries: () => questions.length,
        close: () => {},
      };
    },
    fetchPolicy: async () => policy(policyText),
    fetchCertificate: async () => ({ kind: 'unreachable', detail: 'no answer' }),
    fetchUrl: async () => ({ kind: 'unreachable', detail: 'no answer' }),
    timeLeft: () => 300_000,
  };
  return {
    ports,
    table,
    writes,
    events,
    logged,
    questions,
    run: (at, timeLeft = 300_000) => {
      clock = at;
      const scheduled = `${new Date(at).toISOString().slice(0, 19)}Z`;
      return watchPosture({ ...ports, timeLeft: () => timeLeft }, { scheduled });
    },
  };
}
