/** Sends alerts to PagerDuty as events: each incident is one alert there, under one key. */
import type { ServiceReceiver } from '../../../config/channel.ts';
import { type AlertTexts, alertTexts } from '../../words/alert-texts.ts';
import { summarizeAlert } from '../../words/first-line.ts';
import { clip } from '../../words/safe-text.ts';
import { type Answered, requestInTurn, withKey } from '../keyed-request.ts';
import { SEND_TIMEOUT, type Sender, type SentMessage } from '../sender.ts';
import type { ServicePorts } from '../service-ports.ts';
import { refusedReply, requestService, type ServiceReply } from '../service-request.ts';
import { actionOf, actionsOf, incidentKey, type PagerAction, pagerSeverity } from './incident-of-alert.ts';

type PagerDuty = Extract<ServiceReceiver, { readonly kind: 'pagerduty' }>;

/** Characters of `payload.summary`. https://developer.pagerduty.com/docs/events-api-v2/trigger-events/ */
const SUMMARY = 1024;

/** Characters of other texts. An event may have 512,000 octets; nobody reads more than this of one. */
const DETAIL = 20_000;

/** Milliseconds after which a request that exceeded the limit of the key is repeated, if PagerDuty does not say. */
const AFTER_LIMIT = 30_000;

/** @param timeout of one attempt, in milliseconds */
export function pagerdutySender(receiver: PagerDuty, ports: ServicePorts, timeout = SEND_TIMEOUT): Sender {
  return (message, signal) => {
    const sendOne = async (action: PagerAction, key: string, limit: AbortSignal) => {
      const { path, event } = pagerdutyEvent(message, ports.config, action);
      const json = { routing_key: key, ...event };
      const reply = await requestService({ url: `${receiver.url}${path}`, json }, limit);
      return 'taken' in reply ? { result: reply, isKeyRefused: false } : answerTo(reply, key);
    };
    const send = (key: string, limit: AbortSignal) =>
      requestInTurn(actionsOf(message.alert), (action) => sendOne(action, key, limit));
    return withKey(receiver.routingKey, (...asked) => ports.secret(...asked), send, signal, timeout);
  };
}

const EVENT_ACTIONS = { open: 'trigger', acknowledge: 'acknowledge', close: 'resolve' } as const satisfies Readonly<
  Record<PagerAction, string>
>;

interface PagerDutyEvent {
  readonly path: '/v2/enqueue' | '/v2/change/enqueue';
  /** Without its routing key. */
  readonly event: Readonly<Record<string, unknown>>;
}

/** A changed fact is an event of its own API: it opens nothing. */
export function pagerdutyEvent(
  message: SentMessage,
  context: ServicePorts['config'],
  action = actionOf(message.alert),
): PagerDutyEvent {
  const { alert, ...circumstances } = message;
  const texts = alertTexts(alert, context, circumstances);
  const payload = payloadOf(message, texts, context);
  if (alert.kind === 'changed') return { path: '/v2/change/enqueue', event: { payload: withoutSeverity(payload) } };
  const event = {
    event_action: EVENT_ACTIONS[action],
    dedup_key: incidentKey(context.name, alert),
    client: 'smtp-quorum',
    ...(action === 'open' ? { payload } : {}),
  };
  return { path: '/v2/enqueue', event };
}

function payloadOf({ alert, ...circumstances }: SentMessage, texts: AlertTexts, context: ServicePorts['config']) {
  const { where, what } = summarizeAlert(alert, context, circumstances);
  return {
    summary: clip(texts.default, SUMMARY),
    source: where ?? what,
    severity: pagerSeverity(alert),
    timestamp: alert.at,
    component: what,
    group: clip(context.name, 64),
    class: alert.kind,
    custom_details: { text: clip(texts.email, DETAIL), alert: clip(alert.id, 200) },
  };
}

function withoutSeverity({
  severity: _severity,
  component: _,
  group: _group,
  class: _class,
  ...change
}: ReturnType<typeof payloadOf>) {
  return change;
}

/** 202 with the status `success`. An event that is wrong gets 400, and the limit of the key 429. */
function answerTo(reply: ServiceReply, key: string): Answered {
  const { status, fields, retryAfter } = reply;
  const isTaken = status === 202 && (fields.status === undefined || fields.status === 'success');
  if (isTaken) return { result: { taken: true, answer: `HTTP ${status}` }, isKeyRefused: false };
  const errors = Array.isArray(fields.errors) ? fields.errors : [];
  const refused = refusedReply(reply, [fields.message, ...errors.slice(0, 3)], key);
  const isKeyRefused = status === 401 || status === 403 || (status === 400 && /routing.?key/i.test(refused.words));
  const after = status === 429 ? (retryAfter ?? AFTER_LIMIT) : retryAfter;
  return { result: { ...refused, retryAfter: after }, isKeyRefused };
}
