/** Takes acknowledgements beside the monitor of one machine. */

import { linkKeys } from '../../lambda/answer/acknowledge-link.ts';
import type { MuteRequest } from '../../lambda/answer/answer-ports.ts';
import { answerRequest } from '../../lambda/answer/answer-request.ts';
import { acknowledge, findOpenIncident } from '../../lambda/answer/incidents/acknowledge.ts';
import { openIncidentStores } from '../../lambda/answer/incidents/incident-stores.ts';
import { toldIncidents } from '../../lambda/answer/incidents/told-incidents.ts';
import { muteIncident } from '../../lambda/answer/mute-incident.ts';
import { openRateLimit, REFUSALS_LOGGED } from '../../lambda/answer/rate-limit.ts';
import { needsAnswers } from '../../lambda/config/answers/answer-secrets.ts';
import type { AnswerListener } from '../../lambda/config/schema/answers/listener.ts';
import type { Table } from '../../lambda/history/table/table.ts';
import { openWindowStore } from '../../lambda/history/windows/window-store.ts';
import type { Ports } from '../../lambda/ports.ts';
import { type AnswerServer, serveAnswers } from './answer-server.ts';

export interface AnswersOptions {
  readonly ports: Pick<Ports, 'config' | 'secret' | 'log' | 'now'>;
  readonly table: Table;
  /** Called when an incident was acknowledged. */
  onAcknowledged(): void;
}

/** Null if no channel needs it, or it cannot be listened there: the watch goes on, and the log says why. */
export async function startAnswers({ ports, table, onAcknowledged }: AnswersOptions): Promise<AnswerServer | null> {
  const { config, log, secret } = ports;
  const { answers } = config;
  if (answers === undefined || !needsAnswers(config)) return null;
  await checkKey(ports);
  const stores = openIncidentStores(table);
  const windows = openWindowStore(table);
  const answering = {
    ...{ config, secret, log, now: ports.now, requests: openRateLimit(), refusals: openRateLimit(REFUSALS_LOGGED) },
    mute: (request: MuteRequest) => muteIncident(windows, request),
    toldIncidents: () => toldIncidents(table),
    findOpenIncident: (id: string) => findOpenIncident(stores, id),
    acknowledge: async (id: string, by: string, now: number) => {
      const done = await acknowledge(stores, id, by, now);
      if (done.outcome === 'acknowledged') onAcknowledged();
      return done;
    },
  };
  try {
    const url = answers.url === undefined ? {} : { url: answers.url };
    return await serveAnswers({
      listen: answers.listen,
      ...url,
      answer: (request) => answerRequest(answering, request),
    });
  } catch (error) {
    const facts = { listen: listenText(answers.listen), why: reasonOf(error as NodeJS.ErrnoException) };
    log({ level: 'warn', message: 'acknowledgements are not taken here', facts });
    return null;
  }
}

/** Mail goes without a link where there is no key. */
async function checkKey({ config, secret, log }: AnswersOptions['ports']): Promise<void> {
  const reference = config.answers?.linkKey;
  if (reference === undefined) return;
  try {
    linkKeys(await secret(reference));
  } catch (error) {
    log({
      level: 'warn',
      message: 'mail has no links to acknowledge',
      facts: { why: String((error as Error).message) },
    });
  }
}

function listenText(listen: AnswerListener): string {
  if ('socket' in listen) return listen.socket;
  return `${listen.host.includes(':') ? `[${listen.host}]` : listen.host}:${listen.port}`;
}

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is in use by another process',
  EACCES: 'it needs more rights',
  EADDRNOTAVAIL: 'it is no address of this machine',
  ENOTFOUND: 'it is no address of this machine',
  ENOENT: 'its folder does not exist',
};

function reasonOf({ code = '', message }: NodeJS.ErrnoException): string {
  return REASONS[code] ?? `it cannot be listened on (${code || message})`;
}
