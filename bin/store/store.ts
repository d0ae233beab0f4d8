import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import type { Command } from 'commander';
import { skippedItem, type UnreadableItem } from '../../lambda/history/table/unreadable.ts';
import { openReportSource, type ReportSource } from '../../lambda/reports/source/report-source.ts';
import { escapeForDisplay } from '../../lambda/smtp/bounds/escape.ts';
import { FolderInUse, FolderUnusable } from '../../local/database.ts';
import { configIfAny } from '../arguments/config-file.ts';
import { errorText, isUnreachable, UsageError } from '../arguments/usage-error.ts';
import { type OpenTable, openAwsTable, openLocalTable } from './open-table.ts';

/** The location of the history: the table on AWS if one is named, otherwise a folder of this machine. */
export interface StoreOptions {
  readonly table?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly folder: string;
  readonly config?: string;
  /** Creates the local history if there is none. */
  readonly create?: boolean;
}

/** The history that a command reads. */
export interface Store extends ReportSource {
  /** The table is on AWS, and its rounds were recorded there. */
  readonly onAws: boolean;
}

/** @param table option that names the table on AWS @param about its description */
export function withStoreOptions(command: Command, table = '--table <name>', about = 'table on AWS'): Command {
  return command
    .optionsGroup('History (of this machine unless a table is named):')
    .option(table, about)
    .option('--region <region>', 'home region of the table (default: from the AWS settings)')
    .option('--profile <name>', 'AWS profile')
    .option('--folder <path>', 'folder with the history of this machine', '.smtp-quorum')
    .option(
      '--config <file>',
      'config file with the names of targets and vantages (default: smtp-quorum.yaml, if it exists)',
    );
}

/** Opens the history, calls `use`, and always closes the history. */
export async function withStore<T>(
  options: StoreOptions,
  use: (store: Store, opened: OpenTable) => Promise<T>,
): Promise<T> {
  const opened = await openNamed(options);
  try {
    const source = await openReportSource(opened.table, configIfAny(options.config), reportUnreadable);
    return await use({ ...source, onAws: options.table !== undefined }, opened);
  } catch (error) {
    throw withHint(error, options);
  } finally {
    await opened.close();
  }
}

/** Items named on standard error. */
const mostNamed = 5;
let unreadableItems = 0;

function reportUnreadable(item: UnreadableItem): void {
  unreadableItems += 1;
  if (unreadableItems <= mostNamed) process.stderr.write(`smtp-quorum: ${escapeForDisplay(skippedItem(item))}\n`);
  if (unreadableItems === mostNamed + 1)
    process.stderr.write("smtp-quorum: more items cannot be read; 'smtp-quorum doctor' counts them\n");
}

async function openNamed(options: StoreOptions): Promise<OpenTable> {
  const { table, region, profile, folder } = options;
  if (table !== undefined) return openAwsTable(table, region, profile);
  if (region !== undefined || profile !== undefined) {
    throw new UsageError('--region and --profile need --table NAME, the table on AWS');
  }
  return await openHere(historyIn(folder), options.create === true);
}

/** The demo has a history of its own, which is used if there is no other. */
function historyIn(folder: string): string {
  const demo = join(folder, 'demo');
  return !existsSync(join(folder, 'dynamodb')) && existsSync(demo) ? demo : folder;
}

async function openHere(folder: string, create: boolean): Promise<OpenTable> {
  if (!create && !existsSync(folder)) {
    throw new UsageError(
      `no history at ${resolve(folder)}: start the monitor with 'npx smtp-quorum start' first, or select a table on AWS with --table and --region`,
    );
  }
  return await openLocalTable(folder).catch((error) => {
    throw error instanceof FolderInUse || error instanceof FolderUnusable ? new UsageError(error.message) : error;
  });
}

/** Adds a hint to an error of AWS. Returns other errors unchanged. */
function withHint(error: unknown, { table, region }: StoreOptions): unknown {
  if (error instanceof ResourceNotFoundException) {
    return new UsageError(
      `table '${table}' not found in ${region ?? 'the default region'}; check --table and --region`,
    );
  }
  if (table === undefined) return error;
  if (isUnreachable(error))
    return new UsageError(`cannot reach AWS: ${errorText(error)}; check --region`, { cause: error });
  return isAwsError(error)
    ? new UsageError(`AWS: ${errorText(error)}; check --region and --profile`, { cause: error })
    : error;
}

/** Whether the service returned an error, or the client has no credentials or region. */
function isAwsError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isResponse = '$metadata' in error;
  return isResponse || error.name === 'CredentialsProviderError' || /region is missing/i.test(error.message);
}
