import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type PutItemCommandInput,
  QueryCommand,
  type QueryCommandInput,
  type QueryCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { fromAttributes, toAttributes } from './attributes.ts';
import { endOfKeys } from './keys.ts';
import type { Condition, Item, Range, Table } from './table.ts';
import { type RetryOptions, retryThrottled } from './throttle-retry.ts';

export interface DynamoOptions extends Partial<RetryOptions> {
  /** Epoch milliseconds; the system's clock by default. */
  readonly now?: () => number;
  /** Called with the capacity units that each call consumed. */
  readonly meter?: (call: 'put' | 'get' | 'query', units: number) => void;
}

/** Items; DynamoDB ends a page at 1 MB anyway. */
const largestPage = 1000;

/** A table in DynamoDB: on AWS, embedded, or any other server with the same API. */
export function dynamodbTable(client: DynamoDBClient, name: string, options: DynamoOptions = {}): Table {
  const now = options.now ?? Date.now;
  const metered = options.meter === undefined ? {} : ({ ReturnConsumedCapacity: 'TOTAL' } as const);
  const meter = (call: 'put' | 'get' | 'query', used: { CapacityUnits?: number | undefined } | undefined) =>
    options.meter?.(call, used?.CapacityUnits ?? 0);
  const alive = (item: Item) => item.ttl === undefined || item.ttl * 1000 > now();

  return {
    async put(item, condition) {
      const command = new PutItemCommand({
        TableName: name,
        Item: toAttributes(item),
        ...conditionOf(condition),
        ...metered,
      });
      try {
        const { ConsumedCapacity } = await retryThrottled(() => client.send(command), options);
        meter('put', ConsumedCapacity);
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async get(pk, sk) {
      const command = new GetItemCommand({
        TableName: name,
        Key: toAttributes({ pk, sk }),
        ConsistentRead: true,
        ...metered,
      });
      const { Item: found, ConsumedCapacity } = await retryThrottled(() => client.send(command), options);
      meter('get', ConsumedCapacity);
      if (found === undefined) return null;
      const item = fromAttributes(found) as Item;
      return alive(item) ? item : null;
    },

    async query(pk, range = {}) {
      // DynamoDB refuses a lower bound above the upper one; the result is empty.
      if ((range.from ?? '') > (range.to ?? endOfKeys)) return [];
      const items: Item[] = [];
      let start: Record<string, AttributeValue> | undefined;
      let { limit } = range;
      do {
        const command: QueryCommand = new QueryCommand({
          ...queryOf(name, pk, range, { start, limit }),
          ...metered,
        });
        const page: QueryCommandOutput = await retryThrottled(() => client.send(command), options);
        meter('query', page.ConsumedCapacity);
        items.push(...(page.Items ?? []).map((found) => fromAttributes(found) as Item).filter(alive));
        start = page.LastEvaluatedKey;
        // Days of expired items may come first: with a small limit they would take many requests.
        if (limit !== undefined) limit = Math.min(largestPage, limit * 2);
      } while (start !== undefined && items.length < (range.limit ?? Number.POSITIVE_INFINITY));
      return items.slice(0, range.limit);
    },
  };
}

/** The condition as DynamoDB expects it, clause by clause. */
function conditionOf(condition: Condition | undefined): Partial<PutItemCommandInput> {
  if (condition === undefined) return {};
  if ('absent' in condition) {
    const itemIsAbsent = 'attribute_not_exists(pk)';
    return { ConditionExpression: itemIsAbsent };
  }
  if (condition.version === undefined) {
    const versionIsAbsent = 'attribute_not_exists(#version)';
    return { ConditionExpression: versionIsAbsent, ExpressionAttributeNames: { '#version': 'version' } };
  }
  const versionIsExpected = '#version = :expected';
  return {
    ConditionExpression: versionIsExpected,
    ExpressionAttributeNames: { '#version': 'version' },
    ExpressionAttributeValues: toAttributes({ ':expected': condition.version }),
  };
}

interface Page {
  readonly start: Record<string, AttributeValue> | undefined;
  readonly limit: number | undefined;
}

function queryOf(
  name: string,
  pk: string,
  { from = '', to = endOfKeys, newestFirst = false, consistent = false, keysOnly = false }: Range,
  { start, limit }: Page,
): QueryCommandInput {
  // DynamoDB refuses an empty key; a space sorts before every key of this table.
  const bounds = toAttributes({ ':pk': pk, ':from': from === '' ? ' ' : from, ':to': to });
  return {
    TableName: name,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: bounds,
    ScanIndexForward: !newestFirst,
    ConsistentRead: consistent,
    // `ttl` is a reserved word.
    ...(keysOnly ? { ProjectionExpression: 'pk, sk, #ttl', ExpressionAttributeNames: { '#ttl': 'ttl' } } : {}),
    ...(limit === undefined ? {} : { Limit: limit }),
    ...(start === undefined ? {} : { ExclusiveStartKey: start }),
  };
}
