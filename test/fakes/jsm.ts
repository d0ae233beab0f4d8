/**
 * The integration events of Jira Service Management, as published:
 * https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v1/api-group-integration-events/. Requests are taken with 202
 * and worked off later, so that one for an unknown alias is taken, too. An open alert of the alias is counted, not made again.
 */
import { type JsonReply, type JsonRequest, type JsonServer, startJsonServer } from './json-server.ts';

export interface JsmAlert {
  readonly alias: string;
  readonly message: string;
  readonly priority: string;
  status: 'open' | 'closed';
  isAcknowledged: boolean;
  count: number;
  readonly notes: string[];
}

export interface FakeJsm extends JsonServer {
  readonly alerts: readonly JsmAlert[];
}

/** Requests of one key in a minute. */
export async function startJsm({
  key,
  limit = 100,
}: {
  readonly key: string;
  readonly limit?: number;
}): Promise<FakeJsm> {
  const alerts: JsmAlert[] = [];
  let count = 0;
  const replyTo = ({ method, path, headers, body }: JsonRequest): JsonReply => {
    if (headers.authorization !== `GenieKey ${key}`)
      return {
        status: 403,
        body: { message: 'You are not authorized to execute this action', took: 0.001, requestId: 'r' },
      };
    count += 1;
    if (count > limit)
      return { status: 429, headers: { 'retry-after': '20' }, body: { message: 'You are making too many requests!' } };
    const url = new URL(path, 'http://jsm.example.com');
    const [, alias, verb] = /^\/v2\/alerts(?:\/([^/]+)\/(close|acknowledge|notes))?$/.exec(url.pathname) ?? [];
    if (method !== 'POST' || !url.pathname.startsWith('/v2/alerts')) return { status: 404, body: {} };
    if (alias === undefined) return create(alerts, body);
    // Without it the alias is taken for an id, and the request ends later without effect.
    if (url.searchParams.get('identifierType') === 'alias') change(alerts, decodeURIComponent(alias), verb ?? '', body);
    return accepted();
  };
  return { ...(await startJsonServer(replyTo)), alerts };
}

function accepted(): JsonReply {
  return {
    status: 202,
    body: { result: 'Request will be processed', took: 0.1, requestId: '43a29c5c-3dbf-4fa4-9c26-f4f71023e120' },
  };
}

const MOST: Readonly<Record<string, number>> = {
  message: 130,
  alias: 512,
  description: 15_000,
  entity: 512,
  source: 100,
  note: 25_000,
};

function create(alerts: JsmAlert[], body: JsonRequest['body']): JsonReply {
  const long = Object.entries(MOST).filter(([field, most]) => String(body[field] ?? '').length > most);
  const tags = (body.tags ?? []) as readonly string[];
  if (long.length > 0 || typeof body.message !== 'string' || tags.length > 20 || tags.some((tag) => tag.length > 50))
    return {
      status: 422,
      body: {
        message: 'Request body is not processable. Please check the errors.',
        errors: { [long[0]?.[0] ?? 'tags']: 'Max length exceeded' },
      },
    };
  const open = alerts.find(({ alias, status }) => alias === body.alias && status === 'open');
  if (open !== undefined) open.count += 1;
  const { message, alias, priority, note } = body as Readonly<Record<string, string>>;
  const made = open ?? {
    alias: alias ?? '',
    message: message ?? '',
    priority: priority ?? 'P3',
    status: 'open' as const,
    isAcknowledged: false,
    count: 1,
    notes: [],
  };
  if (open === undefined) alerts.push(made);
  if (note !== undefined) made.notes.push(note);
  return accepted();
}

function change(alerts: readonly JsmAlert[], alias: string, verb: string, { note }: JsonRequest['body']): void {
  const open = alerts.find((one) => one.alias === alias && one.status === 'open');
  if (open === undefined) return;
  if (verb === 'close') open.status = 'closed';
  if (verb === 'acknowledge') open.isAcknowledged = true;
  if (typeof note === 'string') open.notes.push(note);
}
