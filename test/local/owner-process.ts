/** A process that tests start: owns the folder, writes one item, and waits to be killed. */
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { localTable, openDatabase } from '../../local/database.ts';

const { COPY_FOLDER: copyFolder } = process.env;
const { client } = await openDatabase(process.argv[2] ?? '', copyFolder ? { copyFolders: [copyFolder] } : {});
await dynamodbTable(client, localTable).put({ pk: 'from', sk: 'owner', n: 1 });
process.stdout.write('written\n');
