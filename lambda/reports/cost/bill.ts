import { staggerDelay } from '../../consensus/judgement/stagger.ts';
import { type Fleets, fleetUsage } from './fleets.ts';
import { judgeMegabytes } from './judge-memory.ts';
import {
  ALARM_METRICS,
  CUSTOM_METRICS,
  EVENTUAL_READ_SHARE,
  FREE_TIER,
  GIGABYTES_PER_PROCESSOR,
  MEMORY,
  PEERS,
  type Peer,
  PRICES,
  PROCESSOR_MS,
  QUEUE_POLLS,
  type Unit,
} from './prices.ts';

/** Figures of one round, from the history or from `npm run bench -- history`; lengths in milliseconds. */
export interface Measurement extends Fleets {
  readonly targets: number;
  readonly vantages: number;
  /** Whether vantages start their rounds one after the other. */
  readonly staggered: boolean;
  /** Length of a round. */
  readonly every: number;
  /** Number of rounds that the means are taken of. */
  readonly rounds: number;
  /** Of the items of one round of one vantage. */
  readonly writeUnits: number;
  readonly bytes: number;
  readonly probe: FunctionRun;
  readonly judge: FunctionRun;
  /** Read units of one pass of the judge. */
  readonly judgeReadUnits: number;
  /** The hour item of one target; null if no hour is rolled up yet. */
  readonly hour: { readonly writeUnits: number; readonly bytes: number } | null;
  /** Secrets with passwords. */
  readonly secrets: number;
  /** Vantages with a NAT gateway of their own. */
  readonly natGateways?: number;
}

/** One run of a function, in milliseconds. */
export interface FunctionRun {
  /** Waiting for the network. For the probe it is the slowest session with its QUIT, because all sessions run at once. */
  readonly waiting: number;
  /**
   * Additional time on a whole processor. It takes longer on the share of the function. 0 if `waiting` was measured on such
   * a share, because it then includes the work.
   */
  readonly work: number;
}

export interface BillLine {
  readonly item: string;
  readonly calculation: string;
  readonly quantity: number;
  readonly unit: Unit;
  readonly dollars: number;
}

export interface Bill {
  readonly lines: readonly BillLine[];
  /** At list prices. */
  readonly total: number;
  /** The part of `total` within the permanent free tier of AWS. */
  readonly freeTier: number;
  /** `total` without `freeTier`. */
  readonly due: number;
  readonly samples: number;
  /** Dollars at list prices. */
  readonly perMillion: number;
  readonly peers: readonly (Peer & { readonly dollars: number })[];
}

/** A month of 30 days. */
const MONTH = 30 * 86_400_000;
const HOURS = MONTH / 3_600_000;

/**
 * Milliseconds besides sessions and work. For the probe, the request to the home region with connection and handshake, as the
 * mean of a near and two distant vantages. For the judge, the answers of the table.
 */
const NETWORK_MS = { probe: 300, judge: 50 } as const;

/** Retention of rounds and hours, in days. */
const ROUND_DAYS = 7;
const HOUR_DAYS = 396;

/** Bytes that one session sends: about 600 of a STARTTLS session, and the headers of about 15 packets. */
const SENT = 1_300;

/** Received bytes of one session: replies, and a certificate chain of some 4 KB. A NAT gateway charges for both directions. */
const RECEIVED = 6_500;

/** Bytes of a request to DynamoDB and EventBridge besides the items: headers, signatures, and parts of a TLS handshake. */
const REQUEST = 2_500;

/** Bytes of log of one invocation: the line of the function, and those of Lambda. */
const LOGGED = 800;

/** Requests for a round that waits in a queue: send, receive, delete. */
const QUEUED = 3;

