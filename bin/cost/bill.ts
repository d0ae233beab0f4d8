import { MEMORY, PEERS, PRICES } from './prices.ts';

/** What the history shows of one round; lengths in milliseconds. */
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
  /** The judge's reading for one pass, and its work on this machine. */
  readonly judgeReadUnits: number;
  readonly judging: number;
  /** Of the hour item of one target; null where no hour is rolled up yet. */
  readonly hourWriteUnits: number | null;
}

export interface Line {
  readonly what: string;
  readonly arithmetic: string;
  readonly dollars: number;
}

export interface Bill {
  readonly lines: readonly Line[];
  readonly total: number;
  readonly samples: number;
  readonly perMillion: number;
  readonly peers: readonly { readonly name: string; readonly dollars: number; readonly source: string }[];
}

/** A month of 30 days. */
const MONTH = 30 * 86_400_000;

/** Milliseconds of the probe function besides its slowest session: to start, to write the round, to say QUIT. An allowance. */
const AROUND = 250;

/** Days that rounds are kept. */
const ROUND_DAYS = 7;

export function billOf(measured: Measured): Bill {
  const { targets, vantages, every } = measured;
  const passes = MONTH / every;
  const rounds = passes * vantages;
  const lines = [...probeLines(measured, rounds), ...judgeLines(measured, passes), ...rollupLines(measured, rounds)];
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  const samples = rounds * targets;
  const peers = PEERS.map(({ name, perMillion, source }) => ({ name, dollars: (samples / 1e6) * perMillion, source }));
  return { lines, total, samples, perMillion: total / (samples / 1e6), peers };
}

function probeLines({ writeUnits, bytes, slowest, every }: Measured, rounds: number): readonly Line[] {
  const seconds = (slowest + AROUND) / 1000;
  const stored = (rounds * bytes * ((ROUND_DAYS * 86_400_000) / MONTH)) / 1e9;
  return [
    line('Scheduler, probes', rounds, 'invocations', PRICES.invocation),
    line('Lambda, probe requests', rounds, 'requests', PRICES.request),
    {
      what: 'Lambda, probe time',
      arithmetic: `${count(rounds)} × ${seconds.toFixed(2)} s × ${MEMORY.probe} GB, a round each ${every / 1000} s`,
      dollars: rounds * seconds * MEMORY.probe * PRICES.gigabyteSecond,
    },
    {
      what: 'DynamoDB, rounds written',
      arithmetic: `${count(rounds)} × ${writeUnits.toFixed(1)} write units`,
      dollars: rounds * writeUnits * PRICES.writeUnit,
    },
    {
      what: 'DynamoDB, rounds kept',
      arithmetic: `${stored.toFixed(2)} GB, ${ROUND_DAYS} days of them`,
      dollars: stored * PRICES.gigabyteMonth,
    },
  ];
}

function judgeLines({ judgeReadUnits, judging }: Measured, passes: number): readonly Line[] {
  const seconds = (judging + AROUND) / 1000;
  return [
    line('Scheduler, judge', passes, 'invocations', PRICES.invocation),
    line('Lambda, judge requests', passes, 'requests', PRICES.request),
    {
      what: 'Lambda, judge time',
      arithmetic: `${count(passes)} × ${seconds.toFixed(2)} s × ${MEMORY.judge} GB`,
      dollars: passes * seconds * MEMORY.judge * PRICES.gigabyteSecond,
    },
    {
      what: 'DynamoDB, judge reads',
      arithmetic: `${count(passes)} × ${judgeReadUnits} read units`,
      dollars: passes * judgeReadUnits * PRICES.readUnit,
    },
  ];
}

function rollupLines({ targets, bytes, hourWriteUnits }: Measured, rounds: number): readonly Line[] {
  // Each round is read twice: for its hour, and for its hour again when late rounds came.
  const readUnits = rounds * Math.ceil(bytes / 4096) * 2;
  const reads = {
    what: 'DynamoDB, rollup reads',
    arithmetic: `${count(readUnits)} read units, each round twice`,
    dollars: readUnits * PRICES.readUnit,
  };
  if (hourWriteUnits === null) return [reads];
  const hours = MONTH / 3_600_000;
  return [
    reads,
    {
      what: 'DynamoDB, hours written',
      arithmetic: `${count(hours)} × ${targets} targets × ${hourWriteUnits.toFixed(1)} write units`,
      dollars: hours * targets * hourWriteUnits * PRICES.writeUnit,
    },
  ];
}

function line(what: string, many: number, unit: string, price: number): Line {
  return { what, arithmetic: `${count(many)} ${unit}`, dollars: many * price };
}

function count(many: number): string {
  return Math.round(many).toLocaleString('en-US');
}
