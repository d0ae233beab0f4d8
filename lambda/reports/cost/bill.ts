import { staggerDelay } from '../../consensus/judgement/stagger.ts';
import {
  ALARM_METRICS,
  CUSTOM_METRICS,
  EVENTUAL_READ_SHARE,
  FREE,
  GIGABYTES_PER_PROCESSOR,
  MEMORY,
  PEERS,
  type Peer,
  PRICES,
  PROCESSOR_MS,
  QUEUE_POLLS,
  type Unit,
} from './prices.ts';

/** What the history and `npm run bench -- history` show of one round; lengths in milliseconds. */
export interface Measurement {
  readonly targets: number;
  readonly vantages: number;
  /** Vantages begin their rounds one after the other. */
  readonly staggered: boolean;
  /** Length of a round. */
  readonly every: number;
  /** Rounds that the figures are means of. */
  readonly rounds: number;
  /** Of the item of one vantage's round. */
  readonly writeUnits: number;
  readonly bytes: number;
  readonly probe: FunctionRun;
  readonly judge: FunctionRun;
  /** The judge's reading for one pass. */
  readonly judgeReadUnits: number;
  /** The hour item of one target; null where no hour is rolled up yet. */
  readonly hour: { readonly writeUnits: number; readonly bytes: number } | null;
  /** Secrets that hold passwords. */
  readonly secrets: number;
}

/** One run of a function, in milliseconds. */
export interface FunctionRun {
  /** Until everybody answered: of the probe the slowest session with its QUIT, for all sessions run at once. */
  readonly waiting: number;
  /**
   * A whole processor's time that comes on top, and takes longer on the function's share of one. 0 where `waiting` was
   * measured on such a share, for then it has the work in it.
   */
  readonly work: number;
}

export interface BillLine {
  readonly what: string;
  readonly arithmetic: string;
  readonly many: number;
  readonly unit: Unit;
  readonly dollars: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  /** At list prices. */
  readonly total: number;
  /** The part of it that AWS gives every account each month, for good. */
  readonly free: number;
  /** What is left of it. */
  readonly toPay: number;
  readonly samples: number;
  /** Dollars at list prices. */
  readonly perMillion: number;
  readonly peers: readonly (Peer & { readonly dollars: number })[];
}

/** A month of 30 days. */
const MONTH = 30 * 86_400_000;
const HOURS = MONTH / 3_600_000;

/**
 * Milliseconds besides sessions and work. The round's way to the home region: a connection, a handshake and a request,
 * from vantages that are near, an ocean and half the world away. The table's answers to the judge.
 */
const NETWORK_MS = { probe: 300, judge: 50 } as const;

/** Days that rounds and hours are kept. */
const ROUND_DAYS = 7;
const HOUR_DAYS = 396;

/** Bytes that one session sends: some 600 of a STARTTLS session, and the headers of some 15 packets. */
const SENT = 1_300;

/** Bytes of log of one invocation: our line, and those of Lambda itself. */
const LOGGED = 800;

/** Requests for a round that waits in a queue: sent, received, deleted. */
const QUEUED = 3;

export function billOf(measured: Measurement): Bill {
  const { targets, vantages, every } = measured;
  const runs = { probe: (MONTH / every) * vantages, judge: MONTH / every, rollup: HOURS };
  const lines = [
    ...functionLines(measured, runs),
    ...tableLines(measured, runs),
    ...queueLines(measured),
    ...sessionLines(measured, runs.probe),
    ...watchLines(measured, runs.probe + runs.judge),
  ];
  const total = sum(lines.map(({ dollars }) => dollars));
  const free = freeOf(lines);
  const samples = runs.probe * targets;
  const peers = PEERS.map((peer) => ({ ...peer, dollars: (samples / 1e6) * peer.perMillion }));
  return { lines, total, free, toPay: total - free, samples, perMillion: total / (samples / 1e6), peers };
}

type Runs = Readonly<Record<keyof typeof MEMORY, number>>;

function functionLines({ probe, judge, targets, vantages, every }: Measurement, runs: Runs): readonly BillLine[] {
  const all = sum(Object.values(runs));
  const each = `${count(runs.probe)} rounds + ${count(runs.judge)} passes of the judge + ${count(runs.rollup)} rollups`;
  const hour = { waiting: 0, work: ((targets * vantages * 3_600_000) / every) * PROCESSOR_MS.rolledSample };
  return [
    line('Scheduler, starts', 'invocation', all, each),
    line('Lambda, requests', 'request', all, each),
    lambdaTime('probe', runs.probe, { ...probe, waiting: probe.waiting + NETWORK_MS.probe }),
    lambdaTime('judge', runs.judge, { ...judge, waiting: judge.waiting + NETWORK_MS.judge }),
    lambdaTime('rollup', runs.rollup, hour),
  ];
}