export function billOf(measurement: Measurement): Bill {
  const { targets, vantages, every } = measurement;
  const runs = { probe: (MONTH / every) * vantages, judge: MONTH / every, rollup: HOURS };
  const lines = [
    ...functionLines(measurement, runs),
    ...tableLines(measurement, runs),
    ...queueLines(measurement),
    ...sessionLines(measurement, runs.probe),
    ...secretLines(measurement),
    ...natLines(measurement),
    ...watchLines(measurement, runs.probe + runs.judge),
    ...fleetLines(measurement),
  ];
  const total = sum(lines.map(({ dollars }) => dollars));
  const freeTier = freeTierOf(lines);
  const samples = runs.probe * targets;
  const peers = PEERS.map((peer) => ({ ...peer, dollars: (samples / 1e6) * peer.perMillion }));
  return { lines, total, freeTier, due: total - freeTier, samples, perMillion: total / (samples / 1e6), peers };
}

type Runs = Readonly<Record<'probe' | 'judge' | 'rollup', number>>;

function functionLines({ probe, judge, targets, vantages, every }: Measurement, runs: Runs): readonly BillLine[] {
  const all = sum(Object.values(runs));
  const each = `${count(runs.probe)} rounds + ${count(runs.judge)} judge passes + ${count(runs.rollup)} rollups`;
  const hour = { waiting: 0, work: ((targets * vantages * 3_600_000) / every) * PROCESSOR_MS.rolledSample };
  return [
    line('Scheduler, invocations', 'invocation', all, each),
    line('Lambda, requests', 'request', all, each),
    lambdaTime('probe', MEMORY.probe, runs.probe, { ...probe, waiting: probe.waiting + NETWORK_MS.probe }),
    lambdaTime('judge', judgeMegabytes(targets) / 1024, runs.judge, {
      ...judge,
      waiting: judge.waiting + NETWORK_MS.judge,
    }),
    lambdaTime('rollup', MEMORY.rollup, runs.rollup, hour),
  ];
}

