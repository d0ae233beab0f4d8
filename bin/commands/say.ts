import { userInfo } from 'node:os';
import { Command, Option } from 'commander';
import { asciiJson } from '../../lambda/alert/words/safe-text.ts';
import { personName } from '../../lambda/answer/incidents/acknowledge.ts';
import type { Incident } from '../../lambda/consensus/judgement/incident.ts';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import {
  addStatement,
  LONGEST_STATEMENT,
  MOST_STATEMENTS,
  presentStatements,
  type Statement,
  type StatementState,
  statementStates,
  withdrawStatement,
} from '../../lambda/history/statements/statement.ts';
import { openStatementStore } from '../../lambda/history/statements/statement-store.ts';
import { escapeForDisplay, escapeLines } from '../../lambda/smtp/bounds/escape.ts';
import { incidentArgument } from '../arguments/incident.ts';
import { UsageError } from '../arguments/usage-error.ts';
import { screenOf } from '../display/layout/screen.ts';
import { statementLines } from '../display/statements/statement-list.ts';
import { type Store, type StoreOptions, withStore, withStoreOptions } from '../store/store.ts';

interface SayOptions extends StoreOptions {
  readonly state?: StatementState;
  readonly by: string;
  readonly list?: true;
  readonly withdraw?: number;
  readonly json?: true;
  readonly utc?: true;
}

const HELP = `
Examples:
  smtp-quorum say mx1 "A disk is full. Mail is late, and none is lost." --state identified
  smtp-quorum say mx1@2026-11-22T05:08:00Z "Mail flows again." --state monitoring --by ops@example.com
  smtp-quorum say mx1 --list
  smtp-quorum say mx1 --withdraw 2

Everybody who reads the status page, its feeds and documents reads this: on one machine after the next round, on AWS within
five minutes. It is not sent to channels. 'resolved' is taken when the incident has ended: the quorum says when that is.`;

export function sayCommand(): Command {
  const command = new Command('say')
    .argument('<incident>', 'id of an incident, or of a target for its newest incident')
    .argument('[text]', `what readers of the status page are to know; ${LONGEST_STATEMENT} characters at most`)
    .addOption(new Option('--state <state>', 'how far people are (default: the state before)').choices(statementStates))
    .option('--by <name>', 'who says it', userInfo().username)
    .option('--list', 'show what was said of the incident')
    .option('--withdraw <number>', 'remove what was said', numberOf)
    .option('--json', 'print one line of JSON for each')
    .option('--utc', 'times in UTC instead of the local time zone');
  return withStoreOptions(command).addHelpText('after', HELP).action(run);
}

function numberOf(text: string): number {
  if (/^[1-9]\d?$/.test(text)) return Number(text);
  throw new UsageError(`--withdraw: '${text}' is not a number of --list`);
}

async function run(id: string, text: string | undefined, options: SayOptions): Promise<void> {
  const said = text === undefined ? null : textOf(text);
  const asked = [said !== null, options.list === true, options.withdraw !== undefined].filter(Boolean).length;
  if (asked !== 1) throw new UsageError('give a text in quotes, or --list, or --withdraw NUMBER');
  await withStore(options, async (store) => {
    const incident = await incidentArgument(id, store);
    if (options.withdraw !== undefined) await withdraw(store, incident, options.withdraw, options.by);
    else if (said !== null) await say(store, incident, said, options);
    else await list(store, incident, options);
  });
}

/** Lines without control characters. Spaces at the ends are removed. */
function textOf(text: string): string {
  const said = escapeLines(text.replace(/\r\n?/g, '\n').trim());
  if (said === '') throw new UsageError('the text is empty');
  if (said.length <= LONGEST_STATEMENT) return said;
  throw new UsageError(`the text has ${said.length} characters, and ${LONGEST_STATEMENT} are the most`);
}

async function say(store: Store, incident: Incident, text: string, { state, by }: SayOptions): Promise<void> {
  const isOver = incident.closed !== null;
  if (state === 'resolved' && !isOver)
    throw new UsageError(
      `${incident.id} is not over: the verdict is ${incident.verdict}. The quorum says when it ends; until then say 'monitoring'`,
    );
  const written = await write(store, incident, (all) => {
    const last = presentStatements(all).at(-1)?.state ?? 'investigating';
    const words = {
      at: isoSeconds(Date.now()),
      by: personName(by),
      state: state ?? (isOver ? 'resolved' : last),
      text,
    };
    const next = addStatement(all, words);
    if (next !== null) return next;
    throw new UsageError(`${incident.id} has ${MOST_STATEMENTS} statements, and these are the most`);
  });
  const last = written.at(-1);
  process.stdout.write(
    `${escapeForDisplay(`said of ${incident.id}, as ${last?.state}, by ${last?.by}`)}\n${escapeForDisplay(`'smtp-quorum say ${incident.id} --withdraw ${last?.number}' removes it`)}\n`,
  );
}

async function withdraw(store: Store, incident: Incident, number: number, by: string): Promise<void> {
  await write(store, incident, (all) => {
    const next = withdrawStatement(all, number, { at: isoSeconds(Date.now()), by: personName(by) });
    if (next !== null) return next;
    const known = all.find((one) => one.number === number);
    if (known?.withdrawn !== undefined)
      throw new UsageError(`${number} was withdrawn already, by ${known.withdrawn.by}`);
    const present = presentStatements(all).map((one) => one.number);
    throw new UsageError(
      `nothing was said of ${incident.id} under ${number}; ${present.length === 0 ? 'nothing at all' : `there is ${present.join(', ')}`}`,
    );
  });
  process.stdout.write(`${escapeForDisplay(`withdrew ${number} of ${incident.id}`)}\n`);
}

async function list(store: Store, incident: Incident, options: SayOptions): Promise<void> {
  const { statements } = await openStatementStore(store.table).statements(incident.id);
  const clock = { now: Date.now(), utc: options.utc === true };
  const lines = options.json
    ? statements.map((one) => asciiJson(one))
    : statementLines(incident.id, statements, clock, screenOf(process.stdout));
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}

const ATTEMPTS = 5;

/** Writes only if nobody else has said something meanwhile. */
async function write(
  { table }: Pick<Store, 'table'>,
  { id }: Incident,
  change: (all: readonly Statement[]) => readonly Statement[],
): Promise<readonly Statement[]> {
  const store = openStatementStore(table);
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const read = await store.statements(id);
    const next = change(read.statements);
    if (await store.writeStatements(read, next)) return next;
  }
  throw new UsageError(`others say something of ${id} at the same time; try again`);
}
