import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import type { Config } from '../../lambda/config/config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { formatProblems } from '../../lambda/config/problems/problem.ts';
import { openReportSource, type ReportSource } from '../../lambda/reports/source/report-source.ts';
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

/** The history that a command reads. */
export interface Store extends ReportSource {
  /** The table is on AWS, and its rounds were recorded there. */
  readonly onAws: boolean;
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
    const source = await openReportSource(opened.table, configOf(options));
    return await use({ ...source, onAws: options.table !== undefined }, opened);
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
