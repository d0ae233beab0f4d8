/** A process that database.test.ts starts: owns the folder, writes one item, and waits to be killed. */
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { localTable, openDatabase } from '../../local/database.ts';

const { client } = await openDatabase(process.argv[2] ?? '');
await dynamodbTable(client, localTable).put({ pk: 'from', sk: 'owner', n: 1 });
process.stdout.write('written\n');
