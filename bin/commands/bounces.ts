import { createReadStream, statSync } from 'node:fs';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Command } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { countOutcome } from '../../lambda/bounces/counts.ts';
import { RATE_LIMITS, type RateFinding, type RateLimits, rateFindings } from '../../lambda/bounces/rates.ts';
import { type BounceState, emptyBounceState, readBounceState } from '../../local/bounces/bounce-state.ts';
import { streamLines } from '../../local/bounces/log-lines.ts';
import { type LogEvent, openPostfixLog, readLogEvent } from '../../local/bounces/postfix-log.ts';
import { shareArgument } from '../arguments/bounces/share.ts';
import { EXIT_CODES, UsageError } from '../arguments/usage-error.ts';
import { bounceDocument } from '../display/bounces/json-document.ts';
import { bounceOutcome, bounceText } from '../display/bounces/rates.ts';
import { screenOf } from '../display/layout/screen.ts';

interface BounceOptions {
  readonly log: string;
  readonly place?: string;
  readonly follow?: true;
  readonly warn: string;
  readonly fail: string;
  readonly atLeast: string;
  readonly json?: true;
}

const HELP = `
Reads the log of Postfix, and counts what was delivered, deferred and bounced: by domain of the sender, by provider (from
the host that took or refused the message) and by code. The rates of the last hour and day are compared with limits. Nothing
that names a person or a message is kept or shown.

Examples:
  smtp-quorum bounces --log /var/log/mail.log
  journalctl -u 'postfix*' -o short-iso | smtp-quorum bounces --log -
  smtp-quorum bounces --log /var/log/mail.log --place /var/lib/smtp-quorum/bounces.json    only what is new, from cron
  smtp-quorum bounces --log /var/log/mail.log --follow     until Ctrl-C, also when the log is rotated

Without --follow, the last hour and day end with the newest line of the log.

Exit codes of monitoring plugins:
  0 below the limits   1 warn   2 fail   3 nothing to judge, or bad usage`;

