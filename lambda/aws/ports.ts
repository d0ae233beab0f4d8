import { openHistory } from '../history/history.ts';
import type { UnreadableItem } from '../history/table/unreadable.ts';
import type { Ports } from '../ports.ts';
import { portsWith } from './environment-ports.ts';
import { logJson } from './log.ts';

let ports: Promise<Ports> | undefined;

/** The ports of a handler on AWS, from its environment; made once per container, on the first event. */
export function awsPorts(): Promise<Ports> {
  ports ??= openPorts();
  return ports;
}

async function openPorts(): Promise<Ports> {
  return portsWith((table) => openHistory(table, { reportUnreadable: logUnreadable }));
}

/** The words come from the table, so they are bounded. */
export function logUnreadable({ pk, sk, why }: UnreadableItem): void {
  const [key, reason] = [`${pk} ${sk}`.slice(0, 300), why.slice(0, 300)];
  logJson({ level: 'warn', message: 'an item cannot be read, and is skipped', facts: { key, why: reason } });
}
