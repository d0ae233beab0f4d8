/** What counting bounces costs: write units for each 1,000 events, and time. Everything is in memory. */
import { countSesEvents } from '../lambda/bounce-watch/count-ses-events.ts';
import { openMailProviders } from '../lambda/bounce-watch/mail-providers.ts';
import { openBounceHistory } from '../lambda/history/bounces/bounce-history.ts';
import { itemSize, writeUnits } from '../lambda/history/table/item-size.ts';
import type { Item, Table } from '../lambda/history/table/table.ts';
import { type SesType, sesEvent } from '../test/bounces/ses/ses-events.ts';
import { openInMemoryTable } from '../test/history/table/in-memory-table.ts';

const MINUTE = 60_000;
const START = Date.parse('2026-11-26T09:00:00Z');
/** Events of a minute; one batch each. */
const RATES = [1, 20, 200, 1_000] as const;
const HOUR = 60;

export async function run(): Promise<void> {
  const lines: string[] = ['Bounces: an hour of events of Amazon SES, in batches of a minute'];
  for (const perMinute of RATES) lines.push(await hourOf(perMinute));
  process.stdout.write(`${lines.join('\n')}\n`);
}

async function hourOf(perMinute: number): Promise<string> {
  let now = START;
  const puts: Item[] = [];
  let read = 0;
  const memory = openInMemoryTable(() => now);
  const table: Table = {
    ...memory,
    put: async (item, condition) => {
      puts.push(item);
      return memory.put(item, condition);
    },
    query: async (pk, range) => {
      const items = await memory.query(pk, range);
      read += items.reduce((sum, item) => sum + itemSize(item), 0);
      return items;
    },
  };
  const history = openBounceHistory(table, { now: () => now });
  const providers = openMailProviders(
    async (domain) => [{ exchange: `mx.${domain}`, priority: 1 }],
    () => now,
  );
  const began = process.cpuUsage();
  for (let minute = 0; minute < HOUR; minute += 1) {
    now = START + minute * MINUTE;
    await countSesEvents({ history, providers, publishEvents: async () => {} }, { Records: batch(perMinute, now) });
  }
  const { user, system } = process.cpuUsage(began);
  const counted = puts.length;
  const units = puts.reduce((sum, item) => sum + writeUnits(item), 0);
  await history.lastDay(now, 0);
  const events = perMinute * HOUR;
  const cpu = (user + system) / 1000 / events;
  return `  ${perMinute} a minute: ${counted} writes, ${units} write units (${((1000 * units) / events).toFixed(1)} for 1,000 events), ${cpu.toFixed(3)} ms of CPU an event; the judge then reads ${Math.ceil(read / 4096 / 2)} read units`;
}

/** 98 of 100 are delivered, at 20 domains. */
function batch(count: number, at: number): readonly { readonly body: string }[] {
  return Array.from({ length: count }, (_, nth) => {
    const type: SesType = nth % 50 === 49 ? 'Email Bounced' : 'Email Delivered';
    const recipients = [`person@d${nth % 20}.example.net`];
    return {
      body: JSON.stringify(sesEvent(type, { message: `m-${at}-${nth}`, at: new Date(at).toISOString(), recipients })),
    };
  });
}
