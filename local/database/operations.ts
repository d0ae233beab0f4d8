/** The operations of DynamoDB over the files: dynalite's, called without HTTP between. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { Readable } from 'node:stream';
import createTable from 'dynalite/actions/createTable.js';
import deleteItem from 'dynalite/actions/deleteItem.js';
import describeTable from 'dynalite/actions/describeTable.js';
import getItem from 'dynalite/actions/getItem.js';
import listTables from 'dynalite/actions/listTables.js';
import putItem from 'dynalite/actions/putItem.js';
import query from 'dynalite/actions/query.js';
import scan from 'dynalite/actions/scan.js';
import dynalite from 'dynalite/db/index.js';
import createTableRules from 'dynalite/validations/createTable.js';
import deleteItemRules from 'dynalite/validations/deleteItem.js';
import describeTableRules from 'dynalite/validations/describeTable.js';
import getItemRules from 'dynalite/validations/getItem.js';
import validations from 'dynalite/validations/index.js';
import listTablesRules from 'dynalite/validations/listTables.js';
import putItemRules from 'dynalite/validations/putItem.js';
import queryRules from 'dynalite/validations/query.js';
import scanRules from 'dynalite/validations/scan.js';
import type { Files } from './disk-with-memory-fallback.ts';
import { fileFailureOf } from './failure.ts';
import type { Change, LevelRange } from './leveldb-disk.ts';
import { excessOf } from './request-limits.ts';

type Store = ReturnType<typeof dynalite.create>;
type Callback<Value> = (error: Error | null, value?: Value) => void;

/** The operations there are. Whoever offers them to others says which. */
const operations = {
  CreateTable: { run: createTable, rules: createTableRules },
  DeleteItem: { run: deleteItem, rules: deleteItemRules },
  DescribeTable: { run: describeTable, rules: describeTableRules },
  GetItem: { run: getItem, rules: getItemRules },
  ListTables: { run: listTables, rules: listTablesRules },
  PutItem: { run: putItem, rules: putItemRules },
  Query: { run: query, rules: queryRules },
  Scan: { run: scan, rules: scanRules },
} as const;

export type Operation = keyof typeof operations;

export const everyOperation = Object.keys(operations) as readonly Operation[];

export interface Answer {
  readonly status: number;
  /** JSON. */
  readonly body: string;
}

/** What the name of an operation follows in `X-Amz-Target`. */
export const protocol = 'DynamoDB_20120810.';

/** Answers a request of DynamoDB's protocol. @param body JSON */
export type Ask = (operation: string, body: string) => Promise<Answer>;

export function operationsOver(files: Files): Ask {
  const store = storeOver(files);
  return async (operation, body) => {
    if (!isOperation(operation)) return refusal('UnknownOperationException', `there is no ${operation} here`);
    const { run, rules } = operations[operation];
    try {
      const written: unknown = JSON.parse(body);
      if (typeof written !== 'object' || written === null) return refusal('SerializationException', 'not an object');
      const excess = excessOf(written as Record<string, unknown>);
      if (excess !== null) return refusal('ValidationException', excess);
      const request = validations.checkTypes(written, rules.types);
      validations.checkValidations(request, rules.types, rules.custom, store);
      return { status: 200, body: JSON.stringify(await promised((done) => run(store, request, done))) };
    } catch (error) {
      return answerTo(error);
    }
  };
}

function isOperation(name: string): name is Operation {
  return Object.hasOwn(operations, name);
}

/** What dynalite refuses has its answer with it; what the files refuse is said in words, and is not tried again at once. */
function answerTo(error: unknown): Answer {
  const { statusCode, body } = (error ?? {}) as { readonly statusCode?: number; readonly body?: object };
  if (statusCode !== undefined && body !== undefined) return { status: statusCode, body: JSON.stringify(body) };
  if (error instanceof SyntaxError) return refusal('SerializationException', error.message);
  return refusal('HistoryUnavailable', `the history failed: ${fileFailureOf(error).words}`);
}

export function refusal(type: string, message: string, status = 400): Answer {
  return { status, body: JSON.stringify({ __type: `com.amazonaws.dynamodb.v20120810#${type}`, message }) };
}

/** dynalite's own store in memory stays empty: whatever it asks of it, the files answer. */
function storeOver(database: Files): Store {
  const store = dynalite.create({ createTableMs: 0 });
  const files = rememberTables(database);
  const values = (range: object) => files.entries(range as LevelRange);
  Object.assign(store.db, {
    get: (key, callback) => answered(files.get(key), callback),
    put: (key, value, callback) => answered(files.write([{ key, value }]), callback),
    del: (key, callback) => answered(files.write([{ key, gone: true }]), callback),
    batch: (all, callback) => answered(files.write(all.map(changeOf)), callback),
    createKeyStream: (range = {}) => Readable.from(picked(values(range), 0)),
    createValueStream: (range = {}) => Readable.from(picked(values(range), 1)),
  } satisfies Store['db']);
  return store;
}

/**
 * dynalite reads the description of its table for each operation. Once the table is active the description no longer changes:
 * no operation here changes or deletes a table.
 */
function rememberTables(files: Files): Files {
  const known = new Map<string, string>();
  return {
    ...files,
    async get(key) {
      const text = known.get(key);
      if (text !== undefined) return JSON.parse(text);
      const value = await files.get(key);
      if (key.startsWith('table~') && isActive(value)) known.set(key, JSON.stringify(value));
      return value;
    },
  };
}

function isActive(description: unknown): boolean {
  return (description as { readonly TableStatus?: string } | undefined)?.TableStatus === 'ACTIVE';
}

function changeOf({ type, key, value }: { type: 'put' | 'del'; key: string; value?: unknown }): Change {
  return type === 'del' ? { key, gone: true } : { key, value };
}

async function* picked(entries: AsyncIterable<readonly [string, unknown, number]>, part: 0 | 1) {
  for await (const entry of entries) if (typeof entry[1] === 'object' && entry[1] !== null) yield entry[part];
}

/** How the request under way fails where dynalite throws in a callback, which would end the process. */
const failing = new AsyncLocalStorage<(error: unknown) => void>();

/** In a turn of its own: what the callback throws must not look like a failure of the files. */
function answered<Value>(promise: Promise<Value>, callback: Callback<Value>): void {
  const fail = failing.getStore();
  const call = (error: Error | null, value?: Value) => {
    try {
      callback(error, value);
    } catch (thrown) {
      fail?.(thrown);
    }
  };
  promise.then(
    (value) => setImmediate(call, null, value),
    (error) => setImmediate(call, error),
  );
}

function promised(start: (done: Callback<object>) => void): Promise<object> {
  return new Promise((resolve, reject) => {
    const done: Callback<object> = (error, value) => (error ? reject(error) : resolve(value ?? {}));
    failing.run(reject, start, done);
  });
}
