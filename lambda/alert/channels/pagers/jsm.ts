/** Sends alerts to Operations of Jira Service Management, and to Opsgenie: each incident is one alert there, by its alias. */
import type { ServiceReceiver } from '../../../config/channel.ts';
import type { Alert } from '../../../consensus/judgement/incident.ts';
import type { IncidentSeverity } from '../../../consensus/notification/severity.ts';
import { alertTexts } from '../../words/alert-texts.ts';
import { summarizeAlert } from '../../words/first-line.ts';
import { clip } from '../../words/safe-text.ts';
import { type Answered, requestInTurn, withKey } from '../keyed-request.ts';
import { SEND_TIMEOUT, type Sender, type SentMessage } from '../sender.ts';
import type { ServicePorts } from '../service-ports.ts';
import { refusedReply, requestService, type ServiceReply } from '../service-request.ts';
import { actionOf, actionsOf, incidentKey, type PagerAction, pagerSeverity } from './incident-of-alert.ts';

type Jsm = Extract<ServiceReceiver, { readonly kind: 'jsm' }>;

/**
 * Characters of each field. https://docs.opsgenie.com/docs/alerts-and-alert-fields,
 * https://developer.atlassian.com/cloud/jira/service-desk-ops/rest/v1/api-group-integration-events/
 */
const MOST = { message: 130, description: 15_000, entity: 512, source: 100, tag: 50, note: 25_000 } as const;

const PRIORITIES: Readonly<Record<IncidentSeverity, string>> = { critical: 'P1', warning: 'P3', info: 'P5' };

/** @param timeout of one attempt, in milliseconds */
export function jsmSender(receiver: Jsm, ports: ServicePorts, timeout = SEND_TIMEOUT): Sender {
  return (message, signal) => {
    const sendOne = async (action: PagerAction, key: string, limit: AbortSignal) => {
      const { path, body } = jsmRequest(message, ports.config, action);
      const headers = { authorization: `GenieKey ${key}` };
      const reply = await requestService({ url: `${receiver.url}${path}`, headers, json: body }, limit);
      return 'taken' in reply ? { result: reply, isKeyRefused: false } : answerTo(reply, key);
    };
    const send = (key: string, limit: AbortSignal) =>
      requestInTurn(actionsOf(message.alert), (action) => sendOne(action, key, limit));
    return withKey(receiver.apiKey, (...asked) => ports.secret(...asked), send, signal, timeout);
  };
}

interface JsmRequest {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export function jsmRequest(
  message: SentMessage,
  context: ServicePorts['config'],
  action = actionOf(message.alert),
): JsmRequest {
  const { alert, ...circumstances } = message;
  const { email, default: line } = alertTexts(alert, context, circumstances);
  const source = clip(`smtp-quorum ${context.name}`, MOST.source);
  const alias = incidentKey(context.name, alert);
  if (action === 'open') return { path: '/v2/alerts', body: created(message, context, { alias, source, email, line }) };
  const verb = action === 'close' ? 'close' : 'acknowledge';
  // Without it, the alias would be taken for an id: https://jira.atlassian.com/browse/JSDCLOUD-14179
  const path = `/v2/alerts/${encodeURIComponent(alias)}/${verb}?identifierType=alias`;
  return { path, body: { source, note: clip(line, MOST.note) } };
}

/** One that exists under the alias is counted once more, and gets the note. */
function created(
  { alert, ...circumstances }: SentMessage,
  context: ServicePorts['config'],
  { alias, source, email, line }: { readonly [Key in 'alias' | 'source' | 'email' | 'line']: string },
): JsmRequest['body'] {
  const { what, where } = summarizeAlert(alert, context, circumstances);
  return {
    message: clip(line, MOST.message),
    alias,
    description: clip(email, MOST.description),
    tags: tagsOf(alert, context.name),
    entity: clip(where ?? what, MOST.entity),
    source,
    priority: PRIORITIES[pagerSeverity(alert)],
    note: clip(line, MOST.note),
  };
}

/** A comma would be read as two tags. */
function tagsOf({ kind }: Alert, monitor: string): readonly string[] {
  return [...new Set(['smtp-quorum', monitor, kind])].map((tag) => clip(tag.replaceAll(',', ' '), MOST.tag));
}

/** 202 with the id of the request, because the service works it off later. */
function answerTo(reply: ServiceReply, key: string): Answered {
  const { status, fields } = reply;
  if (status === 202 && typeof fields.requestId === 'string')
    return { result: { taken: true, answer: `HTTP ${status}` }, isKeyRefused: false };
  const result = refusedReply(reply, [fields.message, ...texts(fields.errors)], key);
  const isKeyRefused = status === 401 || status === 403 || (status === 422 && /key/i.test(result.words));
  return { result, isKeyRefused };
}

function texts(errors: unknown): readonly unknown[] {
  return typeof errors === 'object' && errors !== null ? Object.values(errors).slice(0, 3) : [];
}