function tableLines(measured: Measurement, runs: Runs): readonly BillLine[] {
  const { targets, bytes, writeUnits, judgeReadUnits, hour } = measured;
  const rounds = runs.probe * bytes * ((ROUND_DAYS * 86_400_000) / MONTH);
  const hours = hour === null ? 0 : HOUR_DAYS * 24 * targets * hour.bytes;
  // Each round is read twice: for its hour, and an hour later, to see whether others came late.
  const rolled = runs.probe * (bytes / 4096) * 2 * EVENTUAL_READ_SHARE;
  return [
    line(
      'DynamoDB, rounds written',
      'writeUnit',
      runs.probe * writeUnits,
      times(runs.probe, `${writeUnits.toFixed(1)} units`),
    ),
    line(
      'DynamoDB, judge reads',
      'readUnit',
      runs.judge * judgeReadUnits,
      times(runs.judge, `${judgeReadUnits} units`),
    ),
    line('DynamoDB, rollup reads', 'readUnit', rolled, `${count(rolled)} units, each round twice`),
    ...(hour === null ? [] : [hoursWritten(targets, hour.writeUnits)]),
    gigabytes('DynamoDB, kept', 'gigabyteMonth', rounds + hours, keptText(hours > 0)),
    gigabytes('DynamoDB, recoverable', 'recoverableGigabyteMonth', rounds + hours, 'to any point in time'),
  ];
}

function hoursWritten(targets: number, units: number): BillLine {
  const arithmetic = times(HOURS, `${targets} targets × ${units.toFixed(1)} units`);
  return line('DynamoDB, hours written', 'writeUnit', HOURS * targets * units, arithmetic);
}

function keptText(withHours: boolean): string {
  return withHours ? `${ROUND_DAYS} days of rounds, 13 months of hours` : `${ROUND_DAYS} days of rounds`;
}

/** A schedule knows whole minutes: who starts later in its minute waits in a queue. */
function queueLines({ staggered, vantages, every }: Measurement): readonly BillLine[] {
  const delays = Array.from({ length: vantages }, (_, index) => (staggered ? staggerDelay(index, vantages, every) : 0));
  const queued = delays.filter((delay) => delay % 60_000 !== 0).length;
  if (queued === 0) return [];
  const requests = queued * (QUEUE_POLLS + QUEUED * (MONTH / every));
  const arithmetic = `${queued} × (${count(QUEUE_POLLS)} polls + ${QUEUED} × ${count(MONTH / every)})`;
  return [line('SQS, staggered rounds', 'queueRequest', requests, arithmetic)];
}

function sessionLines({ targets, secrets }: Measurement, rounds: number): readonly BillLine[] {
  const sent = gigabytes('Data out, sessions', 'gigabyteOut', rounds * targets * SENT, `${SENT} bytes a session`);
  return secrets === 0 ? [sent] : [sent, line('Secrets Manager', 'secret', secrets, `${secrets} secrets`)];
}

function watchLines({ vantages }: Measurement, runs: number): readonly BillLine[] {
  const of = ({ home, vantage }: typeof ALARM_METRICS | typeof CUSTOM_METRICS) => home + vantage * vantages;
  const each = ({ home, vantage }: typeof ALARM_METRICS | typeof CUSTOM_METRICS) =>
    `${home} + ${vantage} × ${vantages} vantages`;
  return [
    gigabytes('CloudWatch, logs', 'loggedGigabyte', runs * LOGGED, `${LOGGED} bytes an invocation`),
    line('CloudWatch, metrics', 'customMetric', of(CUSTOM_METRICS), each(CUSTOM_METRICS)),
    line('CloudWatch, alarms', 'alarmMetric', of(ALARM_METRICS), each(ALARM_METRICS)),
  ];
}

/** Lambda gives a function its share of a processor by its memory; that it waits and works in turn is the worst case. */
function lambdaTime(name: keyof typeof MEMORY, many: number, { waiting, work }: FunctionRun): BillLine {
  const memory = MEMORY[name];
  const share = memory / GIGABYTES_PER_PROCESSOR;
  const seconds = (waiting + work / share) / 1000;
  const worked = work === 0 ? '' : `${count(work)} ms of work at ${share.toFixed(2)} of a processor`;
  const waited = waiting === 0 ? '' : `${count(waiting)} ms`;
  const parts = [waited, worked].filter((part) => part !== '').join(' + ');
  return line(
    `Lambda, ${name} time`,
    'gigabyteSecond',
    many * seconds * memory,
    times(many, `(${parts}) × ${memory} GB`),
  );
}

function gigabytes(what: string, unit: Unit, bytes: number, of: string): BillLine {
  return line(what, unit, bytes / 1e9, `${(bytes / 1e9).toFixed(2)} GB, ${of}`);
}

function line(what: string, unit: Unit, many: number, arithmetic: string): BillLine {
  return { what, arithmetic, many, unit, dollars: many * PRICES[unit] };
}

function freeOf(lines: readonly BillLine[]): number {
  const units = Object.entries(FREE) as [Unit, number][];
  return sum(
    units.map(([unit, given]) => {
      const used = sum(lines.filter((one) => one.unit === unit).map(({ many }) => many));
      return Math.min(used, given) * PRICES[unit];
    }),
  );
}

function times(many: number, what: string): string {
  return `${count(many)} × ${what}`;
}

function count(many: number): string {
  return Math.round(many).toLocaleString('en-US');
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
