/** Run by the benchmark as a process of its own, as a function on AWS would be: rolls up, and prints what it took. */

import { openHistory } from '../../lambda/history/history.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { localTable, openDatabase } from '../../local/database.ts';

const [folder = '', now = '', ...vantages] = process.argv.slice(2);
const { client, close } = await openDatabase(folder, { mode: 'read' });
const idle = process.memoryUsage().rss;
const clock = () => Number(now);
const history = openHistory(dynamodbTable(client, localTable, { now: clock }), { now: clock });

const start = performance.now();
const cpu = process.cpuUsage();
const { hours, written } = await history.rollUp({ vantages, by: 'bench', deadline: Number.POSITIVE_INFINITY });
const { user, system } = process.cpuUsage(cpu);
const taken = {
  hours: hours.length,
  written,
  seconds: (performance.now() - start) / 1000,
  cpuSeconds: (user + system) / 1e6,
  idleMb: idle / 2 ** 20,
  peakMb: process.resourceUsage().maxRSS / 1024,
};
await close();
process.stdout.write(`${JSON.stringify(taken)}\n`);
