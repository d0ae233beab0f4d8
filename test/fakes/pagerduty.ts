/**
 * PagerDuty's Events API v2, as published: https://developer.pagerduty.com/docs/events-api-v2/overview/. Alerts are kept by
 * routing key and dedup key. An acknowledgement or an end under another key, or of no open alert, is taken and dropped; a
 * trigger after the end opens another alert.
 */
import { type JsonReply, type JsonRequest, type JsonServer, startJsonServer } from './json-server.ts';

export interface PagerDutyAlert {
  readonly routingKey: string;
  readonly dedupKey: string;
  state: 'triggered' | 'acknowledged' | 'resolved';
  /** How often it was triggered. */
  triggers: number;
  readonly summary: string;
  severity: string;
}

export interface FakePagerDuty extends JsonServer {
  /** In the order of their beginning. */
  readonly alerts: readonly PagerDutyAlert[];
  readonly changes: readonly unknown[];
  /** Whether somebody was told, and of what: each alert once. */
  dropped: number;
}

interface Options {
  readonly keys: readonly string[];
  /** Events of one key in a minute. */
  readonly limit?: number;
}

export async function startPagerDuty({ keys, limit = 120 }: Options): Promise<FakePagerDuty> {
  const alerts: PagerDutyAlert[] = [];
  const changes: unknown[] = [];
  const counts = new Map<string, number>();
  const replyTo = ({ method, path, body }: JsonRequest): JsonReply => {
    if (method !== 'POST' || !/^\/v2\/(?:change\/)?enqueue$/.test(path)) return { status: 404, body: {} };
    const faults = path === '/v2/enqueue' ? faultsOf(body) : [];
    const key = String(body.routing_key);
    if (faults.length > 0 || !/^[A-Za-z0-9]{32}$/.test(key) || !keys.includes(key))
      return invalid(faults.length > 0 ? faults : ["'routing_key' is invalid"]);
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    if (count > limit)
      return {
        status: 429,
        body: { status: 'throttle exceeded', message: 'Requests for this service are arriving too quickly.' },
      };
    if (path !== '/v2/enqueue') changes.push(body.payload);
    else if (!take(alerts, body)) fake.dropped += 1;
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key: body.dedup_key } };
  };
  const fake: FakePagerDuty = { ...(await startJsonServer(replyTo)), alerts, changes, dropped: 0 };
  return fake;
}

function invalid(errors: readonly string[]): JsonReply {
  return { status: 400, body: { status: 'invalid event', message: 'Event object is invalid', errors } };
}

/** Whether an alert was begun or changed. */
function take(
  alerts: PagerDutyAlert[],
  { routing_key, dedup_key, event_action, payload }: JsonRequest['body'],
): boolean {
  const [routingKey, dedupKey] = [String(routing_key), String(dedup_key)];
  const open = alerts.find(
    (one) => one.routingKey === routingKey && one.dedupKey === dedupKey && one.state !== 'resolved',
  );
  if (event_action !== 'trigger') {
    if (open !== undefined) open.state = event_action === 'resolve' ? 'resolved' : 'acknowledged';
    return open !== undefined;
  }
  const { summary, severity } = payload as { summary: string; severity: string };
  if (open === undefined) alerts.push({ routingKey, dedupKey, state: 'triggered', triggers: 1, summary, severity });
  else Object.assign(open, { triggers: open.triggers + 1, severity });
  return true;
}

function faultsOf({ event_action, dedup_key, payload }: JsonRequest['body']): readonly string[] {
  const { summary, source, severity, timestamp } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const isTrigger = event_action === 'trigger';
  const isText = (value: unknown, most: number) => typeof value === 'string' && value !== '' && value.length <= most;
  return [
    ...(['trigger', 'acknowledge', 'resolve'].includes(String(event_action)) ? [] : ["'event_action' is invalid"]),
    ...(isText(dedup_key, 255) ? [] : ["Length of 'dedup_key' is incorrect (should be 255 characters or less)"]),
    ...(!isTrigger || isText(summary, 1024) ? [] : ["'payload.summary' is missing or blank, or too long"]),
    ...(!isTrigger || isText(source, 1024) ? [] : ["'payload.source' is missing or blank"]),
    ...(!isTrigger || ['critical', 'error', 'warning', 'info'].includes(String(severity))
      ? []
      : ["'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')"]),
    ...(!isTrigger || !Number.isNaN(Date.parse(String(timestamp))) ? [] : ["'payload.timestamp' is invalid"]),
  ];
}
