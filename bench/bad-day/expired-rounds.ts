/** Rounds in the embedded table whose time has passed. */
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { isoSeconds } from '../../lambda/consensus/judgement/round-name.ts';
import { dynamodbTable } from '../../lambda/history/table/dynamodb.ts';
import { localTable, openDatabase } from '../../local/database.ts';

const pk = 'round#local';
const batch = 10_000;
const day = 86_400_000;

/** Writes rounds of one target, a second apart, that expired a day ago. */
export async function addExpiredRounds(folder: string, count: number): Promise<void> {
  const end = Date.now() - 8 * day;
  const { key: sample, value } = await sampleRound(folder);
  const [place] = sample.split('/');
  await onFiles(folder, async (level) => {
    for (let from = 0; from < count; from += batch) {
      const writes = level.batch();
      for (let at = from; at < Math.min(count, from + batch); at += 1) {
        const sk = isoSeconds(end - (count - at) * 1000);
        writes.put(`${place}/${Buffer.from(sk).toString('hex')}/`, value.replaceAll(sampleName, sk));
      }
      await writes.write();
    }
    await level.compactRange('', '\uffff');
  });
}

const sampleName = '2020-01-01T00:00:00Z';

/** As the table itself stores one. */
async function sampleRound(folder: string): Promise<{ readonly key: string; readonly value: string }> {
  const database = await openDatabase(folder);
  const samples = { mx1: ['pass', 12, 3, 4, 5, 'ESMTP ready', '250 2.0.0 Ok', 'TLSv1.3', 'mx1.example.com'] };
  const ttl = Math.floor((Date.now() - day) / 1000);
  await dynamodbTable(database.client, localTable).put({ pk, sk: sampleName, packing: 1, samples, ttl });
  await database.close();
  return onFiles(folder, async (level) => {
    for await (const [key, value] of level.iterator()) if (value.includes(sampleName)) return { key, value };
    throw new Error('the sample was deleted at once');
  });
}

/** How many items have expired and are still stored. */
export async function countExpired(folder: string): Promise<number> {
  const now = Date.now() / 1000;
  let count = 0;
  await onFiles(folder, async (level) => {
    for await (const value of level.values()) {
      const ttl = /"ttl":\{"N":"(\d+)"\}/.exec(value)?.[1];
      if (ttl !== undefined && Number(ttl) <= now) count += 1;
    }
  });
  return count;
}

async function onFiles<Result>(
  folder: string,
  work: (level: ClassicLevel<string, string>) => Promise<Result>,
): Promise<Result> {
  const level = new ClassicLevel<string, string>(join(folder, 'dynamodb'));
  await level.open();
  try {
    return await work(level);
  } finally {
    await level.close();
  }
}
