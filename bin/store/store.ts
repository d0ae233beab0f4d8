import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { closestWord } from '../../lambda/config/problems/spelling.ts';
import { vantageSubject } from '../../lambda/consensus/judge-vantage.ts';
import { type History, openHistory, type StoredJudgement } from '../../lambda/history/history.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { FolderInUse } from '../../local/database.ts';
import { errorText, isUnreachable, UsageError } from '../arguments/usage-error.ts';
import { type OpenTable, openAwsTable, openLocalTable } from './open-table.ts';

/** Where the history is: a table on AWS where one is named, else the folder of this machine. */
export interface StoreOptions {
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly folder: string;
  readonly config?: string;
  /** Make the history of this machine where there is none. */
  readonly create?: boolean;
}

/** The history, and what is known of its targets and vantages. */
export interface Store {
  /** Null where there is no config file beside it. */
  readonly config: Config | null;
  /** The table is one on AWS, and so were those who wrote it. */
  readonly onAws: boolean;
  readonly table: Table;
  readonly history: History;
  /** In the order of the config, where there is one. */
  readonly vantages: readonly string[];
  readonly targets: readonly string[];
  /** Whatever has incidents: the targets, and the vantages as watchers (`vantage/eu-west-1`). */
  readonly subjects: readonly string[];
  /** Of targets, and of the vantages as watchers. */
  readonly judgements: readonly StoredJudgement[];
}

/** @param table the option that names the table on AWS, and its description */
export function withStoreOptions(command: Command, table = '--table <name>', about = 'table on AWS'): Command {
  return command
    .optionsGroup('Which history (this machine unless a table is named):')
    .option(table, about)
    .option('--region <region>', "home region of the table (default: AWS's own settings)")
    .option('--profile <name>', 'profile of the AWS settings')
    .option('--folder <path>', 'folder of the history of this machine', '.smtp-quorum')
    .option(
      '--config <file>',
      'config, for the names of targets and vantages (default: smtp-quorum.yaml, if it is there)',
    );
}

/** Opens the history, lets `use` read it, and closes it whatever happens. */
export async function withStore<T>(
  options: StoreOptions,
  use: (store: Store, opened: OpenTable) => Promise<T>,
): Promise<T> {
  const opened = await openNamed(options);
  try {
    return await use(await storeOf(opened.table, configOf(options), options.table !== undefined), opened);
  } catch (error) {
    throw readable(error, options);
  } finally {
    await opened.close();
  }
}

async function openNamed(options: StoreOptions): Promise<OpenTable> {
  const { table, region, profile, folder } = options;
  if (table !== undefined) return openAwsTable(table, region, profile);
  if (region !== undefined || profile !== undefined) {
    throw new UsageError('--region and --profile go with --table NAME, the table on AWS');
  }
  return await openHere(historyIn(folder), options.create === true);
}

/** The demo keeps its history apart; it is meant where there is no other. */
function historyIn(folder: string): string {
  const demo = join(folder, 'demo');
  return !existsSync(join(folder, 'dynamodb')) && existsSync(demo) ? demo : folder;
}

async function openHere(folder: string, create: boolean): Promise<OpenTable> {
  if (!create && !existsSync(folder)) {
    throw new UsageError(
      `no history at ${resolve(folder)}: start the monitor with 'npm start' first, or name a table on AWS with --table and --region`,
    );
  }
  return await openLocalTable(folder).catch((error) => {
    throw error instanceof FolderInUse ? new UsageError(error.message) : error;
  });
}

/** What a table holds, and whose names the config has. */
export async function storeOf(table: Table, config: Config | null, onAws: boolean): Promise<Store> {
  const history = openHistory(table);
  const judgements = await history.judgements();
  const judged = judgements.map(({ target }) => target);
  const targets = [...(config?.targets ?? []).map(({ id }) => id), ...judged.filter((id) => watcherOf(id) === null)];
  return {
    config,
    onAws,
    table,
    history,
    judgements,
    vantages: inOrder(
      judged.flatMap((id) => watcherOf(id) ?? []),
      config?.policy.vantages ?? [],
    ),
    targets: unique(targets),
    subjects: unique([...targets, ...judged]),
  };
}

/** The vantage whose own judgement this is; null for a target. */
function watcherOf(target: string): string | null {
  return target.startsWith(vantageSubject('')) ? target.slice(vantageSubject('').length) : null;
}

/** Those of the history, the config's first: on one machine the config names regions that have no history here. */
function inOrder(names: readonly string[], order: readonly string[]): readonly string[] {
  return [...order.filter((name) => names.includes(name)), ...names.filter((name) => !order.includes(name))];
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

function configOf({ config: named }: StoreOptions): Config | null {
  const file = named ?? 'smtp-quorum.yaml';
  if (!existsSync(file)) {
    if (named === undefined) return null;
    throw new UsageError(`--config: ${file} is not there`);
  }
  const parsed = loadConfig(file);
  if (parsed.ok) return parsed.config;
  throw new UsageError(formatProblems(parsed.problems).trimEnd());
}

/** What AWS said, and where to look; anything else as it is. */
function readable(error: unknown, { table, region }: StoreOptions): unknown {
  if (error instanceof ResourceNotFoundException) {
    return new UsageError(
      `there is no table '${table}' in ${region ?? 'the default region'}; see --table and --region`,
    );
  }
  if (table === undefined) return error;
  if (isUnreachable(error))
    return new UsageError(`AWS cannot be reached: ${errorText(error)}; see --region`, { cause: error });
  return isOfAws(error)
    ? new UsageError(`AWS: ${errorText(error)}; see --region and --profile`, { cause: error })
    : error;
}

/** The service refused it, or the client found no credentials or region to ask with. */
function isOfAws(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isAnswer = '$metadata' in error;
  return isAnswer || error.name === 'CredentialsProviderError' || /region is missing/i.test(error.message);
}

/** @throws UsageError with the target that was probably meant */
export function knownTarget(target: string, { targets }: Store): string {
  return known('target', target, targets);
}

/** @throws UsageError with the target or watcher that was probably meant */
export function knownSubject(subject: string, { subjects }: Store): string {
  return known('target', subject, subjects);
}

/** @throws UsageError with the vantage that was probably meant */
export function knownVantage(vantage: string, { vantages }: Store): string {
  return known('vantage', vantage, vantages);
}

function known(noun: string, name: string, names: readonly string[]): string {
  if (names.includes(name)) return name;
  const meant = closestWord(name, names);
  const all = names.length === 0 ? `no ${noun} is known yet` : `known are ${names.join(', ')}`;
  throw new UsageError(`there is no ${noun} '${name}'${meant === null ? `; ${all}` : `; did you mean '${meant}'?`}`);
}