function tableLines(measurement: Measurement, runs: Runs): readonly BillLine[] {
  const { targets, bytes, writeUnits, judgeReadUnits, hour } = measurement;
  const rounds = runs.probe * bytes * ((ROUND_DAYS * 86_400_000) / MONTH);
  const hours = hour === null ? 0 : HOUR_DAYS * 24 * targets * hour.bytes;
  // Each round is read twice: for its hour, and an hour later to find late rounds.
  const rolled = runs.probe * (bytes / 4096) * 2 * EVENTUAL_READ_SHARE;
  return [
    line(
      'DynamoDB, round writes',
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
    ...(hour === null ? [] : [hourWrites(targets, hour.writeUnits)]),
    gigabytes('DynamoDB, storage', 'gigabyteMonth', rounds + hours, storageText(hours > 0)),
    gigabytes('DynamoDB, point-in-time recovery', 'recoverableGigabyteMonth', rounds + hours, 'continuous backup'),
  ];
}

function hourWrites(targets: number, units: number): BillLine {
  const calculation = times(HOURS, `${targets} targets × ${units.toFixed(1)} units`);
  return line('DynamoDB, hour writes', 'writeUnit', HOURS * targets * units, calculation);
}

function storageText(withHours: boolean): string {
  return withHours ? `${ROUND_DAYS} days of rounds, 13 months of hours` : `${ROUND_DAYS} days of rounds`;
}

/** EventBridge Scheduler starts at whole minutes. A vantage that starts within a minute waits in an SQS queue. */
function queueLines({ staggered, vantages, every }: Measurement): readonly BillLine[] {
  const delays = Array.from({ length: vantages }, (_, index) => (staggered ? staggerDelay(index, vantages, every) : 0));
  const queued = delays.filter((delay) => delay % 60_000 !== 0).length;
  if (queued === 0) return [];
  const requests = queued * (QUEUE_POLLS + QUEUED * (MONTH / every));
  const calculation = `${queued} × (${count(QUEUE_POLLS)} polls + ${QUEUED} × ${count(MONTH / every)})`;
  return [line('SQS, staggered rounds', 'queueRequest', requests, calculation)];
}

function sessionLines({ targets, vantages, bytes }: Measurement, rounds: number): readonly BillLine[] {
  const sent = rounds * targets * SENT;
  // One vantage is in the home region, as a rule.
  const abroad = rounds * (1 - 1 / vantages) * (bytes + REQUEST);
  return [
    gigabytes('Data transfer out, sessions', 'gigabyteOut', sent, `${SENT} bytes per session`),
    ...(abroad === 0
      ? []
      : [
          gigabytes('Data transfer, rounds to home', 'gigabyteBetweenRegions', abroad, `from ${vantages - 1} vantages`),
        ]),
  ];
}

function secretLines({ secrets, vantages }: Measurement): readonly BillLine[] {
  if (secrets === 0) return [];
  const reads = `${secrets} secrets × ${vantages} vantages × ${count(HOURS)} hours`;
  return [
    line('Secrets Manager', 'secret', secrets, `${secrets} secrets`),
    line('Secrets Manager, reads', 'secretRead', secrets * vantages * HOURS, reads),
  ];
}

function natLines({ natGateways = 0, targets, every }: Measurement): readonly BillLine[] {
  if (natGateways === 0) return [];
  const hours = natGateways * HOURS;
  const bytes = (MONTH / every) * natGateways * targets * (SENT + RECEIVED);
  return [
    line('NAT gateways', 'natHour', hours, `${natGateways} × ${count(HOURS)} hours`),
    line('Elastic IPs', 'addressHour', hours, `${natGateways} × ${count(HOURS)} hours`),
    gigabytes('NAT gateways, data', 'natGigabyte', bytes, `${SENT + RECEIVED} bytes per session`),
  ];
}

function watchLines({ vantages }: Measurement, runs: number): readonly BillLine[] {
  const of = ({ home, vantage }: typeof ALARM_METRICS | typeof CUSTOM_METRICS) => home + vantage * vantages;
  const each = ({ home, vantage }: typeof ALARM_METRICS | typeof CUSTOM_METRICS) =>
    `${home} + ${vantage} × ${vantages} vantages`;
  return [
    gigabytes('CloudWatch, logs', 'loggedGigabyte', runs * LOGGED, `${LOGGED} bytes per invocation`),
    line('CloudWatch, metrics', 'customMetric', of(CUSTOM_METRICS), each(CUSTOM_METRICS)),
    line('CloudWatch, alarms', 'alarmMetric', of(ALARM_METRICS), each(ALARM_METRICS)),
  ];
}

/** What is watched besides the targets. */
function fleetLines(fleets: Fleets): readonly BillLine[] {
  return fleetUsage(fleets).map(({ item, unit, quantity, calculation }) => line(item, unit, quantity, calculation));
}

/** Lambda gives a function a share of a processor in proportion to its memory. Assumes the worst case, that waiting and work do not overlap. */
function lambdaTime(name: keyof Runs, memory: number, runs: number, { waiting, work }: FunctionRun): BillLine {
  const share = memory / GIGABYTES_PER_PROCESSOR;
  const seconds = (waiting + work / share) / 1000;
  const worked = work === 0 ? '' : `${count(work)} ms of work at ${share.toFixed(2)} of a processor`;
  const waited = waiting === 0 ? '' : `${count(waiting)} ms`;
  const parts = [waited, worked].filter((part) => part !== '').join(' + ');
  return line(
    `Lambda, ${name} time`,
    'gigabyteSecond',
    runs * seconds * memory,
    times(runs, `(${parts}) × ${memory} GB`),
  );
}

function gigabytes(item: string, unit: Unit, bytes: number, of: string): BillLine {
  return line(item, unit, bytes / 1e9, `${(bytes / 1e9).toFixed(2)} GB, ${of}`);
}

function line(item: string, unit: Unit, quantity: number, calculation: string): BillLine {
  return { item, calculation, quantity, unit, dollars: quantity * PRICES[unit] };
}

function freeTierOf(lines: readonly BillLine[]): number {
  const units = Object.entries(FREE_TIER) as [Unit, number][];
  return sum(
    units.map(([unit, allowance]) => {
      const used = sum(lines.filter((one) => one.unit === unit).map(({ quantity }) => quantity));
      return Math.min(used, allowance) * PRICES[unit];
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
