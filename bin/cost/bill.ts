import { FREE, MEMORY, PEERS, PRICES, PROCESSOR, type Unit } from './prices.ts';

/** What the history and `npm run bench -- history` show of one round; lengths in milliseconds. */
export interface Measured {
  readonly targets: number;
  readonly vantages: number;
  /** Length of a round. */
  readonly every: number;
  /** Rounds that the figures are means of. */
  readonly rounds: number;
  /** Of the item of one vantage's round. */
  readonly writeUnits: number;
  readonly bytes: number;
  /** The slowest session of a round: the probe function waits for it, as all sessions run at once. */
  readonly slowest: number;
  /** A whole processor's time for one round of one vantage, and for one pass of the judge. */
  readonly probeCpu: number;
  readonly judgeCpu: number;
  /** The judge's reading for one pass. */
  readonly judgeReadUnits: number;
  /** Of the hour item of one target; null where no hour is rolled up yet. */
  readonly hourWriteUnits: number | null;
}

export interface Line {
  readonly what: string;
  readonly arithmetic: string;
  readonly many: number;
  readonly unit: Unit;
  readonly dollars: number;
}

export interface Bill {
  readonly lines: readonly Line[];
  readonly total: number;
  /** The part of it that AWS gives every account each month, for good. */
  readonly free: number;
  readonly samples: number;
  readonly perMillion: number;
  readonly peers: readonly { readonly name: string; readonly dollars: number; readonly source: string }[];
}

/** A month of 30 days. */
const MONTH = 30 * 86_400_000;
const HOURS = MONTH / 3_600_000;

/** Milliseconds besides sessions and work: the round's way to the home region; the table's answers. Allowances. */
const WAY = { probe: 150, judge: 50 } as const;

/** Days that rounds are kept. */
const ROUND_DAYS = 7;

/** Bytes of log of one invocation: our line, and those of Lambda itself. */
const LOGGED = 800;

export function billOf(measured: Measured): Bill {
  const { targets, vantages, every } = measured;
  const passes = MONTH / every;
  const rounds = passes * vantages;
  const lines = [
    ...probeLines(measured, rounds),
    ...judgeLines(measured, passes),
    ...rollupLines(measured, rounds),
    gigabytes('CloudWatch, logs', 'loggedGigabyte', (rounds + passes) * LOGGED, `${LOGGED} bytes an invocation`),
  ];
  const total = sum(lines.map(({ dollars }) => dollars));
  const samples = rounds * targets;
  const peers = PEERS.map(({ name, perMillion, source }) => ({ name, dollars: (samples / 1e6) * perMillion, source }));
  return { lines, total, free: freeOf(lines), samples, perMillion: total / (samples / 1e6), peers };
}

function probeLines({ writeUnits, bytes, slowest, probeCpu }: Measured, rounds: number): readonly Line[] {
  return [
    line('Scheduler, probes', 'invocation', rounds, `${count(rounds)} invocations`),
    line('Lambda, probe requests', 'request', rounds, `${count(rounds)} requests`),
    lambdaTime('probe', rounds, slowest + WAY.probe, probeCpu),
    line('DynamoDB, rounds written', 'writeUnit', rounds * writeUnits, times(rounds, `${writeUnits.toFixed(1)} units`)),
    gigabytes(
      'DynamoDB, rounds kept',
      'gigabyteMonth',
      rounds * bytes * ((ROUND_DAYS * 86_400_000) / MONTH),
      `${ROUND_DAYS} days of them`,
    ),
  ];
}

function judgeLines({ judgeReadUnits, judgeCpu }: Measured, passes: number): readonly Line[] {
  return [
    line('Scheduler, judge', 'invocation', passes, `${count(passes)} invocations`),
    line('Lambda, judge requests', 'request', passes, `${count(passes)} requests`),
    lambdaTime('judge', passes, WAY.judge, judgeCpu),
    line('DynamoDB, judge reads', 'readUnit', passes * judgeReadUnits, times(passes, `${judgeReadUnits} units`)),
  ];
}

function rollupLines({ targets, bytes, hourWriteUnits }: Measured, rounds: number): readonly Line[] {
  // Each round is read twice: for its hour, and for its hour again when late rounds came.
  const readUnits = rounds * Math.ceil(bytes / 4096) * 2;
  const reads = line('DynamoDB, rollup reads', 'readUnit', readUnits, `${count(readUnits)} units, each round twice`);
  if (hourWriteUnits === null) return [reads];
  const written = `${targets} targets × ${hourWriteUnits.toFixed(1)} units`;
  return [reads, line('DynamoDB, hours written', 'writeUnit', HOURS * targets * hourWriteUnits, times(HOURS, written))];
}

/** Lambda gives a function its share of a processor by its memory; that it waits and works in turn is the worst case. */
function lambdaTime(name: 'probe' | 'judge', many: number, waiting: number, cpu: number): Line {
  const memory = MEMORY[name];
  const share = memory / PROCESSOR;
  const seconds = (waiting + cpu / share) / 1000;
  const parts = `(${count(waiting)} ms + ${count(cpu)} ms of work at ${share.toFixed(2)} of a processor) × ${memory} GB`;
  return line(`Lambda, ${name} time`, 'gigabyteSecond', many * seconds * memory, times(many, parts));
}

function gigabytes(what: string, unit: Unit, bytes: number, of: string): Line {
  return line(what, unit, bytes / 1e9, `${(bytes / 1e9).toFixed(2)} GB, ${of}`);
}

function line(what: string, unit: Unit, many: number, arithmetic: string): Line {
  return { what, arithmetic, many, unit, dollars: many * PRICES[unit] };
}

function freeOf(lines: readonly Line[]): number {
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