export function bouncesCommand(): Command {
  return new Command('bounces')
    .requiredOption('--log <file>', "log of Postfix, such as /var/log/mail.log; '-' reads standard input")
    .option('--place <file>', 'file that keeps the counts and the place in the log between runs')
    .option('--follow', 'go on with what is added, and show each change')
    .option('--warn <share>', 'bounce rate that is a warning', '1%')
    .option('--fail <share>', 'bounce rate that is a failure', '2%')
    .option('--at-least <count>', 'deliveries below which a rate says nothing', String(RATE_LIMITS.atLeast))
    .option('--json', 'print one line of JSON')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(options: BounceOptions): Promise<void> {
  const limits = limitsOf(options);
  const stream = streamOf(options.log);
  if (stream !== null && (options.follow || options.place !== undefined)) {
    const what = options.log === '-' ? 'standard input' : isCompressed(options.log) ? 'a compressed log' : 'a pipe';
    throw new UsageError(`--log ${options.log}: ${what} is read to its end; use a file with '--follow' or '--place'`);
  }
  const state = options.place === undefined ? emptyBounceState() : await stateAt(options.place);
  const reading = startReading(state);
  if (stream !== null) {
    await readStream(stream, options, state, reading);
  } else {
    await readFile(options, state, reading, limits);
  }
  if (!options.follow) show(options, state, limits, reading.newest() ?? Date.now());
}

async function readStream(
  stream: Readable,
  { log }: BounceOptions,
  state: BounceState,
  reading: Reading,
): Promise<void> {
  try {
    for await (const line of streamLines(stream)) {
      const event = readLogEvent(state.queue, line, Date.now());
      if (event !== null) reading.take(event);
    }
  } catch (error) {
    throw unreadable(log, error);
  }
}

function unreadable(log: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UsageError(`--log: ${log} cannot be read (${code ?? message})`);
}

function isCompressed(log: string): boolean {
  return log.endsWith('.gz');
}

/** Standard input, a pipe as of a shell's `<(…)`, or a log that was compressed; null for a file. */
function streamOf(log: string): Readable | null {
  if (log === '-') return process.stdin;
  if (isCompressed(log)) return pipeline(createReadStream(log), createGunzip(), () => {});
  const found = statSync(log, { throwIfNoEntry: false });
  return found !== undefined && (found.isFIFO() || found.isSocket()) ? createReadStream(log) : null;
}

/** Milliseconds by which a time may be ahead: log times without a zone are in that of the host. Others would end the last day. */
const AHEAD = 24 * 3_600_000;

interface Reading {
  readonly take: (event: LogEvent) => void;
  /** Epoch milliseconds of the newest delivery; null if there was none. */
  newest(): number | null;
}

function startReading({ counts }: BounceState): Reading {
  let newest: number | null = counts.size === 0 ? null : Math.max(...counts.keys());
  const take = ({ at, outcomes }: LogEvent) => {
    if (at > Date.now() + AHEAD) return;
    newest = Math.max(newest ?? at, at);
    for (const outcome of outcomes) countOutcome(counts, outcome);
  };
  return { take, newest: () => newest };
}

async function readFile(
  options: BounceOptions,
  state: BounceState,
  reading: Reading,
  limits: RateLimits,
): Promise<void> {
  const log = await openPostfixLog(options.log, state, options.place ?? null, Date.now).catch((error) => {
    throw unreadable(options.log, error);
  });
  const readNew = () =>
    log.readNew(reading.take).catch((error) => {
      throw unreadable(options.log, error);
    });
  await readNew();
  if (options.follow) await follow(options, state, limits, readNew);
  await log.close();
}

const POLL = 1_000;

/** Until SIGINT or SIGTERM. */
async function follow(
  options: BounceOptions,
  state: BounceState,
  limits: RateLimits,
  readNew: () => Promise<void>,
): Promise<void> {
  let stopped = false;
  let wake = () => {};
  const stop = () => {
    stopped = true;
    wake();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  let shown: string | null = null;
  while (!stopped) {
    const found = changeName(rateFindings(state.counts, Date.now(), limits));
    if (found !== shown) show(options, state, limits, Date.now());
    shown = found;
    await new Promise<void>((resolve) => {
      wake = resolve;
      setTimeout(resolve, POLL);
    });
    await readNew();
  }
}

/** What is printed again when it changes. A count that grew is not printed again. */
function changeName(findings: readonly RateFinding[]): string {
  return findings
    .map(({ from, provider, outcome, codes }) => [from, provider, outcome, codes[0]?.code].join(' '))
    .join('\n');
}

function show(options: BounceOptions, { counts }: BounceState, limits: RateLimits, now: number): void {
  const findings = rateFindings(counts, now, limits);
  process.stdout.write(
    options.json
      ? `${asciiJson(bounceDocument(counts, findings, now))}\n`
      : `${bounceText({ counts, findings, now }, screenOf(process.stdout))}${counts.size === 0 ? NOTHING : ''}`,
  );
  process.exitCode = EXIT_CODES[bounceOutcome(counts, findings)];
}

const NOTHING = '\nThe log has no delivery of Postfix to another host in its last 24 hours.\n';

async function stateAt(path: string): Promise<BounceState> {
  const state = await readBounceState(path).catch((error: Error) => {
    throw new UsageError(`--place: ${error.message}`);
  });
  if (state === null)
    throw new UsageError(`--place: ${path} is not a file that 'bounces --place' wrote; name another one`);
  return state;
}

function limitsOf({ warn, fail, atLeast }: BounceOptions): RateLimits {
  const limits = { warn: shareArgument('--warn', warn), fail: shareArgument('--fail', fail), atLeast: Number(atLeast) };
  if (!Number.isInteger(limits.atLeast) || limits.atLeast < 1) {
    throw new UsageError(`--at-least: '${atLeast}' is not a whole number above 0`);
  }
  if (limits.warn > limits.fail) throw new UsageError(`--warn ${warn} is above --fail ${fail}`);
  return limits;
}
