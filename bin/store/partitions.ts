import {
  type AttributeValue,
  type DynamoDBClient,
  ScanCommand,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';

/** Every partition key of a table. Scans the whole table, so use it only if no item lists the keys. */
export async function partitionsOf(client: DynamoDBClient, table: string): Promise<readonly string[]> {
  const found = new Set<string>();
  let start: Record<string, AttributeValue> | undefined;
  do {
    const page: ScanCommandOutput = await client.send(
      new ScanCommand({ TableName: table, ProjectionExpression: 'pk', ...(start && { ExclusiveStartKey: start }) }),
    );
    for (const { pk } of page.Items ?? []) if (pk?.S !== undefined) found.add(pk.S);
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
  return [...found];
}
